#include "support/torture.h"

#include "base/assert.h"
#include "support/torture_cases.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEND_MS 5000
#define QUIET_MS 300

int32_t torture_wrong(const char *format, ...)
{
    va_list args;

    (void)fputs("WRONG  ", stdout);
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
    (void)putchar('\n');
    return 1;
}

/* What came back on one connection. */
struct heard {
    char statuses[64]; /* "202 200" */
    int32_t count;
    int32_t last;
    bool evil;
    bool ended;
    bool garbage;
};

static void hear(struct torture_wire *wire, int32_t ms, struct heard *heard)
{
    struct fc_buf text = fc_buf_of(heard->statuses, sizeof(heard->statuses) - 1);
    struct torture_answer answer;
    enum torture_got got;

    while ((got = torture_next(wire, ms, &answer)) == TORTURE_ANSWER) {
        fc_buf_put_fmt(&text, heard->count == 0 ? "%d" : " %d", (int)answer.status);
        heard->statuses[text.len] = '\0';
        heard->count++;
        heard->last = answer.status;
        if (strcmp(answer.id, TORTURE_EVIL_ID) == 0)
            heard->evil = true;
        /* The library writes the head of its own refusals twice. */
        if (answer.closes) {
            bool evil;

            heard->ended = torture_end(wire, TORTURE_WAIT_MS, TORTURE_EVIL_ID, &evil);
            heard->evil = heard->evil || evil;
            return;
        }
    }
    heard->ended = got == TORTURE_END;
    heard->garbage = got == TORTURE_GARBAGE;
}

static bool is_refused(const struct heard *heard)
{
    return heard->count == 0 ||
           (heard->count == 1 && heard->last >= 400 && (heard->last < 500 || heard->last == 505));
}

static bool is_as_wished(enum torture_wish wish, const struct heard *heard)
{
    switch (wish) {
    case TORTURE_REFUSED:
    case TORTURE_CUT:
        return is_refused(heard) && heard->ended;
    case TORTURE_REFUSED_ONCE:
        return is_refused(heard) && (heard->count == 1 || heard->ended);
    case TORTURE_SERVED_ONCE:
        return heard->count == 1 && heard->last < 400;
    case TORTURE_SERVED_TWICE:
        return heard->count == 2 && heard->last < 400 && heard->statuses[0] == '2';
    }
    FC_UNREACHABLE("no such wish");
}

static int32_t judge(const struct torture_case *row, struct torture_wire *wire)
{
    bool ends = row->wish == TORTURE_REFUSED || row->wish == TORTURE_CUT;
    struct heard heard = {.statuses = ""};

    /* Of those that may stay the answers are there soon; what comes too much is there as well. */
    if (!ends) {
        struct fc_mono since = fc_clock_mono();
        int32_t wanted = row->wish == TORTURE_SERVED_TWICE ? 2 : 1;

        while (heard.count < wanted && !heard.ended && !heard.garbage &&
               fc_clock_ms_since(since) < TORTURE_WAIT_MS)
            hear(wire, QUIET_MS, &heard);
    }
    hear(wire, ends ? TORTURE_WAIT_MS : QUIET_MS, &heard);
    (void)printf("  %-44s %s%s\n", row->name, heard.count == 0 ? "cut" : heard.statuses,
                 heard.ended ? ", closed" : "");
    if (heard.evil)
        return torture_wrong("%s: the request inside of it was answered", row->name);
    if (heard.garbage)
        return torture_wrong("%s: bytes that are no answer", row->name);
    if (!is_as_wished(row->wish, &heard))
        return torture_wrong("%s: %s, %s", row->name, heard.statuses,
                             heard.ended ? "closed" : "left open");
    return 0;
}

int32_t torture_table(int32_t port)
{
    struct torture_wire *wires =
        calloc(torture_cases_count, sizeof(*wires)); /* heap: the table's size */
    int32_t wrong = 0;

    FC_ASSERT(wires != NULL);
    for (size_t i = 0; i < torture_cases_count; i++) {
        torture_open(&wires[i], port);
        /* It may have refused before all is sent. */
        (void)torture_send(&wires[i], torture_cases[i].text, SEND_MS);
    }
    for (size_t i = 0; i < torture_cases_count; i++)
        wrong += judge(&torture_cases[i], &wires[i]);
    for (size_t i = 0; i < torture_cases_count; i++)
        torture_close(&wires[i]);
    free(wires);
    return wrong;
}
