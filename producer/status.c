#include "producer/status.h"

#include "base/assert.h"
#include "host/fault.h"
#include "producer/answer.h"
#include "producer/ingress.h"
#include "producer/intake.h"
#include "producer/line.h"
#include "producer/routes.h"
#include "producer/stream.h"
#include "sql/queries.h"

/* How often deadlines are looked at. */
#define CHECK_MS 20

void status_init(struct ingress *ingress)
{
    struct status *status = &ingress->status;

    wait_table_init(&status->waits, status->buckets, STATUS_BUCKETS);
    for (int32_t i = 0; i < STATUS_ROUNDS; i++) {
        wait_round_init(&status->rounds[i].round);
        status->rounds[i].ingress = ingress;
    }
}

static bool is_stream(const struct request *request)
{
    return request->route->name == ROUTE_COMMAND_EVENTS;
}

static void begin_wait(struct ingress *ingress, struct request *request, enum wait_kind kind,
                       const struct fc_uuid *command_id)
{
    int64_t wait_s = kind == WAIT_STREAM ? STREAM_S_MAX : request->head.wait_s;
    struct fc_mono from = kind == WAIT_STREAM ? ingress->now : request->since;

    request->wait.owner = request;
    request->wait.deadline.us = from.us + wait_s * FC_US_PER_S;
    wait_add(&ingress->status.waits, &request->wait, kind, command_id, ingress->now);
}

void status_begin(struct ingress *ingress, struct request *request)
{
    bool waits = request->head.wait_s > 0 && !is_stream(request);

    if (!fc_ticket_is_ours(&ingress->ticket, &request->path_uuid)) {
        answer_problem(ingress, request, "unknown_command",
                       "This id was never given to a command.");
        return;
    }
    if (ingress->database.db == NULL) {
        numbers_add(&ingress->numbers, NUMBER_REFUSED_DATABASE);
        answer_unavailable(ingress, request, "The database is not connected.");
        return;
    }
    http_hold(ingress->http, request, waits || is_stream(request));
    begin_wait(ingress, request, waits ? WAIT_LOOK : WAIT_ONCE, &request->path_uuid);
}

void status_wait_for_verdict(struct ingress *ingress, struct request *request)
{
    bool reply = ingress->broker.reply_to[0] != '\0';

    begin_wait(ingress, request, reply ? WAIT_REPLY : WAIT_LOOK, &request->command_id);
}

void status_wait_for_path(struct ingress *ingress, struct request *request)
{
    request->awaiting = true;
    begin_wait(ingress, request, WAIT_LOOK, &request->path_uuid);
}

void status_forget(struct ingress *ingress, struct request *request)
{
    wait_remove(&ingress->status.waits, &request->wait);
    request->awaiting = false;
}

/* --- answers ---------------------------------------------------------------------------------- */

/* Of a command that is ours and has no row: the id tells when it was accepted. */
static struct wire_document undecided(const struct fc_uuid *command_id)
{
    struct wire_document document = {
        .command_id = *command_id, .state = WIRE_ACCEPTED, .has_accepted_at = true};
    int64_t ms = 0;

    for (int32_t i = 0; i < 6; i++)
        ms = ms << 8 | command_id->bytes[i];
    document.accepted_at.us = ms * 1000;
    return document;
}

static void verdict_for_command(struct ingress *ingress, struct request *request,
                                const struct wire_document *document)
{
    struct fc_str code = FC_STR_NONE;

    FC_CRASH_POINT(INGRESS_VERDICT);
    if (document->state == WIRE_REFUSED && !request->rerouted)
        code = wire_member_text(document->result, "code", &ingress->scratch);
    status_forget(ingress, request);
    accept_forget(ingress, request);
    if (fc_str_eq(code, FC_STR("misrouted")) && request->type == COMMAND_ORDER_PLACE)
        intake_again(ingress, request);
    else
        answer_verdict(ingress, request, document);
}

static void document_for_stream(struct ingress *ingress, struct request *request,
                                const struct wire_document *document)
{
    bool decided = document->state != WIRE_ACCEPTED;

    status_forget(ingress, request);
    if (request->step == REQUEST_STREAMING) {
        stream_end(ingress, request, document);
        return;
    }
    if (stream_was_seen(request, document)) {
        struct http_answer nothing = {.status = 204};

        http_answer(ingress->http, request, &nothing);
        return;
    }
    stream_begin(ingress, request, document);
    if (!decided) {
        begin_wait(ingress, request, WAIT_STREAM, &request->path_uuid);
        wait_rest(&ingress->status.waits, &request->wait, ingress->now);
    }
}

