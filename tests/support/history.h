/*
 * What clients saw, as it happened: the history that the checker (support/history_check.h) holds
 * against the tables. One file a client process, one JSON object a line, one line a happening:
 *
 *   {"t":…,"op":7,"try":1,"what":"sent","command":"coupon.issue","key":"template:9","user":31,
 *    "idem":"c1-7","amount":0}
 *   {"t":…,"op":7,"try":1,"what":"answered","status":202,"id":"<command id>","replayed":false}
 *   {"t":…,"op":7,"try":1,"what":"lost"}            no answer came: it may have been taken or not
 *   {"t":…,"op":7,"try":1,"what":"verdict","id":"…","state":"succeeded"|"refused"|"parked",
 *    "code":"",
 *    "body":"<the result or problem, as text>"}
 *
 * t is CLOCK_MONOTONIC in microseconds: taken before the first byte of a request goes out, and
 * after the last of an answer has come, so that "answered before the other was sent" is certain. An
 * op is one wish of one client, numbered from 1 in its file; its tries go under one idempotency key
 * (none: "idem" is empty, and such an op has one try only). Two ops may share user and key on
 * purpose: then they ask for the same, and `copy_of` in "sent" names the first. Of a producer's
 * command over AMQP the id is its own from the start ("sent" has it as "id"), "answered" with
 * status 202 is the broker's confirm, and the message itself may be published again: same id.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_H
#define FC_TESTS_SUPPORT_HISTORY_H

#include "base/id.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define HISTORY_LINE_BYTES (16 * 1024)

enum history_what { HISTORY_SENT, HISTORY_ANSWERED, HISTORY_LOST, HISTORY_VERDICT };

struct history_line {
    enum history_what what;
    int64_t t_us;
    int64_t op;
    int32_t attempt; /* from 1 */

    /* sent */
    char command[32]; /* "order.place" */
    char key[64];     /* the line it stands in; empty where the client cannot know it */
    int64_t user_id;
    char idempotency_key[64]; /* empty: none */
    int64_t copy_of;          /* op; 0: of none */
    int64_t amount;           /* of a charge; 0: none */

    /* answered */
    int32_t status; /* HTTP; 202 also for a confirm */
    bool replayed;

    /* sent (over AMQP), answered (202), verdict */
    bool has_id;
    struct fc_uuid id;

    /* answered (a problem), verdict */
    char code[48];      /* problem code; empty: none */
    bool succeeded;     /* verdict */
    struct fc_str body; /* verdict; of a line that was read: until the next history_read */
};

/* Appends the line and flushes it, so that a killed client leaves whole lines. False: disk
 * trouble. */
bool history_write(FILE *file, const struct history_line *line);

/* Reads one line (without its newline). A parked command's code is "parked". False with a
 * sentence. */
bool history_read(struct fc_str text, struct history_line *ret_line, char ret_why[256]);

#endif
