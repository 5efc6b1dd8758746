#include "support/history_check_model.h"

#include "base/assert.h"

#include <inttypes.h>
#include <string.h>

#define ADMIN 1000
#define STOCK 40
/* At most so long before it arrives a try is sent, and after it answered. */
#define ON_THE_WAY_US 200
#define TRIES_MAX 3

/* --- founding --------------------------------------------------------------------------------- */

static void begin_put(struct history_model *model, const char *event)
{
    past_begin(model);
    model->event_count = 1;
    fc_buf_put_fmt(&model->events, "[{\"type\":\"%s\",\"version\":1,\"data\":{", event);
}

static void end_put(struct history_model *model, const char *type, int64_t actor_id)
{
    const struct model_command command = {.type = type, .result = "{}"};

    fc_buf_put_text(&model->events, "}}");
    past_record(model, &command, (struct evidence_row){.id = past_id(model), .actor_id = actor_id});
}

static void found(struct history_model *model)
{
    for (int64_t user = 1; user <= MODEL_USERS; user++) {
        model->versions[user - 1] = 1;
        begin_put(model, "user.registered");
        fc_buf_put_fmt(&model->events, "\"user_id\":%" PRId64, user);
        end_put(model, "user.register", user);
    }
    for (int64_t product = 0; product < MODEL_PRODUCTS; product++) {
        begin_put(model, "product.put");
        fc_buf_put_fmt(&model->events, "\"product_id\":%" PRId64 ",\"options\":[", product + 1);
        for (int i = 0; i < 2; i++) {
            model->totals[product][i] = STOCK;
            fc_buf_put_fmt(&model->events,
                           "%s{\"option_id\":%" PRId64 ",\"is_new\":true,\"stock\":%d}",
                           i > 0 ? "," : "", past_option(product, i), STOCK);
        }
        fc_buf_put_text(&model->events, "]");
        end_put(model, "product.put", ADMIN);
    }
    for (int64_t template = 0; template <MODEL_TEMPLATES; template ++) {
        model->quantities[template] = 2 + template;
        begin_put(model, "template.put");
        fc_buf_put_fmt(&model->events, "\"template_id\":%" PRId64 ",\"quantity\":%" PRId64,
                       template + 1, model->quantities[template]);
        end_put(model, "template.put", ADMIN);
    }
}

/* --- what is asked ---------------------------------------------------------------------------- */

static void ask_order(struct history_model *model, struct model_command *command)
{
    command->type = "order.place";
    command->thing = chance_below(&model->chance, MODEL_PRODUCTS);
    command->transfer = chance_one_in(&model->chance, 3);
    command->quantities[0] = 1 + chance_below(&model->chance, 3);
    command->quantities[1] = chance_below(&model->chance, 3);
}

static void put_key(struct model_command *command, const char *kind, int64_t id)
{
    (void)snprintf(command->key, sizeof(command->key), "%s:%" PRId64, kind, id);
}

/* The line of an order of that product and user. */
static void put_order_key(struct model_command *command, int64_t product, int64_t user_id)
{
    put_key(command, product == 0 ? "product" : "user", product == 0 ? 1 : user_id);
}

static struct model_command ask(struct history_model *model)
{
    struct chance *chance = &model->chance;
    struct model_command command = {.user_id = 1 + chance_below(chance, MODEL_USERS)};
    int64_t kind = chance_below(chance, 10);

    if (kind < 3) {
        command.type = "wallet.charge";
        command.amount = 100 * (1 + chance_below(chance, 20)) - chance_one_in(chance, 8);
        put_key(&command, "user", command.user_id);
    } else if (kind < 5) {
        command.type = "coupon.issue";
        command.thing = chance_below(chance, MODEL_TEMPLATES);
        put_key(&command, "template", command.thing + 1);
    } else if (kind < 8 || model->order_count == 0) {
        ask_order(model, &command);
        put_order_key(&command, command.thing, command.user_id);
    } else {
        command.type = kind == 8 ? "order.cancel" : "order.change";
        command.thing = chance_below(chance, model->order_count);
        command.quantities[0] = 1 + chance_below(chance, 3);
        command.user_id = model->orders[command.thing].user_id;
        put_order_key(&command, model->orders[command.thing].product, command.user_id);
    }
    return command;
}

/* --- tries ------------------------------------------------------------------------------------ */

/* Where a line of a history goes to, and what all lines of a try have. */
struct client {
    struct history_model *model;
    int32_t file;
    struct history_line line;
};

