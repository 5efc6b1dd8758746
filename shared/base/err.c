#include "base/err.h"

#include "base/assert.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum fc_rc fc_err_set(struct fc_err *ret_err, enum fc_cure cure, const char *where,
                      const char *format, ...)
{
    struct fc_err err = {.cure = cure, .where = where};
    va_list args;

    /* Not into ret_err at once: its old text may be among the arguments. */
    va_start(args, format);
    (void)vsnprintf(err.text, sizeof(err.text), format, args);
    va_end(args);
    *ret_err = err;
    /* A library's message ends in a newline; a log line does not. */
    for (char *c = ret_err->text; *c != '\0'; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    return FC_FAIL;
}

enum fc_rc fc_err_set_sys(struct fc_err *ret_err, enum fc_cure cure, const char *where, int sys)
{
    (void)fc_err_set(ret_err, cure, where, "%s: %s", where, strerror(sys));
    ret_err->sys = sys;
    return FC_FAIL;
}

const char *fc_cure_name(enum fc_cure cure)
{
    switch (cure) {
    case FC_CURE_RETRY:
        return "retry";
    case FC_CURE_AGAIN:
        return "again";
    case FC_CURE_RECONNECT:
        return "reconnect";
    case FC_CURE_PARK:
        return "park";
    case FC_CURE_EXIT:
        return "exit";
    case FC_CURE_COUNT:
        break;
    }
    FC_UNREACHABLE("no such cure");
}
