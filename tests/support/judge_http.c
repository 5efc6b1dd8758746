#include "support/caller_route.h"
#include "support/judge.h"
#include "support/outside_ask.h"
#include "support/sender.h"

#include <inttypes.h>
#include <string.h>

#define WAIT_S 30

/* Whom the command is about; 0: nobody, or it is not known. */
static int64_t owner_of(const struct command *command)
{
    const struct fc_uuid *order_id = command_order_id(command);
    const struct naive_order *order =
        order_id != NULL ? naive_order(&judge.model.naive, order_id) : NULL;

    return order != NULL ? order->user : command_user_id(command);
}

/* Mostly somebody who may ask. */
static void put_identity(const struct command *command, struct call *call)
{
    struct chance *chance = &judge.model.chance;
    bool stranger = chance_one_in(chance, 40);
    int64_t owner = owner_of(command);

    call->admin = !stranger &&
                  (caller_route_is_admins(command->type) || owner == 0 || chance_one_in(chance, 3));
    call->user_id = call->admin ? OUTSIDE_ADMIN_ID : owner + stranger * 50;
    if (call->user_id == 0)
        call->user_id = chance_id(chance, CHANCE_USERS);
}

/* What is refused without becoming a command: the code, or NULL. */
static const char *refused_at_the_door(const struct command *command, const struct call *call,
                                       bool has_line)
{
    struct command parsed = *command;
    struct wire_faults faults;
    bool is_owner = call->admin || call->user_id == owner_of(command);

    if (caller_route_is_admins(command->type) && !call->admin)
        return "forbidden";
    wire_faults_init(&faults, &judge.arena);
    if (!wire_body_parse(call->body, &judge.arena, &parsed, &faults))
        return "invalid_request";
    if (command_user_id(command) != 0 && !is_owner)
        return "forbidden";
    if (!has_line)
        return command->type == COMMAND_OPTION_RESTOCK  ? "unknown_option"
               : command->type == COMMAND_COUPON_REVOKE ? "unknown_coupon"
                                                        : "unknown_order";
    return is_owner ? NULL : "forbidden";
}

static void call_system(const struct call *call, struct outside_asked *ret_asked)
{
    char why[OUTSIDE_WHY_BYTES];

    if (outside_ask_fails(call, ret_asked, why))
        judge_differ("%s", why);
    judge.late += ret_asked->is_late;
}

static void call_again(const struct call *call, const struct outside_asked *first)
{
    struct outside_asked asked;

    call_system(call, &asked);
    if (!asked.is_command || !asked.replayed ||
        !fc_uuid_eq(&asked.told.replay_of, &first->told.command_id) ||
        (asked.is_late == first->is_late && asked.status != first->status))
        judge_differ("its repeat is answered %d \"%s\", as %s, first it was %d", (int)asked.status,
                     asked.code, asked.replayed ? "a replay" : "no replay", (int)first->status);
    judge_replay(&first->told, &asked.told);
    (void)json_object_put(asked.document);
}

/* The key of another request: refused, and nothing is done. */
static void call_otherwise(const struct call *first)
{
    struct call call = {.method = "POST",
                        .user_id = first->user_id,
                        .admin = first->admin,
                        .body = FC_STR("{\"amount\":1234567}"),
                        .wait_s = WAIT_S};
    struct outside_asked asked;

    (void)snprintf(call.path, sizeof(call.path), "/v1/users/%" PRId64 "/charges", first->user_id);
    memcpy(call.idempotency_key, first->idempotency_key, sizeof(call.idempotency_key));
    call_system(&call, &asked);
    if (!asked.is_command || strcmp(asked.code, "idempotency_key_reused") != 0 ||
        asked.status != 422)
        judge_differ("another request with its key is answered %d \"%s\"", (int)asked.status,
                     asked.code);
    judge_keep_verdict(&asked.told);
    judge.repeated++;
    (void)json_object_put(asked.document);
}

static void repeat(const struct command *command, const struct call *call,
                   const struct outside_asked *first)
{
    struct chance *chance = &judge.model.chance;
    struct wire_command wire = {.command = *command,
                                .idempotency_key = fc_str_of(call->idempotency_key)};

    if (chance_one_in(chance, 2))
        call_again(call, first);
    if (chance_one_in(chance, 4))
        call_otherwise(call);
    wire.command.actor_id = call->user_id;
    if (chance_one_in(chance, 4) && sender_write(&wire, &judge.arena))
        judge_key_over_amqp(&wire, &first->told);
}

/* An order that nobody waited for may be refused because a product's line was another a moment
 * ago: then it is to be sent again. */
static bool is_to_be_sent_again(const struct command *command, const struct outside_asked *asked)
{
    return command->type == COMMAND_ORDER_PLACE && asked->is_late &&
           strcmp(asked->code, "misrouted") == 0;
}

void judge_over_http(struct command *command, struct call *call)
{
    struct chance *chance = &judge.model.chance;
    bool has_line = naive_key_of(&judge.model.naive, command, &command->key);
    struct outside_asked asked;

    put_identity(command, call);
    call->wait_s = chance_one_in(chance, 12) ? 0 : WAIT_S;
    if (chance_one_in(chance, 3))
        (void)snprintf(call->idempotency_key, sizeof(call->idempotency_key), "m%" PRIu64 "-%d",
                       judge.model.seed, (int)chance->command_count);
    const char *code = refused_at_the_door(command, call, has_line);

    call_system(call, &asked);
    if (is_to_be_sent_again(command, &asked)) {
        judge_keep_verdict(&asked.told);
        (void)json_object_put(asked.document);
        judge.sent_again++;
        call->wait_s = WAIT_S;
        call_system(call, &asked);
    }
    if (asked.is_command != (code == NULL) || (code != NULL && strcmp(asked.code, code) != 0))
        judge_differ("%s %s is answered %d \"%s\", by hand \"%s\" before it is a command",
                     call->method, call->path, (int)asked.status, asked.code,
                     code != NULL ? code : "nothing");
    if (code != NULL) {
        judge.at_the_door++;
        return;
    }
    judge.over_http++;
    command->id = asked.told.command_id;
    command->accepted_at = asked.told.accepted_at;
    judge_verdict(command, &asked.told);
    if (asked.code[0] == '\0' && !asked.is_late && asked.status != caller_route_status(call))
        judge_differ("%s %s is answered %d", call->method, call->path, (int)asked.status);
    if (call->idempotency_key[0] != '\0')
        repeat(command, call, &asked);
    (void)json_object_put(asked.document);
}
