#include "support/sim_check.h"

#include "support/sim_world.h"

#include <inttypes.h>
#include <string.h>

#define REQUIRE(condition, ...)              \
    do {                                     \
        if (!(condition)) {                  \
            sim_violate(world, __VA_ARGS__); \
            return;                          \
        }                                    \
    } while (0)

static void check_coupons(struct sim_world *world)
{
    const struct sim_db *db = &world->db;

    for (int32_t t = 0; t < SIM_TEMPLATES; t++) {
        const struct coupon_template *template = &db->templates[t];
        int64_t issued = 0;
        int64_t positions = 0;

        if (!template->row.exists)
            continue;
        for (int32_t i = 0; i < db->coupon_count; i++) {
            const struct coupon *coupon = &db->coupons[i];

            if (coupon->template_id != template->template_id)
                continue;
            issued++;
            positions |= INT64_C(1) << coupon->position;
            for (int32_t j = 0; j < i; j++)
                REQUIRE(db->coupons[j].template_id != coupon->template_id ||
                            db->coupons[j].user_id != coupon->user_id,
                        "user %lld holds template %lld twice", (long long)coupon->user_id,
                        (long long)template->template_id);
        }
        REQUIRE(issued == template->issued, "template counts %lld, coupons are %lld",
                (long long)template->issued, (long long)issued);
        REQUIRE(issued <= template->quantity, "more coupons than there are");
        REQUIRE(positions == (INT64_C(1) << (issued + 1)) - 2, "positions have gaps");
    }
}

static bool is_live(const struct order *order)
{
    return order->status == ORDER_PAID || order->status == ORDER_PARTLY_SHIPPED ||
           order->status == ORDER_SHIPPED;
}

/* Pieces of the option in orders that are paid, or that wait for their payment. */
static int64_t pieces_in_orders(const struct sim_db *db, int64_t option_id, bool waiting)
{
    int64_t pieces = 0;

    for (int32_t i = 0; i < db->order_count; i++) {
        const struct order *order = &db->orders[i];

        if (waiting ? order->status != ORDER_PENDING_PAYMENT : !is_live(order))
            continue;
        for (int32_t k = 0; k < order->item_count; k++)
            if (order->items[k].sold.option_id == option_id)
                pieces += order->items[k].sold.quantity;
    }
    return pieces;
}

static void check_stock(struct sim_world *world)
{
    const struct sim_db *db = &world->db;

    for (int32_t i = 0; i < SIM_OPTIONS; i++) {
        const struct option *option = &db->options[i];
        int64_t sold = pieces_in_orders(db, i + 1, false);

        REQUIRE(option->reserved >= 0 && option->reserved <= option->total,
                "option %d: %lld of %lld reserved", i + 1, (long long)option->reserved,
                (long long)option->total);
        REQUIRE(option->reserved == pieces_in_orders(db, i + 1, true),
                "option %d: %lld are reserved for no order", i + 1, (long long)option->reserved);
        REQUIRE(option->total + sold == db->brought[i + 1],
                "option %d: %lld brought, %lld sold, %lld left", i + 1,
                (long long)db->brought[i + 1], (long long)sold, (long long)option->total);
    }
}

static int64_t held_for(const struct sim_db *db, int64_t user_id)
{
    int64_t held = 0;

    for (int32_t i = 0; i < db->order_count; i++)
        if (db->orders[i].status == ORDER_PENDING_PAYMENT && db->orders[i].terms.user_id == user_id)
            held += db->orders[i].terms.from_balance.won;
    return held;
}

static void check_money(struct sim_world *world)
{
    const struct sim_db *db = &world->db;
    int64_t balances = 0;
    int64_t paid = 0;

    for (int32_t i = 0; i < SIM_USERS; i++) {
        const struct wallet *wallet = &db->wallets[i];

        REQUIRE(wallet->held.won <= wallet->balance.won, "more is held than there is");
        REQUIRE(wallet->held.won == held_for(db, i + 1), "%lld held for no order",
                (long long)wallet->held.won);
        balances += wallet->balance.won;
    }
    for (int32_t i = 0; i < db->order_count; i++)
        if (is_live(&db->orders[i]))
            paid += db->orders[i].terms.paid.won;
    REQUIRE(balances + paid == db->charged + db->transferred,
            "%lld charged, %lld transferred, %lld paid, %lld left", (long long)db->charged,
            (long long)db->transferred, (long long)paid, (long long)balances);
}

