#include "support/history_check_model.h"

#include "base/assert.h"

#include <inttypes.h>
#include <string.h>

#define SETTLER 0

int64_t past_option(int64_t product, int i)
{
    return (product + 1) * 10 + i;
}

int64_t past_price(int64_t product, int i)
{
    return 100 * (product + 1) + 10 * i;
}

const char *past_category(int64_t product)
{
    return product == 0 ? "" : "kitchen";
}

struct fc_uuid past_id(struct history_model *model)
{
    struct fc_instant at = {(int64_t)(model->ids + 1) * 1000000};

    return fc_uuid_v8(at, model->ids++ % 4096, (uint32_t)chance_below(&model->chance, 1 << 30));
}

/* --- events ----------------------------------------------------------------------------------- */

void past_begin(struct history_model *model)
{
    model->events = fc_buf_of(model->text, sizeof(model->text));
    model->event_count = 0;
    model->counted_count = 0;
}

static void begin_event(struct history_model *model, const char *type, int64_t version)
{
    fc_buf_put_fmt(&model->events, "%s{\"type\":\"%s\",\"version\":%" PRId64 ",\"data\":{",
                   model->event_count++ == 0 ? "[" : ",\n", type, version);
}

static void end_event(struct history_model *model)
{
    fc_buf_put_text(&model->events, "}}");
}

static void put_id(struct history_model *model, const char *name, const struct fc_uuid *id)
{
    fc_buf_put_fmt(&model->events, "\"%s\":\"", name);
    fc_uuid_put(&model->events, id);
    fc_buf_put_text(&model->events, "\",");
}

/* Moves a wallet and tells of it. */
static void move(struct history_model *model, const char *type, int64_t user_id, int64_t amount,
                 bool from_held)
{
    int64_t at = user_id - 1;
    bool out = strcmp(type, "wallet.used") == 0;
    bool balance =
        out || strcmp(type, "wallet.charged") == 0 || strcmp(type, "wallet.refunded") == 0;

    if (amount == 0)
        return;
    model->balances[at] += balance ? (out ? -amount : amount) : 0;
    if (strcmp(type, "wallet.held") == 0)
        model->helds[at] += amount;
    else if (from_held || !balance)
        model->helds[at] -= amount;
    begin_event(model, type, ++model->versions[at]);
    fc_buf_put_fmt(&model->events,
                   "\"user_id\":%" PRId64 ",\"amount\":%" PRId64 ",\"balance\":%" PRId64 "%s",
                   user_id, amount, model->balances[at], from_held ? ",\"from_held\":true" : "");
    end_event(model);
}

static void put_lines(struct history_model *model, const char *name, int64_t product,
                      const int64_t quantities[2])
{
    bool comma = false;

    fc_buf_put_fmt(&model->events, ",\"%s\":[", name);
    for (int i = 0; i < 2; i++) {
        if (quantities[i] == 0)
            continue;
        fc_buf_put_fmt(&model->events,
                       "%s{\"option_id\":%" PRId64 ",\"product_id\":%" PRId64
                       ",\"quantity\":%" PRId64 ",\"unit_price\":%" PRId64 ",\"category\":\"%s\"}",
                       comma ? "," : "", past_option(product, i), product + 1, quantities[i],
                       past_price(product, i), past_category(product));
        comma = true;
    }
    fc_buf_put_text(&model->events, "]");
}

/* Moves stock of a product and tells of it; nothing when it is nothing. */
static void move_stock(struct history_model *model, const char *type, int64_t product,
                       const int64_t quantities[2], bool from_reserved)
{
    bool taken = strcmp(type, "stock.taken") == 0;

    if (quantities[0] == 0 && quantities[1] == 0)
        return;
    for (int i = 0; i < 2; i++) {
        int64_t quantity = quantities[i];

        if (taken || strcmp(type, "stock.returned") == 0)
            model->totals[product][i] += taken ? -quantity : quantity;
        if (strcmp(type, "stock.reserved") == 0)
            model->reserveds[product][i] += quantity;
        else if (from_reserved || strcmp(type, "stock.released") == 0)
            model->reserveds[product][i] -= quantity;
    }
    begin_event(model, type, 0);
    fc_buf_put_fmt(&model->events, "\"from_reserved\":%s", from_reserved ? "true" : "false");
    put_lines(model, "lines", product, quantities);
    end_event(model);
}

static void tell_order(struct history_model *model, const char *type, struct model_order *order,
                       const int64_t *previous)
{
    bool is_counted = strcmp(type, "order.placed") != 0 && strcmp(type, "order.failed") != 0;

    if (is_counted)
        model->counted[model->counted_count++] = model->event_count;
    begin_event(model, type, ++order->version);
    put_id(model, "order_id", &order->id);
    fc_buf_put_fmt(&model->events,
                   "\"user_id\":%" PRId64 ",\"paid\":%" PRId64 ",\"day\":\"%s\",\"payment\":",
                   order->user_id, order->paid, order->day);
    if (order->transfer)
        fc_buf_put_fmt(&model->events,
                       "{\"method\":\"bank_transfer\",\"from_balance\":%" PRId64 "}",
                       order->from_balance);
    else
        fc_buf_put_text(&model->events, "{\"method\":\"balance\"}");
    put_lines(model, "lines", order->product, order->quantities);
    if (previous != NULL)
        put_lines(model, "previous", order->product, previous);
    end_event(model);
}

