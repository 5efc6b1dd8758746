#include "producer/intake.h"

#include "base/assert.h"
#include "base/index.h"
#include "producer/answer.h"
#include "producer/headers.h"
#include "producer/ingress.h"
#include "producer/routes.h"
#include "sql/queries.h"

#include <string.h>

/* Ids of the catalogue that an order names, or those of them that are not known. */
struct intake_ids {
    int64_t *options;
    int32_t option_count;
    int64_t *products;
    int32_t product_count;
};

/* --- the body --------------------------------------------------------------------------------- */

static struct command_key key_of_path(const struct request *request)
{
    struct command_key key = {COMMAND_KEY_USER, request->path_id};

    switch (request->type) {
    case COMMAND_USER_REGISTER:
    case COMMAND_WALLET_CHARGE:
    case COMMAND_ORDER_PLACE:
        break;
    case COMMAND_COUPON_ISSUE:
    case COMMAND_TEMPLATE_PUT:
    case COMMAND_TEMPLATE_DELETE:
        key.kind = COMMAND_KEY_TEMPLATE;
        break;
    case COMMAND_PRODUCT_PUT:
    case COMMAND_PRODUCT_DELETE:
        key.kind = COMMAND_KEY_PRODUCT;
        break;
    case COMMAND_OPTION_RESTOCK:
        /* The path names an option; its product is not known yet. */
        key = (struct command_key){COMMAND_KEY_PRODUCT, 0};
        break;
    case COMMAND_COUNT:
        FC_UNREACHABLE("no such command");
    }
    return key;
}

/*
 * The id of a thing that the body does not name: derived from the command's, so that a redelivery
 * makes the same thing. With an idempotency key it comes of that: a repeat must name the same
 * thing, and stand in the same line behind the first.
 */
static int64_t new_id(const struct request *request)
{
    struct fc_uuid seed = request->command_id;
    struct fc_str key = {request->idempotency_key, request->idempotency_key_len};

    if (key.len > 0) {
        uint64_t a = fc_hash_pair(request->user_id, (int64_t)fc_hash_str(key));
        uint64_t b = fc_hash_pair((int64_t)a, (int64_t)key.len);

        memcpy(seed.bytes, &a, sizeof(a));
        memcpy(seed.bytes + sizeof(a), &b, sizeof(b));
    }
    return fc_id_derive(&seed, 0);
}

/* What the body says and the path does not: the key's id. Whom the command acts for, or 0. */
static int64_t complete(const struct request *request, struct command *command)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        command->key.id = command->body.user_register.user_id;
        return command->key.id;
    case COMMAND_WALLET_CHARGE:
        return command->body.wallet_charge.user_id;
    case COMMAND_COUPON_ISSUE:
        return command->body.coupon_issue.user_id;
    case COMMAND_ORDER_PLACE:
        command->key.id = command->body.order_place.user_id;
        return command->key.id;
    case COMMAND_TEMPLATE_PUT:
        if (command->body.template_put.template_id == 0)
            command->body.template_put.template_id = new_id(request);
        command->key.id = command->body.template_put.template_id;
        return 0;
    case COMMAND_PRODUCT_PUT:
        if (command->body.product_put.product_id == 0)
            command->body.product_put.product_id = new_id(request);
        command->key.id = command->body.product_put.product_id;
        return 0;
    case COMMAND_TEMPLATE_DELETE:
    case COMMAND_PRODUCT_DELETE:
    case COMMAND_OPTION_RESTOCK:
        return 0;
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

static void parse_idempotency_key(struct request *request, struct wire_faults *faults)
{
    struct fc_str key = FC_STR_NONE;
    const struct request_head *head = &request->head;

    if (head->counts[REQUEST_IDEMPOTENCY_KEY] == 0)
        return;
    if (head->counts[REQUEST_IDEMPOTENCY_KEY] > 1 ||
        !header_idempotency_key(head->values[REQUEST_IDEMPOTENCY_KEY], request->idempotency_key,
                                &key))
        wire_fault_add(faults, FC_STR(""),
                       "header Idempotency-Key: must be one string of 1 to %d visible characters",
                       IDEMPOTENCY_KEY_BYTES_MAX);
    request->idempotency_key_len = key.len;
}

