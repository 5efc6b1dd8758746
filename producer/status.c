#include "producer/status.h"

#include "base/assert.h"
#include "host/fault.h"
#include "producer/answer.h"
#include "producer/command_row.h"
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

static bool is_poll(const struct request *request)
{
    return request->route->name == ROUTE_COMMAND;
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

/* On which connection to the database, and when. */
static struct decided_stamp stamp(const struct ingress *ingress)
{
    return (struct decided_stamp){ingress->database.generation, ingress->now};
}

static void answer_anothers(struct ingress *ingress, struct request *request)
{
    answer_problem(ingress, request, "forbidden", "The command is another user's.");
}

/* From what was read before; false when the database has to be asked. Without a connection nothing
 * is told: the next one may be to a database that was restored. */
static bool answer_kept(struct ingress *ingress, struct request *request)
{
    const struct decided_entry *entry =
        ingress->database.db == NULL
            ? NULL
            : decided_find(&ingress->decided, &request->path_uuid, stamp(ingress));

    numbers_add(&ingress->numbers,
                entry != NULL ? NUMBER_POLLS_FROM_MEMORY : NUMBER_POLLS_FROM_DATABASE);
    if (entry == NULL)
        return false;
    if (decided_may_see(&entry->facts, request->admin, request->user_id))
        answer_decided(ingress, request, entry);
    else
        answer_anothers(ingress, request);
    return true;
}

void status_begin(struct ingress *ingress, struct request *request)
{
    bool waits = request->head.wait_s > 0 && is_poll(request);

    if (is_poll(request) && answer_kept(ingress, request))
        return;
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
    document = command_row_none(&request->wait.command_id);
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

/* A row for one who asked; of the journal, it is kept for whoever asks again. */
static void answer_row(struct ingress *ingress, struct request *request,
                       const struct command_row *row)
{
    struct fc_buf body = answer_begin(ingress);

    status_forget(ingress, request);
    wire_document_put(&body, &row->document);
    if (row->is_final && !body.overflow)
        decided_keep(&ingress->decided, &row->facts, fc_buf_str(&body), stamp(ingress));
    answer_document_text(ingress, request, &body, &row->document);
}

static void deliver_row(struct ingress *ingress, const struct command_row *row)
{
    const struct fc_uuid *command_id = &row->facts.command_id;
    struct wait_table *waits = &ingress->status.waits;
    struct wait *wait = wait_find(waits, command_id, NULL);

    while (wait != NULL) {
        struct request *request = wait->owner;

        wait = wait_find(waits, command_id, wait);
        fc_arena_reset(&ingress->scratch);
        if (command_row_may_see(row, request)) {
            if (is_poll(request))
                answer_row(ingress, request, row);
            else
                deliver(ingress, request, &row->document);
        } else if (request->step == REQUEST_STREAMING) {
            status_forget(ingress, request);
            stream_stop(ingress, request);
        } else {
            status_forget(ingress, request);
            answer_anothers(ingress, request);
        }
    }
}

/* One that had no row: once is enough for a plain question, others rest until the next look. */
static void deliver_nothing(struct ingress *ingress, struct wait *wait, bool failed)
{
    struct request *request = wait->owner;
    struct wire_document document = command_row_none(&wait->command_id);

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

    for (int32_t i = 0; rows != NULL && i < db_rows_count(rows); i++) {
        struct command_row row;

        command_row_read(rows, i, &row);
        deliver_row(round->ingress, &row);
    }
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
