#include "producer/intake.h"

#include "base/assert.h"
#include "base/index.h"
#include "producer/answer.h"
#include "producer/headers.h"
#include "producer/ingress.h"
#include "producer/line.h"
#include "producer/routes.h"

#include <string.h>

/* --- the body --------------------------------------------------------------------------------- */

static struct command_key key_of_path(const struct request *request)
{
    struct command_key key = {COMMAND_KEY_USER, request->path_id};

    switch (request->type) {
    case COMMAND_USER_REGISTER:
    case COMMAND_WALLET_CHARGE:
    case COMMAND_ORDER_PLACE:
    case COMMAND_ORDER_CANCEL:
    case COMMAND_ORDER_CHANGE:
    case COMMAND_ORDER_SHIP:
        break;
    case COMMAND_COUPON_ISSUE:
    case COMMAND_COUPON_REVOKE:
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
    case COMMAND_COUPON_EXPIRE:
    case COMMAND_ORDER_EXPIRE:
    case COMMAND_PAYMENT_SETTLE:
    case COMMAND_POLICY_APPLY:
    case COMMAND_DAY_CLOSE:
    case COMMAND_COUNT:
        FC_UNREACHABLE("no route has it");
    }
    return key;
}

/* Ids that neither the body nor the key has to name. */
static void put_path_id(const struct request *request, struct command *command)
{
    struct fc_uuid id = request->path_uuid;

    if (command->type == COMMAND_OPTION_RESTOCK)
        command->body.option_restock.option_id = request->path_id;
    else if (command->type == COMMAND_ORDER_CANCEL)
        command->body.order_cancel.order_id = id;
    else if (command->type == COMMAND_ORDER_CHANGE)
        command->body.order_change.order_id = id;
    else if (command->type == COMMAND_ORDER_SHIP)
        command->body.order_ship.order_id = id;
    else if (command->type == COMMAND_COUPON_REVOKE)
        command->body.coupon_revoke.coupon_id = id;
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

/* What the body says and the path does not: the key's id. Whom the body says that the command acts
 * for, or 0. */
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
    case COMMAND_COUPON_REVOKE:
    case COMMAND_ORDER_CANCEL:
    case COMMAND_ORDER_CHANGE:
    case COMMAND_ORDER_SHIP:
        return 0;
    case COMMAND_COUPON_EXPIRE:
    case COMMAND_ORDER_EXPIRE:
    case COMMAND_PAYMENT_SETTLE:
    case COMMAND_POLICY_APPLY:
    case COMMAND_DAY_CLOSE:
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no route has it");
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

/* The whole command but for its line (line.h); false when the request was answered. */
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
    put_path_id(request, command);
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

/* --- on its way ------------------------------------------------------------------------------- */

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

static void begin(struct ingress *ingress, struct request *request)
{
    struct wire_command wire;

    fc_arena_reset(&ingress->scratch);
    request->command_id = fc_ticket_next(&ingress->ticket, request->at);
    if (parse(ingress, request, &wire) && line_find(ingress, request, &wire.command) == LINE_KNOWN)
        send_off(ingress, request, &wire);
}

void intake_begin(struct ingress *ingress, struct request *request)
{
    request->type = request->route->type;
    begin(ingress, request);
}

void intake_looked(struct ingress *ingress, struct request *request, const struct db_rows *rows)
{
    struct wire_command wire;

    fc_arena_reset(&ingress->scratch);
    if (parse(ingress, request, &wire) &&
        line_read(ingress, request, rows, &wire.command) == LINE_KNOWN)
        send_off(ingress, request, &wire);
}

void intake_resume(struct ingress *ingress, struct request *request)
{
    FC_ASSERT(request->wait.kind == WAIT_NONE && !request->published);
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
