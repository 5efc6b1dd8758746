/*
 * What a row of sql/queries/read/commands.sql tells of a command: its document, and who may see it.
 * A command without a row is told by its id. Pure, but for the rows.
 */
#ifndef FC_PRODUCER_COMMAND_ROW_H
#define FC_PRODUCER_COMMAND_ROW_H

#include "db/rows.h"
#include "producer/decided.h"
#include "producer/request.h"
#include "wire/document.h"

struct command_row {
    struct wire_document document; /* views live as long as the rows */
    struct decided_facts facts;
    bool is_final; /* from the journal. What was set aside may be put back and decided yet */
};

/* Of a command that is ours and has no row: the id tells when it was accepted. */
struct wire_document command_row_none(const struct fc_uuid *command_id);

void command_row_read(const struct db_rows *rows, int32_t row, struct command_row *ret_row);

/* Whoever waits for the verdict of a command of its own may see it in any case. */
bool command_row_may_see(const struct command_row *row, const struct request *request);

#endif
