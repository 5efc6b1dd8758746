#include "base/assert.h"
#include "base/index.h"
#include "host/backoff.h"
#include "host/clock.h"
#include "mq/publisher.h"
#include "mq/topology.h"
#include "producer/cli/ask.h"
#include "producer/cli/commands.h"
#include "producer/cli/database.h"
#include "producer/cli/jsonl.h"
#include "producer/cli/policy_source.h"
#include "producer/cli/report.h"
#include "sql/queries.h"
#include "wire/command.h"

#include <inttypes.h>

#define COMMAND_BYTES (2 * WIRE_POLICY_BYTES_MAX)
#define WAIT_S_MAX 3600

/* A file on its way to being the policy. */
struct apply {
    const struct cli *cli;
    struct db *db;
    struct policy_source wanted;
    struct policy_source in_force;
    struct fc_uuid command_id;
    int64_t wait_s;
};

static struct fc_str canonical(const struct policy *policy, char memory[WIRE_POLICY_BYTES_MAX])
{
    struct fc_buf buf = fc_buf_of(memory, WIRE_POLICY_BYTES_MAX);

    wire_policy_put(&buf, policy);
    FC_ASSERT(!buf.overflow);
    return fc_buf_str(&buf);
}

static const struct command_key line = {COMMAND_KEY_POLICY, POLICY_KEY_ID};

static struct fc_str line_name(char memory[ROUTE_KEY_BYTES_MAX])
{
    struct fc_buf buf = fc_buf_of(memory, ROUTE_KEY_BYTES_MAX);

    wire_command_key_put(&buf, line);
    return fc_buf_str(&buf);
}

/* Any id does, as long as nobody else takes it: it is no ingress that gives it out. */
static struct fc_uuid make_id(struct fc_instant now)
{
    uint64_t chance = fc_process_chance();
    struct fc_uuid id = fc_uuid_v8(now, 0, (uint32_t)(chance & 0x3FFFFFFF));

    fc_uuid_mac_set(&id, (uint32_t)(chance >> 32));
    return id;
}

/*
 * The same document over the same version is one and the same command, however often it is sent
 * before a worker decides it: the idempotency key says so.
 */
static struct fc_str write_command(struct apply *apply, char memory[COMMAND_BYTES])
{
    char document[WIRE_POLICY_BYTES_MAX];
    char once[IDEMPOTENCY_KEY_BYTES_MAX];
    char key[ROUTE_KEY_BYTES_MAX];
    struct fc_buf once_buf = fc_buf_of(once, sizeof(once));
    struct fc_buf buf = fc_buf_of(memory, COMMAND_BYTES);
    struct fc_instant now = fc_clock_now();
    struct wire_command command = {
        .command = {.id = make_id(now),
                    .type = COMMAND_POLICY_APPLY,
                    .key = line,
                    .actor_id = CLI_ADMIN_ID,
                    .accepted_at = now},
        .key = line_name(key),
        .body = canonical(&apply->wanted.policy, document),
    };

    fc_buf_put_fmt(&once_buf, "policy-%" PRId64 "-%016" PRIx64, apply->in_force.policy.version,
                   fc_hash_str(command.body));
    command.idempotency_key = fc_buf_str(&once_buf);
    apply->command_id = command.command.id;
    wire_command_put(&buf, &command);
    FC_ASSERT(!buf.overflow);
    return fc_buf_str(&buf);
}

static enum fc_rc publish(struct apply *apply, struct fc_err *ret_err)
{
    char memory[COMMAND_BYTES];
    char queue[WIRE_QUEUE_TEXT_MAX];
    char key[ROUTE_KEY_BYTES_MAX];
    struct mq_message message = {
        .exchange = FC_STR(MQ_EXCHANGE_COMMANDS),
        .type = FC_STR("firstcome.commands.v1"),
        .body = write_command(apply, memory),
        .mandatory = true,
    };
    struct mq_publisher *publisher = NULL;
    struct mq_settings settings;
    uint64_t seq;
    enum fc_rc rc = FC_FAIL;

    wire_route_queue(wire_command_family(COMMAND_POLICY_APPLY),
                     wire_route_partition(line_name(key), apply->cli->settings.partitions), queue);
    message.routing_key = fc_str_of(queue);
    if (mq_settings_parse(fc_str_of(apply->cli->settings.broker), "firstcome policy apply",
                          &settings, ret_err) == FC_OK &&
        mq_publisher_open(&settings, &publisher, ret_err) == FC_OK &&
        mq_publisher_put(publisher, &message, &seq, ret_err) == FC_OK)
        rc = mq_publisher_wait(publisher, CONFIRM_WAIT_MS_MAX, ret_err);
    mq_publisher_close(publisher);
    return rc;
}

