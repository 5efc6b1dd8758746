#include "stats/rebuild.h"

#include "base/assert.h"
#include "host/process.h"
#include "sql/queries.h"
#include "stats/fold.h"

/* Rows of the journal that are asked for at once (rebuild/next.sql). */
#define CHUNK_ROWS_MAX 64
/* Events that count and come of one command: it settles one order. */
#define COMMAND_EVENTS_MAX 8
/* They are folded when there are as many or when they take as much; a chunk more may follow. */
#define EVENTS_SOFT_MAX 16384
#define BYTES_SOFT_MAX ((size_t)16 * 1024 * 1024)
#define EVENTS_MAX (EVENTS_SOFT_MAX + CHUNK_ROWS_MAX * COMMAND_EVENTS_MAX)
/* The announcements of one command: a change of the largest order tells its lines twice. */
#define MESSAGE_ROOM ((size_t)4 * 1024 * 1024)

enum column { COLUMN_SEQ, COLUMN_COMMAND_ID, COLUMN_DECIDED_AT, COLUMN_EVENTS };

struct event_list {
    const struct wire_order_event **events;
    int32_t count;
};

struct rebuild {
    struct db *db;
    struct fc_arena *arena;
    struct fc_arena message; /* of one command */
    size_t mark;             /* of the arena, behind what stays */
    /* What was read and is not folded yet. */
    struct event_list sales;
    struct event_list closings;
};

static void rebuild_init(struct rebuild *rebuild, struct db *db, struct fc_arena *arena)
{
    const size_t size = sizeof(const struct wire_order_event *);

    fc_arena_reset(arena);
    *rebuild = (struct rebuild){.db = db, .arena = arena};
    void *room = fc_arena_take(arena, 1, MESSAGE_ROOM);

    rebuild->sales.events = fc_arena_take(arena, EVENTS_MAX, size);
    rebuild->closings.events = fc_arena_take(arena, EVENTS_MAX, size);
    FC_ASSERT(room != NULL && rebuild->sales.events != NULL && rebuild->closings.events != NULL);
    fc_arena_init(&rebuild->message, room, MESSAGE_ROOM);
    rebuild->mark = fc_arena_mark(arena);
}

/* The row's events as they were announced, without those that count nowhere. */
static bool put_message(const struct db_rows *rows, int32_t row, struct fc_arena *arena,
                        struct fc_str *ret_message)
{
    const struct wire_event_origin origin = {db_uuid(rows, row, COLUMN_COMMAND_ID),
                                             db_instant(rows, row, COLUMN_DECIDED_AT), FC_STR_NONE};
    struct fc_str rest = db_text(rows, row, COLUMN_EVENTS);
    struct fc_buf buf;
    struct fc_str event;
    char before = '[';

    fc_arena_reset(arena);
    buf = fc_arena_buf_begin(arena);
    for (int32_t index = 0; wire_events_next(&rest, &event); index++) {
        enum wire_event_family family;

        if (!wire_event_family_of(wire_event_short_type(event), &family) ||
            family != WIRE_EVENT_ORDER)
            continue;
        fc_buf_put_char(&buf, before);
        wire_event_announce(&buf, &origin, index, event);
        before = ',';
    }
    if (before == '[')
        fc_buf_put_char(&buf, before);
    fc_buf_put_char(&buf, ']');
    return fc_arena_buf_end(arena, &buf, ret_message);
}

static void take_event(struct rebuild *rebuild, const struct wire_order_event *event)
{
    struct event_list *list =
        event->kind == WIRE_SALE_DAY_CLOSED ? &rebuild->closings : &rebuild->sales;

    FC_ASSERT(list->count < EVENTS_MAX);
    list->events[list->count++] = event;
}

static enum fc_rc take_row(struct rebuild *rebuild, const struct db_rows *rows, int32_t row,
                           struct fc_err *ret_err)
{
    const char *reason = "its events are longer than those of any command";
    struct wire_order_event *events = NULL;
    struct fc_str message;
    int32_t count = 0;
    bool good = put_message(rows, row, &rebuild->message, &message) &&
                wire_order_events_parse(message, rebuild->arena, &events, &count, &reason);