/* --- decisions -------------------------------------------------------------------------------- */

static const char *charge(struct history_model *model, struct model_command *command)
{
    if (command->amount % 100 != 0)
        return "charge_not_allowed";
    move(model, "wallet.charged", command->user_id, command->amount, false);
    return NULL;
}

static const char *issue(struct history_model *model, struct model_command *command,
                         const struct fc_uuid *id)
{
    int64_t template = command->thing;
    int64_t user = command->user_id - 1;

    if (model->holds[user][template])
        return "coupon_already_issued";
    if (model->issueds[template] == model->quantities[template])
        return "coupon_sold_out";
    model->holds[user][template] = true;
    model->issueds[template]++;
    begin_event(model, "coupon.issued", 1);
    put_id(model, "coupon_id", id);
    fc_buf_put_fmt(&model->events,
                   "\"template_id\":%" PRId64 ",\"user_id\":%" PRId64 ",\"position\":%" PRId64,
                   template + 1, command->user_id, model->issueds[template]);
    end_event(model);
    *ARRAY_ADD(model->evidence, coupon) =
        (struct evidence_coupon){*id, template + 1, command->user_id, model->issueds[template]};
    return NULL;
}

static int64_t cost_of(int64_t product, const int64_t quantities[2])
{
    return quantities[0] * past_price(product, 0) + quantities[1] * past_price(product, 1);
}

static int64_t free_won(const struct history_model *model, int64_t user_id)
{
    return model->balances[user_id - 1] - model->helds[user_id - 1];
}

static bool is_there(const struct history_model *model, int64_t product,
                     const int64_t quantities[2])
{
    for (int i = 0; i < 2; i++)
        if (quantities[i] > model->totals[product][i] - model->reserveds[product][i])
            return false;
    return true;
}

static const char *place(struct history_model *model, struct model_command *command,
                         const struct fc_uuid *id)
{
    int64_t cost = cost_of(command->thing, command->quantities);
    int64_t from_balance = command->transfer ? cost / 4 : 0;
    struct model_order *order = &model->orders[model->order_count];

    FC_ASSERT(model->order_count < MODEL_ORDERS_MAX);
    if (!is_there(model, command->thing, command->quantities))
        return "insufficient_stock";
    if (free_won(model, command->user_id) < (command->transfer ? from_balance : cost))
        return "insufficient_balance";
    *order = (struct model_order){
        .id = *id,
        .user_id = command->user_id,
        .product = command->thing,
        .quantities = {command->quantities[0], command->quantities[1]},
        .paid = cost,
        .from_balance = from_balance,
        .status = command->transfer ? "pending_payment" : "paid",
        .day = model->order_count % 3 == 0 ? "2026-03-02" : "2026-03-01",
        .transfer = command->transfer,
        .was_paid = !command->transfer,
    };
    model->order_count++;
    move(model, command->transfer ? "wallet.held" : "wallet.used", order->user_id,
         command->transfer ? from_balance : cost, false);
    move_stock(model, command->transfer ? "stock.reserved" : "stock.taken", order->product,
               order->quantities, false);
    tell_order(model, command->transfer ? "order.placed" : "order.paid", order, NULL);
    return NULL;
}

static const char *cancel(struct history_model *model, struct model_command *command)
{
    struct model_order *order = &model->orders[command->thing];

    if (strcmp(order->status, "paid") != 0)
        return "order_not_cancellable";
    order->status = "cancelled";
    move(model, "wallet.refunded", order->user_id, order->paid, false);
    move_stock(model, "stock.returned", order->product, order->quantities, false);
    tell_order(model, "order.cancelled", order, NULL);
    return NULL;
}

static const char *change(struct history_model *model, struct model_command *command)
{
    struct model_order *order = &model->orders[command->thing];
    const int64_t before[2] = {order->quantities[0], order->quantities[1]};
    const int64_t *after = command->quantities;
    int64_t difference = cost_of(order->product, after) - order->paid;
    int64_t more[2];
    int64_t less[2];

    for (int i = 0; i < 2; i++) {
        more[i] = after[i] > before[i] ? after[i] - before[i] : 0;
        less[i] = before[i] > after[i] ? before[i] - after[i] : 0;
    }
    if (strcmp(order->status, "paid") != 0)
        return "order_not_changeable";
    if (!is_there(model, order->product, more))
        return "insufficient_stock";
    if (difference > free_won(model, order->user_id))
        return "insufficient_balance";
    move(model, difference > 0 ? "wallet.used" : "wallet.refunded", order->user_id,
         difference > 0 ? difference : -difference, false);
    move_stock(model, "stock.taken", order->product, more, false);
    move_stock(model, "stock.returned", order->product, less, false);
    order->quantities[0] = after[0];
    order->quantities[1] = after[1];
    order->paid += difference;
    tell_order(model, "order.changed", order, before);
    return NULL;
}