static void put_line(struct client *client, enum history_what what, int64_t t_us)
{
    char why[256];

    client->line.what = what;
    client->line.t_us = t_us;
    if (!evidence_put_line(client->model->evidence, &client->model->files[client->file],
                           &client->line, why))
        fc_assert_failed(__FILE__, __LINE__, why);
}

static int64_t a_while(struct history_model *model)
{
    return 1 + chance_below(&model->chance, ON_THE_WAY_US);
}

static void see(struct client *client, const struct model_command *command)
{
    const char *code = command->verdict == NULL ? "" : command->verdict;

    (void)fc_str_copy(fc_str_of(code), client->line.code, sizeof(client->line.code));
    client->line.succeeded = command->verdict == NULL;
    client->line.body = fc_str_of(command->result);
    put_line(client, HISTORY_VERDICT, client->model->now_us + a_while(client->model));
    memset(client->line.code, 0, sizeof(client->line.code));
}

/* How a try may end: whether it is taken, and what its client hears of it. */
static bool make_try(struct client *client, struct model_command *command)
{
    struct history_model *model = client->model;
    struct chance *chance = &model->chance;
    int64_t fate = chance_below(chance, 20);
    bool taken = fate < 16;
    struct fc_uuid id = client->line.has_id ? client->line.id : past_id(model);
    bool by_id = client->line.has_id;

    model->now_us += a_while(model) / 2;
    put_line(client, HISTORY_SENT, model->now_us - a_while(model));
    if (taken && !(by_id && command->decided))
        past_decide(model, command, &id);
    if (fate >= 12) {
        client->line.status = 503;
        put_line(client, fate % 2 == 0 ? HISTORY_LOST : HISTORY_ANSWERED, model->now_us + 1);
        return false;
    }
    client->line.id = id;
    client->line.has_id = true;
    client->line.status = 202;
    put_line(client, HISTORY_ANSWERED, model->now_us + a_while(model));
    for (int64_t times = chance_below(chance, 3); times > 0; times--)
        see(client, command);
    client->line.has_id = by_id;
    return true;
}

static int64_t wish(struct history_model *model, struct model_command *command, int32_t file,
                    int64_t copy_of)
{
    struct client client = {.model = model, .file = file};
    struct history_line *line = &client.line;
    /* A producer of its own chooses ids itself and needs no keys. */
    bool by_id = command->idempotency_key[0] == '\0' && chance_one_in(&model->chance, 3);

    line->op = ++model->op_counts[file];
    line->user_id = command->user_id;
    line->copy_of = copy_of;
    line->amount = command->amount;
    line->has_id = by_id;
    if (by_id)
        line->id = past_id(model);
    (void)fc_str_copy(fc_str_of(command->type), line->command, sizeof(line->command));
    if (!chance_one_in(&model->chance, 3))
        (void)fc_str_copy(fc_str_of(command->key), line->key, sizeof(line->key));
    (void)fc_str_copy(fc_str_of(command->idempotency_key), line->idempotency_key,
                      sizeof(line->idempotency_key));
    for (line->attempt = 1; line->attempt <= TRIES_MAX; line->attempt++)
        if (make_try(&client, command) || (command->idempotency_key[0] == '\0' && !by_id))
            break;
    return line->op;
}

static void act(struct history_model *model)
{
    struct model_command command = ask(model);
    int32_t file = (int32_t)chance_below(&model->chance, MODEL_FILES);
    bool keyed = !chance_one_in(&model->chance, 3);
    int64_t op;

    if (keyed)
        (void)snprintf(command.idempotency_key, sizeof(command.idempotency_key), "c%d-%" PRId64,
                       (int)file, model->op_counts[file] + 1);
    op = wish(model, &command, file, 0);
    if (!keyed || !chance_one_in(&model->chance, 3))
        return;
    if (chance_one_in(&model->chance, 2))
        (void)wish(model, &command, file, op);
    else
        (void)wish(model, &command, (file + 1) % MODEL_FILES, 0);
}

/* --- the tables ------------------------------------------------------------------------------- */

static void put_orders(struct history_model *model)
{
    struct evidence *evidence = model->evidence;

    for (int64_t i = 0; i < model->order_count; i++) {
        const struct model_order *order = &model->orders[i];

        *ARRAY_ADD(evidence, order) = (struct evidence_order){
            .id = order->id,
            .user_id = order->user_id,
            .paid = order->paid,
            .from_balance = order->from_balance,
            .refunded = strcmp(order->status, "cancelled") == 0 ? order->paid : 0,
            .status = names_put(&evidence->names, fc_str_of(order->status)),
            .transfer = order->transfer,
            .was_paid = order->was_paid,
        };
        for (int k = 0; k < 2; k++)
            if (order->quantities[k] > 0)
                *ARRAY_ADD(evidence, order_line) = (struct evidence_order_line){
                    order->id, past_option(order->product, k), order->quantities[k]};
    }
}

