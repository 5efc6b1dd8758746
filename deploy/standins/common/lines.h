/*
 * What a stand-in was told, line by line in a file, so that it knows it again after a restart.
 * Written at once, not synced: it outlives the process, not the machine.
 */
#ifndef FC_STANDINS_LINES_H
#define FC_STANDINS_LINES_H

#include "base/err.h"
#include "base/str.h"

/* An event of the largest order, and more. */
#define LINES_BYTES_MAX (2 * 1024 * 1024)

struct lines {
    int fd; /* -1: in memory only */
};

/* Called with each line that is there, without its end; a last one that has no end is cut off the
 * file. */
typedef void lines_fn(void *arg, struct fc_str line);

/* An empty path: no file. Lines longer than LINES_BYTES_MAX are trouble. */
FC_MUST_USE enum fc_rc lines_open(struct lines *lines, const char *path, lines_fn *read, void *arg,
                                  struct fc_err *ret_err);
void lines_close(struct lines *lines);

/* Appends the text and a newline; trouble of the disk ends the process' use: it is told. */
FC_MUST_USE enum fc_rc lines_append(struct lines *lines, struct fc_str text,
                                    struct fc_err *ret_err);

#endif
