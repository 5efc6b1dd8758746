#include "producer/command_row.h"

#include "producer/routes.h"

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

struct wire_document command_row_none(const struct fc_uuid *command_id)
{
    struct wire_document document = {
        .command_id = *command_id, .state = WIRE_ACCEPTED, .has_accepted_at = true};
    int64_t ms = 0;

    for (int32_t i = 0; i < 6; i++)
        ms = ms << 8 | command_id->bytes[i];
    document.accepted_at.us = ms * 1000;
    return document;
}

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
        document.accepted_at = command_row_none(&document.command_id).accepted_at;
    } else if (db_is_null(rows, row, COLUMN_VERDICT)) {
        document.state = WIRE_SUCCEEDED;
    }
    return document;
}

void command_row_read(const struct db_rows *rows, int32_t row, struct command_row *ret_row)
{
    ret_row->document = document_of(rows, row);
    ret_row->facts = (struct decided_facts){.command_id = ret_row->document.command_id,
                                            .actor_id = db_i64(rows, row, COLUMN_ACTOR_ID),
                                            .user_id = db_i64(rows, row, COLUMN_USER_ID),
                                            .is_replay = ret_row->document.is_replay};
    ret_row->is_final = !db_bool(rows, row, COLUMN_PARKED);
}

bool command_row_may_see(const struct command_row *row, const struct request *request)
{
    return request->route->kind == ROUTE_IS_COMMAND || row->document.state == WIRE_PARKED ||
           decided_may_see(&row->facts, request->admin, request->user_id);
}