static void put_tables(struct history_model *model)
{
    struct evidence *evidence = model->evidence;

    for (int64_t i = 0; i < MODEL_USERS; i++)
        *ARRAY_ADD(evidence, wallet) =
            (struct evidence_wallet){i + 1, model->balances[i], model->helds[i]};
    for (int64_t i = 0; i < MODEL_PRODUCTS * 2; i++)
        *ARRAY_ADD(evidence, option) =
            (struct evidence_option){past_option(i / 2, (int)(i % 2)), model->totals[i / 2][i % 2],
                                     model->reserveds[i / 2][i % 2]};
    for (int64_t i = 0; i < MODEL_TEMPLATES; i++)
        *ARRAY_ADD(evidence, template) =
            (struct evidence_template){i + 1, model->quantities[i], model->issueds[i]};
    put_orders(model);
}

/* --- the counters, in their own plain way: an order's sale as it is now, and what was cancelled */

static struct evidence_counter *counter_of(struct evidence *evidence, enum counter_kind kind,
                                           int32_t day, int64_t thing)
{
    for (int64_t i = 0; i < evidence->counter_count; i++) {
        struct evidence_counter *counter = &evidence->counters[i];

        if (counter->kind == kind && counter->day == day && counter->thing == thing)
            return counter;
    }
    *ARRAY_ADD(evidence, counter) =
        (struct evidence_counter){.kind = kind, .day = day, .thing = thing};
    return &evidence->counters[evidence->counter_count - 1];
}

static void count(const struct model_order *order, struct evidence_counter *counter, int i)
{
    int64_t quantity = 0;
    int64_t revenue = 0;

    for (int k = 0; k < 2; k++) {
        if (i >= 0 && k != i)
            continue;
        quantity += order->quantities[k];
        revenue += order->quantities[k] * past_price(order->product, k);
    }
    if (quantity == 0)
        return;
    counter->numbers[COUNTER_ORDERS]++;
    counter->numbers[COUNTER_QUANTITY] += quantity;
    counter->numbers[COUNTER_REVENUE] += revenue;
    if (strcmp(order->status, "cancelled") != 0)
        return;
    counter->numbers[COUNTER_CANCELLED_ORDERS]++;
    counter->numbers[COUNTER_CANCELLED_QUANTITY] += quantity;
    counter->numbers[COUNTER_CANCELLED_REVENUE] += revenue;
}

static void count_orders(struct history_model *model)
{
    struct evidence *evidence = model->evidence;

    for (int64_t at = 0; at < model->order_count; at++) {
        const struct model_order *order = &model->orders[at];
        int64_t category = names_put(&evidence->names, fc_str_of(past_category(order->product)));
        struct fc_day day;

        if (!order->was_paid || !fc_day_parse(fc_str_of(order->day), &day))
            continue;
        count(order, counter_of(evidence, COUNTER_PRODUCT, day.days, order->product + 1), -1);
        count(order, counter_of(evidence, COUNTER_CATEGORY, day.days, category), -1);
        count(order, counter_of(evidence, COUNTER_ALL, day.days, 0), -1);
        for (int i = 0; i < 2; i++)
            if (order->quantities[i] > 0)
                count(
                    order,
                    counter_of(evidence, COUNTER_OPTION, day.days, past_option(order->product, i)),
                    i);
    }
}

void history_model_run(struct history_model *model, uint64_t seed, int32_t ops,
                       struct evidence *evidence)
{
    static const char *const files[MODEL_FILES] = {"c0", "c1", "c2"};

    *model = (struct history_model){.evidence = evidence, .chance = {.state = seed}};
    *evidence = (struct evidence){.has_platform = true, .has_gateway = true};
    for (int i = 0; i < MODEL_FILES; i++)
        evidence_file_open(evidence, fc_str_of(files[i]), &model->files[i]);
    model->now_us = 1000;
    found(model);
    for (int32_t i = 0; i < ops; i++) {
        act(model);
        if (chance_one_in(&model->chance, 8))
            past_settle(model);
    }
    put_tables(model);
    count_orders(model);
    for (int i = 0; i < MODEL_FILES; i++)
        evidence_file_close(&model->files[i]);
}
