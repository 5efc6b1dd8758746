#include "support/judge.h"

#include "host/clock.h"
#include "support/sender.h"

void judge_keep_alive(void)
{
    struct fc_err err;

    if (sender_beat(&err) == FC_FAIL)
        judge_differ("%s: %s", err.where, err.text);
}

static struct json_object *send_command(const struct wire_command *wire, struct told *ret_told)
{
    struct json_object *document;
    struct fc_err err;

    if (sender_ask(wire, ret_told, &document, &err) == FC_FAIL)
        judge_differ("%s: %s", err.where, err.text);
    if (ret_told->accepted_at.us != wire->command.accepted_at.us)
        judge_differ("its document says another accepted_at: %s",
                     json_object_to_json_string(document));
    return document;
}

/* The same message once more: the same command, decided when it was. */
static void send_again(const struct wire_command *wire, const struct told *first)
{
    struct told told;
    struct json_object *document = send_command(wire, &told);

    if (told.decided_at.us != first->decided_at.us)
        judge_differ("the same message twice is decided twice: %s",
                     json_object_to_json_string(document));
    judge_replay(first, &told);
    (void)json_object_put(document);
}

void judge_key_over_amqp(struct wire_command *wire, const struct told *first)
{
    struct told told;
    struct json_object *document;

    wire->command.accepted_at = fc_clock_now();
    wire->command.id = fc_uuid_named(wire->command.accepted_at, FC_STR("repeat"),
                                     (uint32_t)judge.model.chance.command_count);
    document = send_command(wire, &told);
    if (!fc_uuid_eq(&told.replay_of, &first->command_id))
        judge_differ("its repeat is none: %s", json_object_to_json_string(document));
    judge_replay(first, &told);
    (void)json_object_put(document);
}

void judge_over_amqp(struct command *command)
{
    struct chance *chance = &judge.model.chance;
    struct wire_command wire;
    struct told told;

    if (chance_one_in(chance, 2))
        command->actor_id = command_user_id(command);
    wire = (struct wire_command){.command = *command};
    if (!sender_write(&wire, &judge.arena))
        return;
    struct json_object *document = send_command(&wire, &told);

    judge.over_amqp++;
    judge_verdict(command, &told);
    if (chance_one_in(chance, 8))
        send_again(&wire, &told);
    (void)json_object_put(document);
}
