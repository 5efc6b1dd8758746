/*
 * Trouble: what goes wrong outside the program (broker gone, deadlock, malformed bytes). The
 * floor that meets it says in `cure` what the shell has to do next; floors below the shell never
 * log. Refusals are verdicts (core/verdict.h), mistakes are assertions (base/assert.h).
 */
#ifndef FC_BASE_ERR_H
#define FC_BASE_ERR_H

#include "base/compiler.h"

enum fc_rc { FC_OK, FC_FAIL };

enum fc_cure {
    FC_CURE_RETRY,     /* the same again after a pause; nothing was lost */
    FC_CURE_AGAIN,     /* no trouble: it takes longer, the same again at once */
    FC_CURE_RECONNECT, /* the connection is of no use any more: open it anew, then retry */
    FC_CURE_PARK,      /* these bytes will never do: set them aside with the reason */
    FC_CURE_EXIT,      /* no use to go on: settings, schema, or core and schema disagree */
    FC_CURE_COUNT
};

struct fc_err {
    enum fc_cure cure;
    const char *where; /* a literal: the call that failed */
    int sys;           /* errno, or 0 */
    char code[8];      /* SQLSTATE or AMQP reply code, or empty */
    char text[240];    /* one sentence for the log, NUL-terminated */
};

/* Fills `ret_err` and returns FC_FAIL, so that `return fc_err_set(…)` reads as one step. */
FC_PRINTF(4, 5)
enum fc_rc fc_err_set(struct fc_err *ret_err, enum fc_cure cure, const char *where,
                      const char *format, ...);

/* The same with errno's number and its sentence behind the text. */
enum fc_rc fc_err_set_sys(struct fc_err *ret_err, enum fc_cure cure, const char *where, int sys);

const char *fc_cure_name(enum fc_cure cure);

#endif
