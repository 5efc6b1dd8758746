#include "db/lease.h"
#include "mq/topology.h"
#include "producer/cli/ask.h"
#include "producer/cli/commands.h"
#include "producer/cli/database.h"
#include "producer/cli/report.h"
#include "sql/queries.h"

#define READY_MS_MAX 2000
#define ARENA_BYTES 4096

struct family {
    const char *name;
    int32_t lock_class;
    bool is_single; /* one partition, however many the others have */
};

static const struct family families[] = {
    {"coupon", DB_LEASE_CLASS_COUPON, false},    {"order", DB_LEASE_CLASS_ORDER, false},
    {"stats", DB_LEASE_CLASS_STATS, true},       {"payment", DB_LEASE_CLASS_PAYMENT, true},
    {"platform", DB_LEASE_CLASS_PLATFORM, true}, {"clock", DB_LEASE_CLASS_CLOCK, true},
};

struct look {
    const struct cli *cli;
    struct cli_report report;
    bool well; /* nothing is wrong so far */
    bool late; /* something could not be reached */
};

static void tell_trouble(struct look *look, const struct fc_err *err)
{
    look->late = true;
    (void)cli_trouble(look->cli, err);
}

/* --- the ingress ------------------------------------------------------------------------------ */

static void look_at_ingress(struct look *look)
{
    const struct cli *cli = look->cli;
    struct cli_client_settings settings = {
        .urls = cli->settings.url,
        .gateway_token = cli->settings.gateway_token,
        .lane_count = 1,
        .wake_fd = cli->wake_fd,
    };
    struct cli_client *client = NULL;
    struct fc_err err;
    bool ready = cli_client_open(&settings, &client, &err) == FC_OK &&
                 cli_await_ready(client, READY_MS_MAX, &err) == FC_OK;

    if (!ready)
        tell_trouble(look, &err);
    cli_client_close(client);
    cli_report_group_begin(&look->report, "ingress", "ingress");
    cli_report_str(&look->report, "url", "address", fc_str_of(cli->settings.url));
    cli_report_bool(&look->report, "ready", "ready", ready);
    cli_report_group_end(&look->report);
}

/* --- the queues ------------------------------------------------------------------------------- */

static void put_queues(struct look *look, const struct mq_queue_state *states, size_t count)
{
    static const struct cli_column columns[] = {
        {"queue", "queue", false}, {"ready", "waiting", true}, {"consumers", "workers", true}};
    int64_t ready = 0;
    int64_t deserted = 0;

    for (size_t i = 0; i < count; i++) {
        ready += states[i].ready;
        deserted += states[i].consumers == 0;
    }
    cli_report_group_begin(&look->report, "queues", "queues");
    cli_report_int(&look->report, "count", "queues", (int64_t)count);
    cli_report_int(&look->report, "ready", "messages waiting", ready);
    cli_report_int(&look->report, "without_worker", "without a worker", deserted);
    /* For people only those where something is to be seen. */
    cli_report_table_begin(&look->report, "each", NULL, columns, FC_ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        if (!look->report.as_json && states[i].ready == 0 && states[i].consumers > 0)
            continue;
        cli_report_cell_str(&look->report, fc_str_of(states[i].name));
        cli_report_cell_int(&look->report, states[i].ready);
        cli_report_cell_int(&look->report, states[i].consumers);
    }
    if (look->report.as_json || look->report.cell_count > 0)
        cli_report_table_end(&look->report);
    cli_report_group_end(&look->report);
    look->well = look->well && deserted == 0;
}

static void look_at_queues(struct look *look)
{
    static struct mq_queue_state states[MQ_QUEUE_COUNT(PARTITIONS_MAX)];
    const struct cli_settings *set = &look->cli->settings;
    struct mq_settings settings;
    struct fc_err err;
    size_t count;

    if (mq_settings_parse(fc_str_of(set->broker), "firstcome status", &settings, &err) != FC_OK ||
        mq_topology_states(&settings, set->partitions, states, &count, &err) != FC_OK)
        tell_trouble(look, &err);
    else
        put_queues(look, states, count);
}