/* The whole command but for where an order belongs; false when the request was answered. */
static bool parse(struct ingress *ingress, struct request *request, struct wire_command *wire)
{
    struct command *command = &wire->command;
    struct fc_str traceparent = request->head.values[REQUEST_TRACEPARENT];
    struct wire_faults faults;

    *wire = (struct wire_command){.command = {.id = request->command_id,
                                              .type = request->type,
                                              .key = key_of_path(request),
                                              .actor_id = request->user_id,
                                              .accepted_at = request->at}};
    if (request->type == COMMAND_OPTION_RESTOCK)
        command->body.option_restock.option_id = request->path_id;
    wire_faults_init(&faults, &ingress->scratch);
    parse_idempotency_key(request, &faults);
    struct fc_str body = {request->body, request->body_len};

    if (!wire_body_parse(body, &ingress->scratch, command, &faults) || faults.count > 0) {
        answer_faults(ingress, request, &faults);
        return false;
    }
    wire->idempotency_key = (struct fc_str){request->idempotency_key, request->idempotency_key_len};
    if (header_traceparent_is_valid(traceparent))
        wire->traceparent = traceparent;
    int64_t user_id = complete(request, command);

    if (user_id != 0 && user_id != request->user_id && !request->admin) {
        answer_problem(ingress, request, "forbidden", "A user may act for itself only.");
        return false;
    }
    if (request->type == COMMAND_ORDER_PLACE && command->body.order_place.has_ordered_at &&
        !request->admin) {
        answer_problem(ingress, request, "forbidden", "Only an administrator sets ordered_at.");
        return false;
    }
    return true;
}

/* --- where it belongs ------------------------------------------------------------------------- */

static bool ids_init(struct intake_ids *ids, const struct order_place *order,
                     struct fc_arena *arena)
{
    size_t count = (size_t)order->line_count;

    *ids = (struct intake_ids){.options = fc_arena_take(arena, count, sizeof(int64_t)),
                               .products = fc_arena_take(arena, count, sizeof(int64_t))};
    return ids->options != NULL && ids->products != NULL;
}

/*
 * The order's first-come product, or 0; several are the smallest of them, and refused there. Ids
 * that the cache does not know are put into `unknown`, with `all` the others as well.
 */
static int64_t first_come_product(const struct catalog *catalog, const struct order_place *order,
                                  bool all, struct intake_ids *unknown)
{
    int64_t found = 0;

    for (int32_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        bool option = line->option_id != 0;
        int64_t product_id;
        enum catalog_answer answer =
            catalog_find(catalog, option ? CATALOG_OPTION : CATALOG_PRODUCT,
                         option ? line->option_id : line->product_id, &product_id);

        if (answer == CATALOG_FIRST_COME && (found == 0 || product_id < found))
            found = product_id;
        if (answer != CATALOG_UNKNOWN && !all)
            continue;
        if (option)
            unknown->options[unknown->option_count++] = line->option_id;
        else
            unknown->products[unknown->product_count++] = line->product_id;
    }
    return found;
}

static void send_off(struct ingress *ingress, struct request *request, struct wire_command *wire)
{
    char key[ROUTE_KEY_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(key, sizeof(key));
    struct fc_buf body = fc_arena_buf_begin(&ingress->scratch);

    wire_command_key_put(&buf, wire->command.key);
    FC_ASSERT(!buf.overflow);
    wire->key = fc_buf_str(&buf);
    wire_body_put(&body, &wire->command);
    if (fc_arena_buf_end(&ingress->scratch, &body, &wire->body))
        accept_put(ingress, request, wire);
    else
        answer_unavailable(ingress, request, "No memory for this command.");
}

static void learn(struct ingress *ingress, const struct db_rows *rows, bool sure)
{
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        int64_t product_id = db_i64(rows, row, 1);

        catalog_learn_product(&ingress->catalog, product_id, db_bool(rows, row, 2), sure);
        if (!db_is_null(rows, row, 0))
            catalog_learn_option(&ingress->catalog, db_i64(rows, row, 0), product_id);
    }
}