static const char *decide(struct history_model *model, struct model_command *command,
                          const struct fc_uuid *id)
{
    if (strcmp(command->type, "wallet.charge") == 0)
        return charge(model, command);
    if (strcmp(command->type, "coupon.issue") == 0)
        return issue(model, command, id);
    if (strcmp(command->type, "order.place") == 0)
        return place(model, command, id);
    if (strcmp(command->type, "order.cancel") == 0)
        return cancel(model, command);
    return change(model, command);
}

/* --- the journal ------------------------------------------------------------------------------ */

/* What is counted and what the platform is told, at once: nothing is ever late here. */
static void tell_others(struct history_model *model, const struct evidence_row *row)
{
    struct evidence *evidence = model->evidence;

    for (int32_t i = 0; i < model->counted_count; i++) {
        const struct evidence_event *event =
            &evidence->events[row->first_event + model->counted[i]];
        struct fc_uuid id = fc_uuid_event(&row->id, (uint32_t)event->place);
        const char *type = event->told == TOLD_ORDER_PAID ? "order.paid" : "order.cancelled";
        int64_t times = chance_one_in(&model->chance, 4) ? 2 : 1;

        *ARRAY_ADD(evidence, counted) = id;
        for (; times > 0 && event->told != TOLD_ORDER_CHANGED; times--)
            *ARRAY_ADD(evidence, arrival) = (struct evidence_delivery){
                .event_id = id,
                .command_id = row->id,
                .order_id = event->id,
                .at = row->decided_at,
                .version = event->version,
                .data_hash = event->data_hash,
                .type = names_put(&evidence->names, fc_str_of(type)),
            };
    }
}

void past_record(struct history_model *model, const struct model_command *command,
                 struct evidence_row row)
{
    char why[256];
    struct evidence_row_text text = {
        .type = fc_str_of(command->type),
        .key = fc_str_of(command->key),
        .verdict = fc_str_of(command->verdict),
        .result = fc_str_of(command->result),
    };

    if (!row.is_replay)
        text.idempotency_key = fc_str_of(command->idempotency_key);
    if (model->event_count > 0) {
        fc_buf_put_text(&model->events, "]");
        text.events = fc_buf_str(&model->events);
    }
    FC_ASSERT(!model->events.overflow);
    row.seq = ++model->seq;
    row.decided_at = model->seq * 1000;
    if (!evidence_put_row(model->evidence, &row, &text, why))
        fc_assert_failed(__FILE__, __LINE__, why);
    tell_others(model, &model->evidence->rows[model->evidence->row_count - 1]);
}

void past_decide(struct history_model *model, struct model_command *command,
                 const struct fc_uuid *id)
{
    struct evidence_row row = {.id = *id, .actor_id = command->user_id};
    struct fc_buf result = fc_buf_of(command->result, sizeof(command->result) - 1);

    past_begin(model);
    if (command->decided) {
        row.is_replay = true;
        row.replay_of = command->owner;
    } else {
        command->verdict = decide(model, command, id);
        memset(command->result, 0, sizeof(command->result));
        fc_buf_put_fmt(&result, "{\"code\":\"%s\",\"n\":%" PRId64 "}",
                       command->verdict == NULL ? "" : command->verdict, model->seq);
        command->decided = true;
        command->owner = *id;
    }
    past_record(model, command, row);
}

void past_settle(struct history_model *model)
{
    struct model_command command = {.type = "payment.settle", .result = "{}"};
    struct model_order *order = NULL;
    bool approved = !chance_one_in(&model->chance, 3);

    for (int64_t i = 0; i < model->order_count; i++)
        if (strcmp(model->orders[i].status, "pending_payment") == 0)
            order = &model->orders[i];
    if (order == NULL)
        return;
    past_begin(model);
    order->status = approved ? "paid" : "failed";
    order->was_paid = approved;
    move(model, approved ? "wallet.used" : "wallet.released", order->user_id, order->from_balance,
         approved);
    move_stock(model, approved ? "stock.taken" : "stock.released", order->product,
               order->quantities, approved);
    tell_order(model, approved ? "order.paid" : "order.failed", order, NULL);
    past_record(model, &command, (struct evidence_row){.id = past_id(model), .actor_id = SETTLER});
    *ARRAY_ADD(model->evidence, payment) = (struct evidence_payment){
        .order_id = order->id,
        .user_id = order->user_id,
        .amount = order->paid - order->from_balance,
        .approvals = approved,
        .status =
            names_put(&model->evidence->names, approved ? FC_STR("approved") : FC_STR("voided")),
    };
}
