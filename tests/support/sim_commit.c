#include "support/sim_commit.h"

#include "base/assert.h"
#include "skeleton/settle.h"
#include "wire/event.h"

#include <stdlib.h>
#include <string.h>

static char *copy_text(struct fc_str text)
{
    char *copy = malloc(text.len + 1); /* heap: the simulated database's own */

    FC_ASSERT(copy != NULL);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

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
        if (option->row.loaded && option->total_delta != 0 &&
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

/* The primary key, and the unique index on actor and idempotency key. */
static bool journal_holds(const struct sim_db *db, const struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command_slot *slot = &range->slots[i];

        if (slot->state != SLOT_DECIDED)
            continue;
        for (int32_t r = 0; r < db->journal_count; r++) {
            const struct sim_row *row = &db->journal[r];

            if (fc_uuid_eq(&row->command_id, &slot->asked->command.id))
                return false;
            if (slot->owns_key && row->idempotency_key != NULL &&
                row->actor_id == slot_key_scope(slot) &&
                fc_str_eq(fc_str_of(row->idempotency_key), slot->asked->idempotency_key))
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

/* Names outlive the batch: the database keeps copies. */
static struct fc_str rename_kept(struct fc_str old, struct fc_str name)
{
    char *copy = copy_text(name);

    free((void *)(uintptr_t)old.ptr);
    return fc_str_of(copy);
}

static void write_products(struct sim_db *db, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->products.count; i++) {
        const struct product *product = shop->products.rows[i];
        struct product *there = &db->products[product->product_id - 1];
        struct fc_str old = there->name;

        if (!product->row.changed)
            continue;
        *there = *product;
        there->name = rename_kept(old, product->name);
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
            there->name = rename_kept(FC_STR_NONE, option->name);
        } else {
            if (option->row.changed)
                there->name = rename_kept(there->name, option->name);
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
        struct fc_str old = there->name;

        if (!template->row.changed)
            continue;
        *there = *template;
        there->name = rename_kept(old, template->name);
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
        free(there->items);
        *there = *order;
        /* heap: the simulated database's own */
        there->items = malloc((size_t)order->item_count * sizeof(*there->items));
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

/* What an event brings in from outside. */
static void count_event(struct sim_db *db, const struct event *event)
{
    const struct product_changed *put = &event->data.product_put;
    const struct order_terms *terms = &event->data.order_paid;

    if (event->type == EVENT_WALLET_CHARGED)
        db->charged += event->data.wallet_moved.amount.won;
    if (event->type == EVENT_STOCK_RESTOCKED)
        db->brought[event->data.stock_restocked.option_id] += event->data.stock_restocked.quantity;
    if (event->type == EVENT_ORDER_PAID && terms->payment == PAYMENT_BANK_TRANSFER)
        db->transferred += terms->paid.won - terms->from_balance.won;
    if (event->type != EVENT_PRODUCT_PUT)
        return;
    for (int32_t i = 0; i < put->option_count; i++)
        db->brought[put->options[i].option_id] += put->options[i].stock;
}

static void count_events(struct sim_db *db, const struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command_slot *slot = &range->slots[i];
        struct event *events;
        const char *reason;
        int32_t count;

        if (slot->state != SLOT_DECIDED || slot->events.len == 0 || slot->is_replay)
            continue;
        if (!wire_events_parse(slot->events, range->arena, &events, &count, &reason))
            FC_UNREACHABLE("what is journaled can be read");
        for (int32_t k = 0; k < count; k++)
            count_event(db, &events[k]);
    }
}

static void write_journal(struct sim_db *db, const struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command_slot *slot = &range->slots[i];

        if (slot->state != SLOT_DECIDED)
            continue;
        FC_ASSERT(db->journal_count < SIM_JOURNAL_MAX);
        struct sim_row *row = &db->journal[db->journal_count++];

        row->command_id = slot->asked->command.id;
        (void)fc_str_copy(slot->asked->key, row->key, sizeof(row->key));
        row->actor_id = slot_key_scope(slot);
        row->idempotency_key = slot->owns_key ? copy_text(slot->asked->idempotency_key) : NULL;
        row->type = copy_text(fc_str_of(wire_command_type_name(slot->asked->command.type)));
        row->body = copy_text(slot->asked->body);
        row->verdict = copy_text(slot->verdict);
        row->result = copy_text(slot->result);
        row->events = copy_text(slot->events);
        row->decided_at = slot->decided_at;
        row->is_replay = slot->is_replay;
        row->replay_of = slot->replay_of;
    }
}

bool sim_commit(struct sim_db *db, const struct shop *shop, const struct command_range *range)
{
    if (!wallets_hold(db, shop) || !catalog_holds(db, shop) || !coupons_hold(db, shop) ||
        !orders_hold(db, shop) || !journal_holds(db, range))
        return false;
    write_wallets(db, shop);
    write_products(db, shop);
    write_options(db, shop);
    write_coupons(db, shop);
    write_orders(db, shop);
    count_events(db, range);
    write_journal(db, range);
    db->parked += range->reject_count;
    return true;
}
