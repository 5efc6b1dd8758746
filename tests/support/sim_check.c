#include "support/sim_check.h"

#include "base/assert.h"
#include "wire/event.h"

#include <stdio.h>
#include <string.h>

#define REQUIRE(condition, ...)                        \
    do {                                               \
        if (!(condition)) {                            \
            (void)snprintf(ret_why, 256, __VA_ARGS__); \
            return false;                              \
        }                                              \
    } while (0)

static const char id_member[] = "{\"id\":\"";

void sim_check_hear(struct sim_world *world, struct fc_str bytes)
{
    size_t head = sizeof(id_member) - 1;

    for (size_t at = 0; at + head + FC_UUID_TEXT_BYTES < bytes.len; at++) {
        struct fc_uuid id;
        int32_t known = 0;

        if (memcmp(bytes.ptr + at, id_member, head) != 0)
            continue;
        if (!fc_uuid_parse((struct fc_str){bytes.ptr + at + head, FC_UUID_TEXT_BYTES}, &id))
            continue;
        while (known < world->told_count && !fc_uuid_eq(&world->told[known].event_id, &id))
            known++;
        if (known == world->told_count) {
            FC_ASSERT(world->told_count < SIM_TOLD_MAX);
            world->told[world->told_count++] = (struct sim_told){id, 0};
        }
        world->told[known].times++;
    }
}

static bool check_coupons(const struct sim_db *db, char ret_why[256])
{
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
    return true;
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

static bool check_stock(const struct sim_db *db, char ret_why[256])
{
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
    return true;
}

static int64_t held_for(const struct sim_db *db, int64_t user_id)
{
    int64_t held = 0;

    for (int32_t i = 0; i < db->order_count; i++)
        if (db->orders[i].status == ORDER_PENDING_PAYMENT && db->orders[i].terms.user_id == user_id)
            held += db->orders[i].terms.from_balance.won;
    return held;
}

static bool check_money(const struct sim_db *db, char ret_why[256])
{
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
    return true;
}

/* A coupon is used exactly while an order that did not fail and was not cancelled has it. */
static bool check_used(const struct sim_db *db, char ret_why[256])
{
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
    return true;
}

bool sim_check_always(const struct sim_world *world, char ret_why[256])
{
    const struct sim_db *db = &world->db;

    return check_money(db, ret_why) && check_stock(db, ret_why) && check_coupons(db, ret_why) &&
           check_used(db, ret_why);
}

static int32_t place_in_journal(const struct sim_db *db, const struct fc_uuid *id)
{
    const struct sim_row *row = sim_db_find(db, id);

    return row == NULL ? -1 : (int32_t)(row - db->journal);
}

/* Of two commands with one key the first accepted was decided first. */
static bool check_order(const struct sim_world *world, char ret_why[256])
{
    for (int32_t i = 0; i < world->asked_count; i++) {
        const struct sim_asked *asked = &world->asked[i];
        int32_t place = place_in_journal(&world->db, &asked->id);

        REQUIRE(place >= 0, "accepted command %d of key %s has no verdict", i, asked->key);
        for (int32_t j = 0; j < i; j++) {
            const struct sim_asked *before = &world->asked[j];

            if (asked->repeats || before->repeats || asked->family != before->family ||
                strcmp(asked->key, before->key) != 0)
                continue;
            REQUIRE(place_in_journal(&world->db, &before->id) < place,
                    "commands %d and %d of key %s were decided in the other order", j, i,
                    asked->key);
        }
    }
    return true;
}

static bool was_told(const struct sim_world *world, const struct fc_uuid *event_id)
{
    for (int32_t i = 0; i < world->told_count; i++)
        if (fc_uuid_eq(&world->told[i].event_id, event_id))
            return true;
    return false;
}

/* Each event of each row was told; nothing was told that is not in a row. */
static bool check_told(const struct sim_world *world, char ret_why[256])
{
    int32_t events = 0;

    for (int32_t i = 0; i < world->db.journal_count; i++) {
        const struct sim_row *row = &world->db.journal[i];
        struct fc_str rest = fc_str_of(row->events);
        struct fc_str event;

        for (uint32_t index = 0; wire_events_next(&rest, &event); index++) {
            struct fc_uuid id = fc_uuid_event(&row->command_id, index);

            events++;
            REQUIRE(was_told(world, &id), "event %u of row %d was never told", index, i);
        }
        REQUIRE(!row->is_replay || row->events[0] == '\0', "a replay has events");
    }
    REQUIRE(events == world->told_count, "%d events, %d told", events, world->told_count);
    return true;
}

/* One effect a key: replays name the row that owns it and repeat its verdict. */
static bool check_keys(const struct sim_db *db, char ret_why[256])
{
    for (int32_t i = 0; i < db->journal_count; i++) {
        const struct sim_row *row = &db->journal[i];

        for (int32_t j = 0; j < i; j++) {
            const struct sim_row *other = &db->journal[j];

            REQUIRE(!fc_uuid_eq(&row->command_id, &other->command_id), "a second verdict");
            REQUIRE(row->idempotency_key == NULL || other->idempotency_key == NULL ||
                        row->actor_id != other->actor_id ||
                        strcmp(row->idempotency_key, other->idempotency_key) != 0,
                    "two rows own key %s", row->idempotency_key);
        }
        if (!row->is_replay)
            continue;
        const struct sim_row *first = sim_db_find(db, &row->replay_of);

        REQUIRE(first != NULL && !first->is_replay, "a replay of nothing");
        REQUIRE(strcmp(row->result, first->result) == 0, "a replay with another verdict");
    }
    return true;
}

bool sim_check_end(const struct sim_world *world, char ret_why[256])
{
    return check_order(world, ret_why) && check_told(world, ret_why) &&
           check_keys(&world->db, ret_why);
}