    if (good && count > COMMAND_EVENTS_MAX) {
        good = false;
        reason = "more events than a command brings";
    }
    if (!good)
        return fc_err_set(ret_err, FC_CURE_PARK, "rebuild", "row %lld of the journal: %s",
                          (long long)db_i64(rows, row, COLUMN_SEQ), reason);
    for (int32_t i = 0; i < count; i++)
        take_event(rebuild, &events[i]);
    return FC_OK;
}

/* Queues what folds the events that were read, and forgets them; returns how many statements. */
static int32_t fold(struct rebuild *rebuild)
{
    const struct fold_part sales = {rebuild->sales.events, rebuild->sales.count};
    const struct fold_part closings = {rebuild->closings.events, rebuild->closings.count};

    if (sales.count > 0)
        fold_sales(rebuild->db, rebuild->arena, &sales);
    if (closings.count > 0)
        fold_old_closings(rebuild->db, rebuild->arena, &closings);
    rebuild->sales.count = 0;
    rebuild->closings.count = 0;
    fc_arena_rewind(rebuild->arena, rebuild->mark);
    return (sales.count > 0) + (closings.count > 0);
}

static bool is_enough(const struct rebuild *rebuild)
{
    return rebuild->sales.count >= EVENTS_SOFT_MAX || rebuild->closings.count >= EVENTS_SOFT_MAX ||
           fc_arena_mark(rebuild->arena) - rebuild->mark >= BYTES_SOFT_MAX;
}

/* Takes the rows that the statement at `place` gave, then asks for the next ones, until there are
 * none. */
static enum fc_rc read_journal(struct rebuild *rebuild, int32_t place, struct fc_err *ret_err)
{
    for (;;) {
        const struct db_rows *rows = db_rows(rebuild->db, place);
        int32_t count = db_rows_count(rows);

        if (count == 0)
            return FC_OK;
        if (fc_process_stopping())
            return fc_err_set(ret_err, FC_CURE_RETRY, "rebuild", "stopped; nothing was changed");
        for (int32_t row = 0; row < count; row++)
            if (take_row(rebuild, rows, row, ret_err) == FC_FAIL)
                return FC_FAIL;
        place = is_enough(rebuild) ? fold(rebuild) : 0;
        db_send(rebuild->db, &sql_rebuild_next, NULL);
        if (db_exchange(rebuild->db, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
}

static enum fc_rc rebuild_run(struct rebuild *rebuild, struct rebuilt *ret_rebuilt,
                              struct fc_err *ret_err)
{
    struct db *db = rebuild->db;
    int32_t folds;

    db_send(db, &sql_transaction_begin, NULL);
    db_send(db, &sql_rebuild_lock, NULL);
    db_send(db, &sql_rebuild_clear, NULL);
    db_send(db, &sql_rebuild_journal, NULL);
    db_send(db, &sql_rebuild_next, NULL);
    if (db_exchange(db, ret_err) == FC_FAIL || read_journal(rebuild, 4, ret_err) == FC_FAIL)
        return FC_FAIL;
    folds = fold(rebuild);
    db_send(db, &sql_rebuild_result, NULL);
    db_send(db, &sql_transaction_commit, NULL);
    if (db_exchange(db, ret_err) == FC_FAIL)
        return FC_FAIL;
    const struct db_rows *result = db_rows(db, folds);

    *ret_rebuilt = (struct rebuilt){db_i64(result, 0, 0), db_i64(result, 0, 1)};
    return FC_OK;
}

enum fc_rc stats_rebuild(struct db *db, struct fc_arena *arena, struct rebuilt *ret_rebuilt,
                         struct fc_err *ret_err)
{
    struct rebuild rebuild;
    struct fc_err err;

    rebuild_init(&rebuild, db, arena);
    if (rebuild_run(&rebuild, ret_rebuilt, ret_err) == FC_OK)
        return FC_OK;
    /* Trouble of a statement has rolled back by itself; ours has not. */
    db_send(db, &sql_transaction_rollback, NULL);
    enum fc_rc undone = db_exchange(db, &err);

    (void)undone; /* a connection that is lost has forgotten it as well */
    return FC_FAIL;
}
