/*
 * In which line a command stands whose path and body do not tell: an order in that of its
 * first-come product, a restock in that of the option's product, what is asked of an order or a
 * coupon in the line of the order or of the coupon's template. It comes from the cache, or the
 * database is asked once. An order or coupon whose own command is not decided yet is waited for
 * as long as the request waits.
 */
#ifndef FC_PRODUCER_LINE_H
#define FC_PRODUCER_LINE_H

#include "db/rows.h"
#include "producer/request.h"

struct ingress;

enum line_found {
    LINE_KNOWN,   /* the command's key is its line's */
    LINE_ASKED,   /* later: intake_looked or intake_resume is called */
    LINE_ANSWERED /* the request was answered: there is no such line, or it is not for the caller */
};

/* `command` is whole but for its key's id; its lines live in the scratch arena. */
enum line_found line_find(struct ingress *ingress, struct request *request,
                          struct command *command);

/* The same with what the database said; `rows` is NULL when it did not answer. */
enum line_found line_read(struct ingress *ingress, struct request *request,
                          const struct db_rows *rows, struct command *command);

/* Answers that the order or coupon of the path is not there yet: the time to wait is over. */
void line_too_late(struct ingress *ingress, struct request *request);

#endif
