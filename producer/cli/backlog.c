#include "producer/cli/backlog.h"

#include "base/limits.h"
#include "host/backoff.h"
#include "host/clock.h"
#include "host/process.h"
#include "sql/queries.h"

enum fc_rc backlog_ask(const struct mq_settings *settings, int32_t partitions, struct db *db,
                       struct backlog *ret_backlog, struct fc_err *ret_err)
{
    static struct mq_queue_state states[MQ_QUEUE_COUNT(PARTITIONS_MAX)];
    struct backlog backlog = {0};
    size_t count;

    if (mq_topology_states(settings, partitions, states, &count, ret_err) != FC_OK)
        return FC_FAIL;
    for (size_t i = 0; i < count; i++)
        backlog.ready += states[i].ready;
    db_send(db, &sql_cli_progress, NULL);
    if (db_exchange(db, ret_err) != FC_OK)
        return FC_FAIL;
    backlog.uncounted = db_i64(db_rows(db, 0), 0, 0) - db_i64(db_rows(db, 0), 0, 1);
    backlog.decided = db_i64(db_rows(db, 0), 0, 2);
    *ret_backlog = backlog;
    return FC_OK;
}

enum fc_rc backlog_await_empty(const struct cli *cli, struct db *db, int64_t wait_ms,
                               bool *ret_empty, struct fc_err *ret_err)
{
    struct mq_settings settings;
    struct fc_mono began = fc_clock_mono();
    struct fc_backoff backoff;
    struct backlog before = {.decided = -1};

    fc_backoff_init(&backoff, fc_process_chance());
    if (mq_settings_parse(fc_str_of(cli->settings.broker), "firstcome audit", &settings, ret_err) !=
        FC_OK)
        return FC_FAIL;
    *ret_empty = false;
    while (!*ret_empty) {
        struct backlog now;

        if (backlog_ask(&settings, cli->settings.partitions, db, &now, ret_err) != FC_OK)
            return FC_FAIL;
        *ret_empty = now.ready == 0 && now.uncounted <= 0 && now.decided == before.decided;
        before = now;
        if (*ret_empty)
            break;
        if (fc_clock_ms_since(began) >= wait_ms || fc_process_stopping()) {
            cli_say(cli, "still %lld messages in the queues and %lld orders not counted",
                    (long long)now.ready, (long long)now.uncounted);
            break;
        }
        cli_rest(cli, fc_backoff_next_ms(&backoff));
    }
    return FC_OK;
}