/* A coupon is used exactly while an order that did not fail and was not cancelled has it. */
static void check_used(struct sim_world *world)
{
    const struct sim_db *db = &world->db;

    for (int32_t i = 0; i < db->coupon_count; i++) {
        const struct coupon *coupon = &db->coupons[i];
        int32_t orders = 0;

        for (int32_t k = 0; k < db->order_count; k++) {
            const struct order *order = &db->orders[k];

            if (order->terms.has_coupon &&
                fc_uuid_eq(&order->terms.coupon_id, &coupon->coupon_id) &&
                (is_live(order) || order->status == ORDER_PENDING_PAYMENT))
                orders++;
        }
        REQUIRE(orders == (coupon->status == COUPON_USED), "coupon %d is in %d orders", i, orders);
    }
}

void sim_check_always(struct sim_world *world)
{
    check_money(world);
    check_stock(world);
    check_coupons(world);
    check_used(world);
}

/* Nothing was decided or parked that was never sent. */
static bool was_asked(const struct sim_ingress *ingress, const struct fc_uuid *id)
{
    for (int32_t i = 0; i < ingress->asked_count; i++)
        if (fc_uuid_eq(&ingress->asked[i].id, id))
            return true;
    return false;
}

static void check_asked(struct sim_world *world)
{
    const struct sim_db *db = &world->db;

    for (int32_t i = 0; i < db->journal_count; i++)
        REQUIRE(was_asked(&world->ingress, &db->journal[i].command_id),
                "row %d of the journal was never asked", i);
}

static bool is_decided_on_shop(const struct sim_row *row)
{
    return !row->is_replay && !fc_str_eq(row->verdict, FC_STR("misrouted")) &&
           !fc_str_eq(row->verdict, FC_STR("idempotency_key_reused"));
}

/* What was accepted has one fate: a verdict, or parked, and that only if it was poison. When a copy
 * of it is answered by who has its idempotency key meanwhile, then that is its verdict. */
static void check_fates(struct sim_world *world)
{
    const struct sim_ingress *ingress = &world->ingress;

    for (int32_t i = 0; i < ingress->asked_count; i++) {
        const struct sim_asked *asked = &ingress->asked[i];
        const struct sim_row *row = sim_db_find(&world->db, &asked->id);
        bool parked = sim_db_is_parked(&world->db, &asked->id);

        REQUIRE(row != NULL || parked, "accepted command %d of key %s has no verdict", i,
                asked->key);
        REQUIRE(row == NULL || !sim_db_is_set_aside(&world->db, &asked->id),
                "command %d has a verdict and is parked", i);
        REQUIRE(!parked || sim_ingress_is_poison(ingress, &asked->id), "innocent %d is parked", i);
        REQUIRE(!asked->astray || (row != NULL && fc_str_eq(row->verdict, FC_STR("misrouted"))),
                "command %d stood in the wrong queue, and was decided", i);
        REQUIRE(!asked->poison || row == NULL || !is_decided_on_shop(row),
                "poison %d has a verdict", i);
    }
}

/* Each delivery of it kills until it is tried alone, and then it kills so often and no more. */
static void check_deaths(struct sim_world *world)
{
    const struct sim_ingress *ingress = &world->ingress;
    int32_t deaths_max = (POISON_SUSPECT_DELIVERIES + POISON_ATTEMPTS_MAX) * ingress->poison_count +
                         POISON_SUSPECT_DELIVERIES * ingress->poison_copies;

    REQUIRE(ingress->poison_deaths <= deaths_max, "%d deaths of %d poisonous commands",
            ingress->poison_deaths, ingress->poison_count);
}

/* Exactly the bytes that are no command are parked as such. */
static void check_rubbish(struct sim_world *world)
{
    const struct sim_ingress *ingress = &world->ingress;
    int32_t parked = 0;

    for (int32_t i = 0; i < world->db.parked_count; i++) {
        const struct sim_parked *row = &world->db.parked[i];
        bool sent = false;

        if (row->has_id)
            continue;
        parked++;
        for (int32_t k = 0; k < ingress->rubbish_count && !sent; k++)
            sent = fc_str_eq(ingress->rubbish[k], row->bytes);
        REQUIRE(sent, "bytes are parked that were never sent");
    }
    REQUIRE(parked == ingress->rubbish_count, "%d of %d that were no command are parked", parked,
            ingress->rubbish_count);
}