/* The document, decided or not, for one who asked about it. */
static void deliver(struct ingress *ingress, struct request *request,
                    const struct wire_document *document)
{
    if (request->awaiting) {
        status_forget(ingress, request);
        intake_resume(ingress, request);
    } else if (request->route->kind == ROUTE_IS_COMMAND) {
        verdict_for_command(ingress, request, document);
    } else if (is_stream(request)) {
        document_for_stream(ingress, request, document);
    } else {
        status_forget(ingress, request);
        answer_document(ingress, request, document);
    }
}

void status_too_late(struct ingress *ingress, struct request *request)
{
    struct wire_document document;

    if (request->awaiting) {
        status_forget(ingress, request);
        line_too_late(ingress, request);
        return;
    }
    if (request->route->kind == ROUTE_IS_COMMAND) {
        if (!request->confirmed)
            return; /* its confirm will answer it */
        status_forget(ingress, request);
        answer_accepted(ingress, request);
        return;
    }
    if (request->step == REQUEST_STREAMING) {
        status_forget(ingress, request);
        stream_stop(ingress, request);
        return;
    }
    document = undecided(&request->wait.command_id);
    status_forget(ingress, request);
    answer_document(ingress, request, &document);
}

/* --- verdicts that arrive --------------------------------------------------------------------- */

static void deliver_reply(struct ingress *ingress, const struct wire_document *document)
{
    struct wait_table *waits = &ingress->status.waits;
    struct wait *wait = wait_find(waits, &document->command_id, NULL);

    numbers_add(&ingress->numbers, NUMBER_VERDICTS);
    backlog_answered(&ingress->backlog, &document->command_id, ingress->now);
    while (wait != NULL) {
        struct request *request = wait->owner;

        wait = wait_find(waits, &document->command_id, wait);
        /* Others that wait for it have to be allowed to see it: the row tells. */
        if (request->route->kind == ROUTE_IS_COMMAND)
            deliver(ingress, request, document);
    }
}

void status_verdicts(struct ingress *ingress, struct fc_str bytes)
{
    struct wire_document *documents;
    int32_t count;

    fc_arena_reset(&ingress->inbox);
    /* What is no verdict is dropped: whoever waits will look. */
    if (!wire_documents_parse(bytes, &ingress->inbox, &documents, &count))
        return;
    for (int32_t i = 0; i < count; i++) {
        fc_arena_reset(&ingress->scratch);
        deliver_reply(ingress, &documents[i]);
    }
}

/* --- looks ------------------------------------------------------------------------------------ */

enum column {
    COLUMN_COMMAND_ID,
    COLUMN_TYPE,
    COLUMN_ACCEPTED_AT,
    COLUMN_DECIDED_AT,
    COLUMN_VERDICT,
    COLUMN_RESULT,
    COLUMN_REPLAY_OF,
    COLUMN_ACTOR_ID,
    COLUMN_USER_ID,
    COLUMN_PARKED
};

static struct wire_document document_of(const struct db_rows *rows, int32_t row)
{
    struct wire_document document = {
        .command_id = db_uuid(rows, row, COLUMN_COMMAND_ID),
        .type = db_text(rows, row, COLUMN_TYPE),
        .state = WIRE_REFUSED,
        .has_accepted_at = true,
        .accepted_at = db_instant(rows, row, COLUMN_ACCEPTED_AT),
        .has_decided_at = true,
        .decided_at = db_instant(rows, row, COLUMN_DECIDED_AT),
        .result = db_text(rows, row, COLUMN_RESULT),
        .is_replay = !db_is_null(rows, row, COLUMN_REPLAY_OF),
        .replay_of = db_uuid(rows, row, COLUMN_REPLAY_OF),
    };

    if (db_bool(rows, row, COLUMN_PARKED)) {
        document.state = WIRE_PARKED;
        document.accepted_at = undecided(&document.command_id).accepted_at;
    } else if (db_is_null(rows, row, COLUMN_VERDICT)) {
        document.state = WIRE_SUCCEEDED;
    }
    return document;
}

/* Who sent a command, or stands in it, may see what became of it. */
static bool may_see(const struct request *request, const struct db_rows *rows, int32_t row)
{
    return request->route->kind == ROUTE_IS_COMMAND || request->admin ||
           db_bool(rows, row, COLUMN_PARKED) ||
           db_i64(rows, row, COLUMN_ACTOR_ID) == request->user_id ||
           db_i64(rows, row, COLUMN_USER_ID) == request->user_id;
}

