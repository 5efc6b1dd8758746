#include "mq/publisher.h"
#include "producer/cli/commands.h"
#include "producer/cli/database.h"
#include "producer/cli/report.h"
#include "sql/queries.h"

#include <string.h>

#define ARENA_BYTES 65536
/* The broker binds every queue to its default exchange by its name: also those of events. */
#define EXCHANGE ""

/*
 * One transaction: the row's lock, the message with its confirm, the mark, the commit. Whatever
 * dies in between, the bytes are in the queue, or still set aside, or both: never neither. Both
 * means that they are done again, which the workers recognise.
 */
struct requeue {
    const struct cli *cli;
    struct db *db;
    struct fc_arena arena;
    int64_t id;
    struct fc_str queue;
    struct fc_str bytes;
    bool has_command;
    struct fc_uuid command_id;
};

static void send_id(struct requeue *requeue, const struct sql_query *query, const char *resolution)
{
    struct db_params params;

    db_params_init(&params, &requeue->arena);
    db_param_i64(&params, requeue->id);
    if (resolution != NULL)
        db_param_text(&params, fc_str_of(resolution));
    db_send(requeue->db, query, &params);
}

/* Takes the row's lock and a copy of its bytes. */
static enum fc_rc lock_row(struct requeue *requeue, bool *ret_found, struct fc_err *ret_err)
{
    const struct db_rows *rows;

    db_send(requeue->db, &sql_transaction_begin, NULL);
    send_id(requeue, &sql_cli_parked_lock, NULL);
    if (db_exchange(requeue->db, ret_err) != FC_OK)
        return FC_FAIL;
    rows = db_rows(requeue->db, 1);
    *ret_found = db_rows_count(rows) == 1;
    if (!*ret_found)
        return FC_OK;
    requeue->has_command = !db_is_null(rows, 0, 1);
    requeue->command_id = db_uuid(rows, 0, 1);
    if (fc_arena_copy(&requeue->arena, db_text(rows, 0, 0), &requeue->queue) &&
        fc_arena_copy(&requeue->arena, db_text(rows, 0, 2), &requeue->bytes))
        return FC_OK;
    return fc_err_set(ret_err, FC_CURE_PARK, "parked requeue", "it is too long a message");
}

static enum fc_rc publish(const struct requeue *requeue, struct fc_err *ret_err)
{
    struct mq_message message = {
        .exchange = FC_STR(EXCHANGE),
        .routing_key = requeue->queue,
        .type = FC_STR("firstcome.commands.v1"),
        .body = requeue->bytes,
        .mandatory = true,
    };
    struct mq_publisher *publisher = NULL;
    struct mq_settings settings;
    uint64_t seq;
    enum fc_rc rc = FC_FAIL;

    /* All other queues listen to events. */
    if (!fc_str_starts_with(requeue->queue, FC_STR("coupon.")) &&
        !fc_str_starts_with(requeue->queue, FC_STR("order.")))
        message.type = FC_STR("firstcome.events.v1");
    if (mq_settings_parse(fc_str_of(requeue->cli->settings.broker), "firstcome parked requeue",
                          &settings, ret_err) == FC_OK &&
        mq_publisher_open(&settings, &publisher, ret_err) == FC_OK &&
        mq_publisher_put(publisher, &message, &seq, ret_err) == FC_OK)
        rc = mq_publisher_wait(publisher, CONFIRM_WAIT_MS_MAX, ret_err);
    mq_publisher_close(publisher);
    return rc;
}

/* The mark, and a new life for a command that was given up because workers died of it. */
static enum fc_rc resolve(struct requeue *requeue, const char *resolution, struct fc_err *ret_err)
{
    struct db_params params;

    if (requeue->has_command) {
        db_params_init(&params, &requeue->arena);
        db_param_uuid(&params, &requeue->command_id);
        db_send(requeue->db, &sql_park_attempt_clear, &params);
    }
    send_id(requeue, &sql_cli_parked_resolve, resolution);
    db_send(requeue->db, &sql_transaction_commit, NULL);
    return db_exchange(requeue->db, ret_err);
}

static int run(struct requeue *requeue, bool again)
{
    const struct cli *cli = requeue->cli;
    struct cli_report report;
    struct fc_err err;
    bool found;

    if (lock_row(requeue, &found, &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (!found) {
        cli_say(cli, "nothing is set aside under %lld, or it was resolved before",
                (long long)requeue->id);
        return FC_EXIT_FAILED;
    }
    if ((again && publish(requeue, &err) != FC_OK) ||
        resolve(requeue, again ? "requeued" : "dropped", &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (cli_report_begin(&report, cli->json)) {
        cli_report_int(&report, "parked_id", "id", requeue->id);
        cli_report_str(&report, "queue", "queue", requeue->queue);
        cli_report_str(&report, "resolution", "now", fc_str_of(again ? "requeued" : "dropped"));
        cli_report_end(&report);
    }
    return FC_EXIT_OK;
}

static int resolve_command(struct cli *cli, bool again)
{
    struct requeue requeue = {.cli = cli};
    size_t bytes = MESSAGE_BYTES_MAX + ARENA_BYTES;
    void *memory;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit))
        return exit;
    if (!fc_str_to_i64(fc_str_of(cli->arguments[0]), 1, INT64_MAX, &requeue.id))
        return cli_usage(cli, "\"%s\" is no id; see firstcome parked list", cli->arguments[0]);
    memory = cli_memory(bytes);
    if (memory == NULL || !cli_database_open(cli, &requeue.db, &exit))
        return memory == NULL ? FC_EXIT_LATER : exit;
    fc_arena_init(&requeue.arena, memory, bytes);
    exit = run(&requeue, again);
    db_close(requeue.db);
    return exit;
}

int cli_parked_requeue(struct cli *cli)
{
    return resolve_command(cli, true);
}

int cli_parked_drop(struct cli *cli)
{
    return resolve_command(cli, false);
}
