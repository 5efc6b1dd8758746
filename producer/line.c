#include "producer/line.h"

#include "base/assert.h"
#include "producer/answer.h"
#include "producer/ingress.h"
#include "producer/intake.h"
#include "producer/routes.h"
#include "sql/queries.h"

/* --- asking ----------------------------------------------------------------------------------- */

static void on_looked(void *arg, const struct db_rows *rows, const struct fc_err *err)
{
    struct request *request = arg;

    (void)err;
    request->busy--;
    /* Nobody waits for it any more, and nothing was promised. */
    if (request->gone)
        answer_unavailable(request->ingress, request, "The client has left.");
    else
        intake_looked(request->ingress, request, rows);
}

/* False when the database cannot be asked. */
static bool look(struct ingress *ingress, struct request *request, const struct sql_query *query,
                 const struct db_params *params)
{
    if (!database_send(&ingress->database, query, params, on_looked, request))
        return false;
    request->busy++;
    if (request->step == REQUEST_SERVING)
        http_hold(ingress->http, request, request->head.wait_s > 0);
    return true;
}

static enum line_found asked(struct ingress *ingress, struct request *request, bool sent)
{
    if (sent)
        return LINE_ASKED;
    numbers_add(&ingress->numbers, NUMBER_REFUSED_DATABASE);
    answer_unavailable(ingress, request, "The database takes no question now.");
    return LINE_ANSWERED;
}

/* --- the catalogue's: orders and restocks ----------------------------------------------------- */

/* Ids of the catalogue that an order names, or those of them that are not known. */
struct line_ids {
    int64_t *options;
    int32_t option_count;
    int64_t *products;
    int32_t product_count;
};

static bool ids_init(struct line_ids *ids, const struct order_place *order, struct fc_arena *arena)
{
    size_t count = (size_t)order->line_count;

    *ids = (struct line_ids){.options = fc_arena_take(arena, count, sizeof(int64_t)),
                             .products = fc_arena_take(arena, count, sizeof(int64_t))};
    return ids->options != NULL && ids->products != NULL;
}

/*
 * The order's first-come product, or 0; several are the smallest of them, and refused there. Ids
 * that the cache does not know are put into `unknown`, with `all` the others as well.
 */
static int64_t first_come_product(const struct catalog *catalog, const struct order_place *order,
                                  bool all, struct line_ids *unknown)
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

static bool look_for_products(struct ingress *ingress, struct request *request,
                              const struct line_ids *ids)
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
    return look(ingress, request, &sql_read_catalog_lookup, &params);
}

/* What is not known behind the look either is ordinary, or not there at all: the worker judges. So
 * it does when the database is away. */
static enum line_found find_order(struct ingress *ingress, struct request *request,
                                  struct command *command, bool may_look)
{
    const struct order_place *order = &command->body.order_place;
    struct line_ids unknown;

    if (!ids_init(&unknown, order, &ingress->scratch)) {
        answer_unavailable(ingress, request, "No memory for this order.");
        return LINE_ANSWERED;
    }
    int64_t product_id =
        first_come_product(&ingress->catalog, order, may_look && request->rerouted, &unknown);