/* --- the journal and the workers -------------------------------------------------------------- */

static void put_overview(struct look *look, const struct db_rows *rows)
{
    struct cli_report *report = &look->report;
    char memory[FC_INSTANT_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    if (!db_is_null(rows, 0, 2))
        fc_instant_put(&buf, db_instant(rows, 0, 2));
    cli_report_group_begin(report, "journal", "journal");
    cli_report_int(report, "decided", "commands decided", db_i64(rows, 0, 0));
    cli_report_int(report, "bytes", "bytes", db_i64(rows, 0, 1));
    cli_report_str(report, "newest", "newest decision", fc_buf_str(&buf));
    cli_report_int(report, "parked", "set aside", db_i64(rows, 0, 3));
    cli_report_int(report, "users", "users", db_i64(rows, 0, 4));
    cli_report_int(report, "products", "products", db_i64(rows, 0, 5));
    cli_report_int(report, "orders", "orders", db_i64(rows, 0, 6));
    cli_report_int(report, "uncounted", "orders not counted yet", db_i64(rows, 0, 7));
    cli_report_group_end(report);
}

static void put_family(struct look *look, const struct db_rows *rows, const struct family *family)
{
    int64_t workers = 0;
    int64_t held = 0;
    int32_t partitions = family->is_single ? 1 : look->cli->settings.partitions;

    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        if (db_i64(rows, row, 0) != family->lock_class)
            continue;
        if (db_i64(rows, row, 1) == DB_LEASE_ROLL)
            workers++;
        else
            held++;
    }
    cli_report_cell_str(&look->report, fc_str_of(family->name));
    cli_report_cell_int(&look->report, workers);
    cli_report_cell_int(&look->report, partitions);
    cli_report_cell_int(&look->report, held);
    look->well = look->well && workers > 0 && held == partitions;
}

static void put_workers(struct look *look, const struct db_rows *rows)
{
    static const struct cli_column columns[] = {
        {"family", "workers for", false},
        {"workers", "live", true},
        {"partitions", "partitions", true},
        {"held", "held", true},
    };

    cli_report_table_begin(&look->report, "workers", NULL, columns, FC_ARRAY_COUNT(columns));
    for (size_t i = 0; i < FC_ARRAY_COUNT(families); i++)
        put_family(look, rows, &families[i]);
    cli_report_table_end(&look->report);
}

static void send_leases(struct db *db)
{
    _Alignas(16) char memory[ARENA_BYTES];
    struct fc_arena arena;
    struct db_params params;

    fc_arena_init(&arena, memory, sizeof(memory));
    db_params_init(&params, &arena);
    db_array_begin(&params, DB_I32);
    for (size_t i = 0; i < FC_ARRAY_COUNT(families); i++)
        db_array_i32(&params, families[i].lock_class);
    db_array_end(&params);
    db_send(db, &sql_cli_leases, &params);
}

static void look_at_database(struct look *look)
{
    struct db *db = NULL;
    struct fc_err err;
    int exit;

    if (!cli_database_open(look->cli, &db, &exit)) {
        look->late = true;
        return;
    }
    db_send(db, &sql_cli_overview, NULL);
    send_leases(db);
    if (db_exchange(db, &err) != FC_OK) {
        tell_trouble(look, &err);
    } else {
        put_overview(look, db_rows(db, 0));
        put_workers(look, db_rows(db, 1));
    }
    db_close(db);
}

int cli_status(struct cli *cli)
{
    static struct look look;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit))
        return exit;
    look.cli = cli;
    look.well = true;
    if (!cli_report_begin(&look.report, cli->json))
        return FC_EXIT_LATER;
    look_at_ingress(&look);
    look_at_queues(&look);
    look_at_database(&look);
    cli_report_bool(&look.report, "well", "all is well", look.well && !look.late);
    cli_report_end(&look.report);
    if (look.late)
        return FC_EXIT_LATER;
    return look.well ? FC_EXIT_OK : FC_EXIT_FAILED;
}
