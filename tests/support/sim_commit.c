#include "support/sim_commit.h"

#include "base/assert.h"
#include "skeleton/settle.h"
#include "support/sim_check.h"
#include "support/sim_replay.h"
#include "support/sim_world.h"

static bool version_holds(const struct row_mark *mark, int64_t version_loaded, bool there,
                          int64_t version_there)
{
    if (!mark->changed)
        return true;
    return mark->loaded ? there && version_there == version_loaded : !there;
}

static bool wallets_hold(const struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->wallets.count; i++) {
        const struct wallet *wallet = shop->wallets.rows[i];
        const struct wallet *there = &db->wallets[wallet->user_id - 1];

        if (!version_holds(&wallet->row, wallet->version_loaded, there->row.exists, there->version))
            return false;
    }
    return true;
}

static bool catalog_holds(const struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->products.count; i++) {
        const struct product *product = shop->products.rows[i];
        const struct product *there = &db->products[product->product_id - 1];

        if (!version_holds(&product->row, product->version_loaded, there->row.exists,
                           there->version))
            return false;
    }
    for (int32_t i = 0; i < shop->templates.count; i++) {
        const struct coupon_template *template = shop->templates.rows[i];
        const struct coupon_template *there = &db->templates[template->template_id - 1];

        if (!version_holds(&template->row, template->version_loaded, there->row.exists,
                           there->version))
            return false;
    }
    for (int32_t i = 0; i < shop->options.count; i++) {
        const struct option *option = shop->options.rows[i];
        const struct option *there = &db->options[option->option_id - 1];

        /* The CHECK stock_is_there on sums. */
        if (option->row.loaded && (option->total_delta != 0 || option->reserved_delta != 0) &&
            there->total + option->total_delta < there->reserved + option->reserved_delta)
            return false;
        if (!option->row.loaded && there->row.exists)
            return false;
    }
    return true;
}

static struct coupon *coupon_there(struct sim_db *db, const struct fc_uuid *id)
{
    for (int32_t i = 0; i < db->coupon_count; i++)
        if (fc_uuid_eq(&db->coupons[i].coupon_id, id))
            return &db->coupons[i];
    return NULL;
}

static bool coupons_hold(struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->coupons.count; i++) {
        const struct coupon *coupon = shop->coupons.rows[i];
        const struct coupon *there = coupon_there(db, &coupon->coupon_id);

        if (!version_holds(&coupon->row, coupon->version_loaded, there != NULL,
                           there != NULL ? there->version : 0))
            return false;
    }
    return true;
}

bool sim_commit_journal_holds(const struct sim_db *db, const struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command_slot *slot = &range->slots[i];

        if (slot->state != SLOT_DECIDED)
            continue;
        if (sim_db_find(db, &slot->asked->command.id) != NULL)
            return false;
        for (int32_t r = 0; slot->owns_key && r < db->journal_count; r++) {
            const struct sim_row *row = &db->journal[r];

            if (row->actor_id == slot_key_scope(slot) &&
                fc_str_eq(row->idempotency_key, slot->asked->idempotency_key))
                return false;
        }
    }
    return true;
}

static void write_wallets(struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->wallets.count; i++) {
        const struct wallet *wallet = shop->wallets.rows[i];
        struct wallet *there = &db->wallets[wallet->user_id - 1];

        if (!wallet->row.changed)
            continue;
        *there = *wallet;
        there->row = there->user = (struct row_mark){true, true, false};
        there->version_loaded = there->version;
    }
}

static void write_products(struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->products.count; i++) {
        const struct product *product = shop->products.rows[i];
        struct product *there = &db->products[product->product_id - 1];

        if (!product->row.changed)
            continue;
        *there = *product;
        there->name = sim_db_keep(db, product->name);
        there->category = FC_STR("");
        there->row = (struct row_mark){product->row.exists, true, false};
        there->version_loaded = there->version;
    }
}

static void write_options(struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->options.count; i++) {
        const struct option *option = shop->options.rows[i];
        struct option *there = &db->options[option->option_id - 1];

        if (!option->row.loaded) {
            if (!option->row.exists)
                continue;
            *there = *option;
            there->name = sim_db_keep(db, option->name);
        } else {
            if (option->row.changed)
                there->name = sim_db_keep(db, option->name);
            there->surcharge = option->surcharge;
            there->total += option->total_delta;
            there->reserved += option->reserved_delta;
            there->ordered = there->ordered || option->ordered;
        }
        there->row = (struct row_mark){option->row.exists, true, false};
        there->total_delta = there->reserved_delta = 0;
        there->ordered_changed = false;
    }
}

static void write_coupons(struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->templates.count; i++) {
        const struct coupon_template *template = shop->templates.rows[i];
        struct coupon_template *there = &db->templates[template->template_id - 1];

        if (!template->row.changed)
            continue;
        *there = *template;
        there->name = sim_db_keep(db, template->name);
        there->row = (struct row_mark){template->row.exists, true, false};
        there->version_loaded = there->version;
    }
    for (int32_t i = 0; i < shop->coupons.count; i++) {
        const struct coupon *coupon = shop->coupons.rows[i];
        struct coupon *there = coupon_there(db, &coupon->coupon_id);

        if (!coupon->row.changed)
            continue;
        if (there == NULL) {
            FC_ASSERT(db->coupon_count < SIM_COUPONS_MAX);
            there = &db->coupons[db->coupon_count++];
        }
        *there = *coupon;
        there->row = (struct row_mark){true, true, false};
        there->version_loaded = there->version;
    }
}