    if (may_look && unknown.option_count + unknown.product_count > 0 &&
        look_for_products(ingress, request, &unknown))
        return LINE_ASKED;
    if (product_id != 0)
        command->key = (struct command_key){COMMAND_KEY_PRODUCT, product_id};
    return LINE_KNOWN;
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

static enum line_found read_restock(struct ingress *ingress, struct request *request,
                                    const struct db_rows *rows, struct command *command)
{
    if (db_rows_count(rows) == 0) {
        answer_problem(ingress, request, "unknown_option", "Option %lld is not known.",
                       (long long)request->path_id);
        return LINE_ANSWERED;
    }
    command->key.id = db_i64(rows, 0, 1);
    return LINE_KNOWN;
}

/* --- those of an order or a coupon ------------------------------------------------------------ */

/* The columns of read/order_key.sql and read/coupon_key.sql. */
enum column { COLUMN_KEY, COLUMN_USER_ID, COLUMN_DECIDED };

static bool look_for_key(struct ingress *ingress, struct request *request,
                         const struct sql_query *query)
{
    struct db_params params;

    db_params_init(&params, &ingress->scratch);
    db_param_uuid(&params, &request->path_uuid);
    return look(ingress, request, query, &params);
}

/* It has the id of the command that makes it: one that we gave out may be in its line still. */
static enum line_found absent(struct ingress *ingress, struct request *request, bool decided)
{
    if (decided || !fc_ticket_is_ours(&ingress->ticket, &request->path_uuid)) {
        answer_problem(ingress, request, request->route->unknown, "Nothing is known by this id.");
        return LINE_ANSWERED;
    }
    if (request->head.wait_s == 0 || request->awaited) {
        line_too_late(ingress, request);
        return LINE_ANSWERED;
    }
    request->awaited = true;
    status_wait_for_path(ingress, request);
    return LINE_ASKED;
}

static enum line_found read_key(struct ingress *ingress, struct request *request,
                                const struct db_rows *rows, struct command *command)
{
    if (db_is_null(rows, 0, COLUMN_KEY))
        return absent(ingress, request, db_bool(rows, 0, COLUMN_DECIDED));
    if (!request->admin && db_i64(rows, 0, COLUMN_USER_ID) != request->user_id) {
        answer_problem(ingress, request, "forbidden", "It is another user's.");
        return LINE_ANSWERED;
    }
    if (!wire_command_key_parse(db_text(rows, 0, COLUMN_KEY), &command->key))
        FC_UNREACHABLE("a worker wrote it");
    return LINE_KNOWN;
}

void line_too_late(struct ingress *ingress, struct request *request)
{
    answer_problem(ingress, request, request->route->unknown,
                   "The command that makes it is accepted and not decided yet: ask again.");
}

/* --- which of them ---------------------------------------------------------------------------- */

enum line_found line_find(struct ingress *ingress, struct request *request, struct command *command)
{
    struct line_ids option = {&request->path_id, 1, NULL, 0};

    switch (command->type) {
    case COMMAND_ORDER_PLACE:
        return find_order(ingress, request, command, true);
    case COMMAND_OPTION_RESTOCK:
        return asked(ingress, request, look_for_products(ingress, request, &option));
    case COMMAND_ORDER_CANCEL:
    case COMMAND_ORDER_CHANGE:
    case COMMAND_ORDER_SHIP:
        return asked(ingress, request, look_for_key(ingress, request, &sql_read_order_key));
    case COMMAND_COUPON_REVOKE:
        return asked(ingress, request, look_for_key(ingress, request, &sql_read_coupon_key));
    case COMMAND_USER_REGISTER:
    case COMMAND_WALLET_CHARGE:
    case COMMAND_COUPON_ISSUE:
    case COMMAND_COUPON_EXPIRE:
    case COMMAND_TEMPLATE_PUT:
    case COMMAND_TEMPLATE_DELETE:
    case COMMAND_ORDER_EXPIRE:
    case COMMAND_PAYMENT_SETTLE:
    case COMMAND_PRODUCT_PUT:
    case COMMAND_PRODUCT_DELETE:
    case COMMAND_POLICY_APPLY:
    case COMMAND_DAY_CLOSE:
    case COMMAND_COUNT:
        break;
    }
    return LINE_KNOWN;
}

enum line_found line_read(struct ingress *ingress, struct request *request,
                          const struct db_rows *rows, struct command *command)
{
    if (command->type == COMMAND_ORDER_PLACE) {
        if (rows != NULL)
            learn(ingress, rows, request->rerouted);
        return find_order(ingress, request, command, false);
    }
    if (rows == NULL) {
        answer_unavailable(ingress, request, "The database does not answer.");
        return LINE_ANSWERED;
    }
    if (command->type == COMMAND_OPTION_RESTOCK) {
        learn(ingress, rows, request->rerouted);
        return read_restock(ingress, request, rows, command);
    }
    return read_key(ingress, request, rows, command);
}