/* --- the verdict ------------------------------------------------------------------------------ */

/* Looks at growing intervals; *ret_decided tells whether its rows are there, as the answer to the
 * last exchange. */
static enum fc_rc await_verdict(const struct apply *apply, bool *ret_decided,
                                struct fc_err *ret_err)
{
    struct fc_mono began = fc_clock_mono();
    struct fc_backoff backoff;

    fc_backoff_init(&backoff, fc_process_chance());
    *ret_decided = false;
    for (;;) {
        _Alignas(16) char block[64];
        struct fc_arena arena;
        struct db_params params;

        fc_arena_init(&arena, block, sizeof(block));
        db_params_init(&params, &arena);
        db_param_uuid(&params, &apply->command_id);
        db_send(apply->db, &sql_policy_verdict, &params);
        if (db_exchange(apply->db, ret_err) != FC_OK)
            return FC_FAIL;
        *ret_decided = db_rows_count(db_rows(apply->db, 0)) > 0;
        if (*ret_decided || fc_process_stopping() ||
            fc_clock_ms_since(began) >= apply->wait_s * 1000)
            return FC_OK;
        cli_rest(apply->cli, fc_backoff_next_ms(&backoff));
    }
}

static int report(const struct apply *apply, bool applied, int64_t version)
{
    struct cli_report report;

    if (!cli_report_begin(&report, apply->cli->json))
        return FC_EXIT_LATER;
    cli_report_str(&report, "policy", "policy", fc_str_of(apply->wanted.title));
    cli_report_int(&report, "version", "version", version);
    cli_report_bool(&report, "applied", "applied", applied);
    if (!applied)
        cli_report_line(&report, "it is in force already");
    cli_report_end(&report);
    return FC_EXIT_OK;
}

static int tell_verdict(const struct apply *apply)
{
    const struct db_rows *rows = db_rows(apply->db, 0);
    struct cli_record record;

    if (!db_is_null(rows, 0, 2)) {
        cli_say(apply->cli, "it was set aside: " FC_STR_FMT "; see firstcome parked list",
                FC_STR_ARG(db_text(rows, 0, 2)));
        return FC_EXIT_FAILED;
    }
    if (!db_is_null(rows, 0, 0)) {
        cli_say(apply->cli, "it was refused: " FC_STR_FMT " " FC_STR_FMT,
                FC_STR_ARG(db_text(rows, 0, 0)), FC_STR_ARG(db_text(rows, 0, 1)));
        return FC_EXIT_FAILED;
    }
    cli_record_open(&record, db_text(rows, 0, 1));
    int64_t version = cli_record_int(&record, NULL, "version", 1, INT32_MAX);

    cli_record_close(&record);
    return report(apply, true, version);
}

static int run(struct apply *apply)
{
    const struct cli *cli = apply->cli;
    char wanted[WIRE_POLICY_BYTES_MAX];
    char in_force[WIRE_POLICY_BYTES_MAX];
    char id[FC_UUID_TEXT_BYTES];
    struct fc_buf id_buf = fc_buf_of(id, sizeof(id));
    struct fc_err err;
    bool decided;

    if (apply->in_force.policy.version > 0 &&
        fc_str_eq(canonical(&apply->wanted.policy, wanted),
                  canonical(&apply->in_force.policy, in_force)))
        return report(apply, false, apply->in_force.policy.version);
    if (publish(apply, &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (await_verdict(apply, &decided, &err) == FC_OK && decided)
        return tell_verdict(apply);
    fc_uuid_put(&id_buf, &apply->command_id);
    cli_say(cli,
            "command " FC_STR_FMT " is in its queue and was not decided in time: workers that "
            "run decide it, and calling this again tells what came of it",
            FC_STR_ARG(fc_buf_str(&id_buf)));
    return FC_EXIT_LATER;
}

int cli_policy_apply(struct cli *cli)
{
    struct apply apply = {.cli = cli, .wait_s = 60};
    const struct cli_option options[] = {
        {"--wait", CLI_NUMBER, &apply.wait_s, 0, WAIT_S_MAX, "SECONDS",
         "how long to wait for a worker's verdict (60)"},
    };
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit) ||
        !policy_source_file(cli, cli->arguments[0], &apply.wanted, &exit) ||
        !cli_database_open(cli, &apply.db, &exit))
        return exit;
    if (policy_source_table(cli, apply.db, 0, &apply.in_force, &exit))
        exit = run(&apply);
    db_close(apply.db);
    return exit;
}