static struct order *order_there(struct sim_db *db, const struct fc_uuid *id)
{
    for (int32_t i = 0; i < db->order_count; i++)
        if (fc_uuid_eq(&db->orders[i].terms.order_id, id))
            return &db->orders[i];
    return NULL;
}

static bool orders_hold(struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->orders.count; i++) {
        const struct order *order = shop->orders.rows[i];
        const struct order *there = order_there(db, &order->terms.order_id);

        if (!version_holds(&order->row, order->version_loaded, there != NULL,
                           there != NULL ? there->version : 0))
            return false;
    }
    return true;
}

static void write_orders(struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->orders.count; i++) {
        const struct order *order = shop->orders.rows[i];
        struct order *there = order_there(db, &order->terms.order_id);

        if (!order->row.changed)
            continue;
        if (there == NULL) {
            FC_ASSERT(db->order_count < SIM_ORDERS_MAX);
            there = &db->orders[db->order_count++];
        }
        *there = *order;
        there->items = fc_arena_take(db->memory, (size_t)order->item_count, sizeof(*there->items));
        FC_ASSERT(there->items != NULL);
        for (int32_t k = 0; k < order->item_count; k++) {
            there->items[k] = order->items[k];
            there->items[k].sold.category = FC_STR("");
        }
        there->row = (struct row_mark){true, true, false};
        there->items_changed = false;
        there->version_loaded = there->version;
    }
}

static void write_row(struct sim_db *db, const struct command_slot *slot)
{
    struct sim_row *row = sim_db_put(db, &slot->asked->command.id);

    (void)fc_str_copy(slot->asked->key, row->key, sizeof(row->key));
    row->actor_id = slot_key_scope(slot);
    if (slot->owns_key)
        row->idempotency_key = sim_db_keep(db, slot->asked->idempotency_key);
    row->type = fc_str_of(wire_command_type_name(slot->asked->command.type));
    row->body = sim_db_keep(db, slot->asked->body);
    row->verdict = sim_db_keep(db, slot->verdict);
    row->result = sim_db_keep(db, slot->result);
    row->events = sim_db_keep(db, slot->events);
    row->decided_at = slot->decided_at;
    row->is_replay = slot->is_replay;
    row->replay_of = slot->replay_of;
    for (int32_t i = 0; i < db->parked_count; i++)
        if (db->parked[i].has_id && fc_uuid_eq(&db->parked[i].id, &row->command_id))
            db->parked[i].decided = true;
    sim_replay_row(db, row);
}

/* The same bytes stand once, however often they are delivered. */
static void park(struct sim_world *world, const struct sim_parked *parked)
{
    struct sim_db *db = &world->db;

    for (int32_t i = 0; i < db->parked_count; i++)
        if (db->parked[i].has_id == parked->has_id && !db->parked[i].decided &&
            fc_uuid_eq(&db->parked[i].id, &parked->id) &&
            fc_str_eq(db->parked[i].bytes, parked->bytes))
            return;
    FC_ASSERT(db->parked_count < SIM_PARKED_MAX);
    db->parked[db->parked_count++] =
        (struct sim_parked){parked->has_id, false, parked->id, sim_db_keep(db, parked->bytes)};
    sim_count(world, parked->has_id ? SIM_POISON_PARKED : SIM_RUBBISH_PARKED);
}

static void write_slots(struct sim_world *world, const struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command_slot *slot = &range->slots[i];

        switch (slot->state) {
        case SLOT_DECIDED:
            write_row(&world->db, slot);
            sim_count(world, slot->verdict.len == 0 ? SIM_SUCCEEDED : SIM_REFUSED);
            break;
        case SLOT_PARKED:
            park(world, &(struct sim_parked){true, false, slot->asked->command.id, FC_STR_NONE});
            break;
        case SLOT_RECALLED:
        case SLOT_SAME:
            sim_count(world, SIM_RECALLED);
            break;
        case SLOT_OPEN:
            FC_UNREACHABLE("an open slot at the commit");
        }
    }
    for (int32_t i = 0; i < range->reject_count; i++)
        park(world, &(struct sim_parked){false, false, {{0}}, range->rejects[i].reject->bytes});
}

void sim_commit_check_lease(struct sim_worker *worker, int32_t partition)
{
    if (!sim_lease_holds(&worker->world->db.leases, worker->session.id, partition))
        sim_violate(worker->world, "worker %d commits for partition %d, which it does not hold",
                    worker->at, partition);
}

bool sim_commit(struct sim_worker *worker, const struct shop *shop,
                const struct command_range *range)
{
    struct sim_world *world = worker->world;
    struct sim_db *db = &world->db;

    if (!sim_commit_journal_holds(db, range) || !wallets_hold(db, shop) ||
        !catalog_holds(db, shop) || !coupons_hold(db, shop) || !orders_hold(db, shop))
        return false;
    for (int32_t i = 0; i < range->slot_count; i++)
        sim_commit_check_lease(worker, range->slots[i].partition);
    write_wallets(db, shop);
    write_products(db, shop);
    write_options(db, shop);
    write_coupons(db, shop);
    write_orders(db, shop);
    write_slots(world, range);
    if (range->careful && range->slots[0].state != SLOT_PARKED)
        sim_db_attempt_clear(db, &range->slots[0].asked->command.id);
    sim_check_always(world);
    return true;
}