/* After the look: what is still not known is ordinary, or not there at all; the worker judges. */
static void go_on(struct ingress *ingress, struct request *request, const struct db_rows *rows)
{
    struct wire_command wire;
    struct intake_ids ids;

    fc_arena_reset(&ingress->scratch);
    if (!parse(ingress, request, &wire))
        return;
    if (request->type == COMMAND_OPTION_RESTOCK) {
        if (rows == NULL) {
            answer_unavailable(ingress, request, "The database does not answer.");
            return;
        }
        if (db_rows_count(rows) == 0) {
            answer_problem(ingress, request, "unknown_option", "Option %lld is not known.",
                           (long long)request->path_id);
            return;
        }
        wire.command.key.id = db_i64(rows, 0, 1);
    } else if (ids_init(&ids, &wire.command.body.order_place, &ingress->scratch)) {
        int64_t product_id =
            first_come_product(&ingress->catalog, &wire.command.body.order_place, false, &ids);

        if (product_id != 0)
            wire.command.key = (struct command_key){COMMAND_KEY_PRODUCT, product_id};
    }
    send_off(ingress, request, &wire);
}

static void on_looked(void *arg, const struct db_rows *rows, const struct fc_err *err)
{
    struct request *request = arg;
    struct ingress *ingress = request->ingress;

    (void)err;
    request->busy--;
    if (rows != NULL)
        learn(ingress, rows, request->rerouted);
    /* Nobody waits for it any more, and nothing was promised. */
    if (request->gone)
        answer_unavailable(ingress, request, "The client has left.");
    else
        go_on(ingress, request, rows);
}

/* False when the database cannot be asked. */
static bool look(struct ingress *ingress, struct request *request, const struct intake_ids *ids)
{
    struct db_params params;

    db_params_init(&params, &ingress->scratch);
    db_array_begin(&params, DB_I64);
    for (int32_t i = 0; i < ids->option_count; i++)
        db_array_i64(&params, ids->options[i]);
    db_array_end(&params);
    db_array_begin(&params, DB_I64);
    for (int32_t i = 0; i < ids->product_count; i++)
        db_array_i64(&params, ids->products[i]);
    db_array_end(&params);
    if (!database_send(&ingress->database, &sql_read_catalog_lookup, &params, on_looked, request))
        return false;
    request->busy++;
    if (request->step == REQUEST_SERVING)
        http_hold(ingress->http, request, request->head.wait_s > 0);
    return true;
}

static void route_order(struct ingress *ingress, struct request *request, struct wire_command *wire)
{
    struct order_place *order = &wire->command.body.order_place;
    struct intake_ids unknown;

    if (!ids_init(&unknown, order, &ingress->scratch)) {
        answer_unavailable(ingress, request, "No memory for this order.");
        return;
    }
    int64_t product_id = first_come_product(&ingress->catalog, order, request->rerouted, &unknown);

    if (unknown.option_count + unknown.product_count > 0 && look(ingress, request, &unknown))
        return;
    if (product_id != 0)
        wire->command.key = (struct command_key){COMMAND_KEY_PRODUCT, product_id};
    send_off(ingress, request, wire);
}

static void begin(struct ingress *ingress, struct request *request)
{
    struct wire_command wire;
    struct intake_ids option = {&request->path_id, 1, NULL, 0};

    fc_arena_reset(&ingress->scratch);
    request->command_id = fc_ticket_next(&ingress->ticket, request->at);
    if (!parse(ingress, request, &wire))
        return;
    if (request->type == COMMAND_ORDER_PLACE) {
        route_order(ingress, request, &wire);
    } else if (request->type == COMMAND_OPTION_RESTOCK) {
        if (!look(ingress, request, &option))
            answer_unavailable(ingress, request, "The database is not connected.");
    } else {
        send_off(ingress, request, &wire);
    }
}

void intake_begin(struct ingress *ingress, struct request *request)
{
    request->type = request->route->type;
    begin(ingress, request);
}

void intake_again(struct ingress *ingress, struct request *request)
{
    FC_ASSERT(!request->rerouted);
    FC_ASSERT(request->wait.kind == WAIT_NONE && !request->published);
    request->rerouted = true;
    request->confirmed = false;
    numbers_add(&ingress->numbers, NUMBER_COMMANDS_REROUTED);
    begin(ingress, request);
}