static void deliver_row(struct ingress *ingress, const struct db_rows *rows, int32_t row)
{
    struct wire_document document = document_of(rows, row);
    struct wait_table *waits = &ingress->status.waits;
    struct wait *wait = wait_find(waits, &document.command_id, NULL);

    while (wait != NULL) {
        struct request *request = wait->owner;

        wait = wait_find(waits, &document.command_id, wait);
        fc_arena_reset(&ingress->scratch);
        if (may_see(request, rows, row)) {
            deliver(ingress, request, &document);
        } else if (request->step == REQUEST_STREAMING) {
            status_forget(ingress, request);
            stream_stop(ingress, request);
        } else {
            status_forget(ingress, request);
            answer_problem(ingress, request, "forbidden", "The command is another user's.");
        }
    }
}

/* One that had no row: once is enough for a plain question, others rest until the next look. */
static void deliver_nothing(struct ingress *ingress, struct wait *wait, bool failed)
{
    struct request *request = wait->owner;
    struct wire_document document = undecided(&wait->command_id);

    if (wait->kind != WAIT_ONCE) {
        wait_rest(&ingress->status.waits, wait, ingress->now);
    } else if (failed) {
        status_forget(ingress, request);
        answer_unavailable(ingress, request, "The database does not answer.");
    } else {
        deliver(ingress, request, &document);
    }
}

static void on_rows(void *arg, const struct db_rows *rows, const struct fc_err *err)
{
    struct status_round *round = arg;
    struct wait *wait;

    for (int32_t row = 0; rows != NULL && row < db_rows_count(rows); row++)
        deliver_row(round->ingress, rows, row);
    while ((wait = wait_list_next(&round->round.list, NULL)) != NULL)
        deliver_nothing(round->ingress, wait, err != NULL);
    round->round.under_way = false;
}

static void look(struct ingress *ingress, struct status_round *round)
{
    struct wait_round *list = &round->round;
    struct db_params params;

    if (wait_round_gather(&ingress->status.waits, list, STATUS_ROUND_IDS_MAX, ingress->now) == 0)
        return;
    fc_arena_reset(&ingress->scratch);
    db_params_init(&params, &ingress->scratch);
    db_array_begin(&params, DB_UUID);
    for (struct wait *wait = wait_list_next(&list->list, NULL); wait != NULL;
         wait = wait_list_next(&list->list, wait))
        db_array_uuid(&params, &wait->command_id);
    db_array_end(&params);
    list->under_way = true;
    numbers_add(&ingress->numbers, NUMBER_LOOKS);
    if (!database_send(&ingress->database, &sql_read_commands, &params, on_rows, round)) {
        struct fc_err away;

        (void)fc_err_set(&away, FC_CURE_RECONNECT, "status", "the database is not connected");
        on_rows(round, NULL, &away);
    }
}

/* --- time ------------------------------------------------------------------------------------- */

static void check_list(struct ingress *ingress, struct wait *list)
{
    struct wait *next = wait_list_next(list, NULL);

    while (next != NULL) {
        struct wait *wait = next;

        next = wait_list_next(list, wait);
        if (wait->kind != WAIT_ONCE && wait->deadline.us <= ingress->now.us)
            status_too_late(ingress, wait->owner);
        else if (wait->kind == WAIT_STREAM)
            stream_beat(ingress, wait->owner);
    }
}

static void check_deadlines(struct ingress *ingress)
{
    struct status *status = &ingress->status;

    check_list(ingress, &status->waits.rest);
    for (int32_t i = 0; i < STATUS_ROUNDS; i++)
        check_list(ingress, &status->rounds[i].round.list);
    status->checked = ingress->now;
}

void status_turn(struct ingress *ingress)
{
    struct status *status = &ingress->status;

    if (status->waits.count == 0)
        return;
    if (ingress->now.us - status->checked.us >= CHECK_MS * 1000LL)
        check_deadlines(ingress);
    for (int32_t i = 0; i < STATUS_ROUNDS; i++)
        if (wait_look_is_due(&status->waits, ingress->now) && !status->rounds[i].round.under_way)
            look(ingress, &status->rounds[i]);
}

int32_t status_wait_ms(const struct ingress *ingress)
{
    return ingress->status.waits.count == 0 ? -1 : CHECK_MS;
}

void status_stop(struct ingress *ingress)
{
    struct status *status = &ingress->status;

    for (struct wait *wait = status->waits.rest.next; wait != &status->waits.rest;
         wait = wait->next)
        wait->deadline = ingress->now;
    for (int32_t i = 0; i < STATUS_ROUNDS; i++) {
        struct wait *list = &status->rounds[i].round.list;

        for (struct wait *wait = list->next; wait != list; wait = wait->next)
            wait->deadline = ingress->now;
    }
    check_deadlines(ingress);
}