/* Where it was decided; NULL for what was parked, or never stood there: it has left the line. */
static const struct sim_row *place_in_line(const struct sim_world *world,
                                           const struct sim_asked *asked)
{
    if (asked->repeats || asked->astray || sim_db_is_parked(&world->db, &asked->id))
        return NULL;
    return sim_db_find(&world->db, &asked->id);
}

/* The last of the same line before this one, with its row; NULL when it is the first. */
static const struct sim_asked *one_before(const struct sim_world *world, int32_t at,
                                          const struct sim_row **ret_row)
{
    const struct sim_asked *asked = &world->ingress.asked[at];

    for (int32_t i = at - 1; i >= 0; i--) {
        const struct sim_asked *before = &world->ingress.asked[i];

        if (before->family != asked->family || strcmp(before->key, asked->key) != 0)
            continue;
        *ret_row = place_in_line(world, before);
        if (*ret_row != NULL)
            return before;
    }
    return NULL;
}

/* Of two commands with one key the first accepted was decided first, whatever clocks say. */
static void check_order(struct sim_world *world)
{
    for (int32_t i = 0; i < world->ingress.asked_count; i++) {
        const struct sim_asked *asked = &world->ingress.asked[i];
        const struct sim_row *row = place_in_line(world, asked);
        const struct sim_row *row_before = NULL;
        const struct sim_asked *before = row == NULL ? NULL : one_before(world, i, &row_before);

        if (before == NULL || row_before == NULL)
            continue;
        REQUIRE(row_before < row, "command %d of key %s was decided before the one before it", i,
                asked->key);
        if (row->decided_at.us < row_before->decided_at.us)
            sim_count(world, SIM_DECIDED_EARLIER);
        if (asked->accepted_us < before->accepted_us)
            sim_count(world, SIM_ACCEPTED_EARLIER);
    }
}

/* Each event of each row was told, and what the listener counts of was counted once. */
static void check_told(struct sim_world *world)
{
    const struct sim_db *db = &world->db;

    for (int32_t i = 0; i < db->journal_count; i++) {
        const struct sim_row *row = &db->journal[i];

        for (int32_t k = 0; k < row->event_count; k++) {
            struct fc_uuid id = fc_uuid_event(&row->command_id, (uint32_t)k);

            REQUIRE(sim_told_find(&world->told, &id) != NULL, "event %d of row %d was never told",
                    k, i);
        }
        REQUIRE(!row->is_replay || row->event_count == 0, "a replay has events");
    }
    REQUIRE(db->event_count == world->told.event_count, "%d events, %d told", db->event_count,
            world->told.event_count);
    for (int32_t i = 0; i <= SIM_OPTIONS; i++)
        REQUIRE(memcmp(&db->counters[i], &db->sold[i], sizeof(db->sold[i])) == 0,
                "option %d: the journal has %" PRId64 " pieces for %" PRId64 " won and %" PRId64
                " cancelled, the counters %" PRId64 ", %" PRId64 " and %" PRId64,
                i, db->sold[i].pieces, db->sold[i].won, db->sold[i].cancelled,
                db->counters[i].pieces, db->counters[i].won, db->counters[i].cancelled);
}

/* One effect a key: replays name the row that owns it and repeat its verdict. */
static void check_keys(struct sim_world *world)
{
    const struct sim_db *db = &world->db;

    for (int32_t i = 0; i < db->journal_count; i++) {
        const struct sim_row *row = &db->journal[i];

        for (int32_t j = 0; j < i && row->idempotency_key.len > 0; j++)
            REQUIRE(row->actor_id != db->journal[j].actor_id ||
                        !fc_str_eq(row->idempotency_key, db->journal[j].idempotency_key),
                    "rows %d and %d own one key", j, i);
        if (fc_str_eq(row->verdict, FC_STR("misrouted")))
            sim_count(world, SIM_MISROUTED);
        if (fc_str_eq(row->verdict, FC_STR("idempotency_key_reused")))
            sim_count(world, SIM_KEYS_REUSED);
        if (!row->is_replay)
            continue;
        const struct sim_row *first = sim_db_find(db, &row->replay_of);

        REQUIRE(first != NULL && !first->is_replay, "a replay of nothing");
        REQUIRE(fc_str_eq(row->result, first->result), "a replay with another verdict");
        sim_count(world, SIM_REPLAYS);
    }
}

void sim_check_end(struct sim_world *world)
{
    sim_check_always(world);
    check_asked(world);
    check_fates(world);
    check_deaths(world);
    check_rubbish(world);
    check_order(world);
    check_told(world);
    check_keys(world);
}
