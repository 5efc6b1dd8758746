#include "support/sim_replay.h"

#include "base/assert.h"
#include "core/decide.h"
#include "support/shop_text.h"
#include "support/sim_world.h"
#include "wire/event.h"

#include <string.h>

#define TEXT_BYTES (256 * 1024)

static void sell(struct sim_db *db, const struct sold_line *lines, int32_t count, int64_t sign)
{
    for (int32_t i = 0; i < count; i++) {
        struct sim_sold *sold = &db->sold[lines[i].option_id];

        sold->pieces += sign * lines[i].quantity;
        sold->won += sign * lines[i].quantity * lines[i].unit_price.won;
    }
}

static void count_sale(struct sim_db *db, const struct event *event)
{
    const struct order_terms *paid = &event->data.order_paid;
    const struct order_changed *changed = &event->data.order_changed;
    const struct order_cancelled *cancelled = &event->data.order_cancelled;

    if (event->type == EVENT_ORDER_PAID) {
        sell(db, paid->lines, paid->line_count, 1);
        if (paid->payment == PAYMENT_BANK_TRANSFER)
            db->transferred += paid->paid.won - paid->from_balance.won;
    }
    if (event->type == EVENT_ORDER_CHANGED) {
        sell(db, changed->terms.lines, changed->terms.line_count, 1);
        sell(db, changed->previous, changed->previous_count, -1);
    }
    if (event->type == EVENT_ORDER_CANCELLED)
        for (int32_t i = 0; i < cancelled->terms.line_count; i++)
            db->sold[cancelled->terms.lines[i].option_id].cancelled +=
                cancelled->terms.lines[i].quantity;
}

static void count_event(struct sim_db *db, const struct event *event)
{
    const struct product_changed *put = &event->data.product_put;

    count_sale(db, event);
    if (event->type == EVENT_WALLET_CHARGED)
        db->charged += event->data.wallet_moved.amount.won;
    if (event->type == EVENT_STOCK_RESTOCKED)
        db->brought[event->data.stock_restocked.option_id] += event->data.stock_restocked.quantity;
    if (event->type == EVENT_PRODUCT_PUT)
        for (int32_t i = 0; i < put->option_count; i++)
            db->brought[put->options[i].option_id] += put->options[i].stock;
}

void sim_replay_row(struct sim_db *db, struct sim_row *row)
{
    struct event *events;
    const char *reason;

    if (row->events.len == 0)
        return;
    if (!wire_events_parse(row->events, db->memory, &events, &row->event_count, &reason))
        FC_UNREACHABLE("what is journaled can be read");
    db->event_count += row->event_count;
    for (int32_t i = 0; i < row->event_count; i++) {
        count_event(db, &events[i]);
        shop_apply(&db->replayed, &events[i]);
    }
}

void sim_replay_compare(struct sim_world *world)
{
    static char tables_bytes[TEXT_BYTES];
    static char replayed_bytes[TEXT_BYTES];
    struct fc_buf tables = fc_buf_of(tables_bytes, TEXT_BYTES - 1);
    struct fc_buf replayed = fc_buf_of(replayed_bytes, TEXT_BYTES - 1);
    struct shop shop;
    size_t same = 0;

    shop_init(&shop, world->db.memory, SIM_COUPONS_MAX);
    sim_db_load(&world->db, &shop);
    shop_text_put(&tables, &shop);
    shop_text_put(&replayed, &world->db.replayed);
    FC_ASSERT(!tables.overflow && !replayed.overflow);
    sim_count(world, SIM_REPLAYED);
    if (fc_str_eq(fc_buf_str(&tables), fc_buf_str(&replayed)))
        return;
    while (same < tables.len && same < replayed.len && tables_bytes[same] == replayed_bytes[same])
        same++;
    tables_bytes[tables.len] = replayed_bytes[replayed.len] = '\0';
    while (same > 0 && tables_bytes[same - 1] != '\n')
        same--;
    sim_violate(world, "the tables have \"%.*s\", the replay \"%.*s\"",
                (int)strcspn(tables_bytes + same, "\n"), tables_bytes + same,
                (int)strcspn(replayed_bytes + same, "\n"), replayed_bytes + same);
}
