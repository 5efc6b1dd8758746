/*
 * How far a long task is, on stderr: a bar with rate and time left where a person looks on (a
 * terminal), a line now and then elsewhere. The text is made by a pure function; the rest is when
 * to print it.
 */
#ifndef FC_CLI_PROGRESS_H
#define FC_CLI_PROGRESS_H

#include "base/str.h"
#include "host/clock.h"

struct cli_progress {
    const char *label;
    int64_t total;
    int64_t done;
    struct fc_mono began;
    struct fc_mono shown; /* 0: not yet */
    bool tty;
};

void cli_progress_begin(struct cli_progress *progress, const char *label, int64_t total, bool tty);
void cli_progress_add(struct cli_progress *progress, int64_t count);
/* The last state; on a terminal the line is closed. */
void cli_progress_end(struct cli_progress *progress);

/* "orders   [=====>    ]  52 %  806/1550  410/s  0:01 left"; `elapsed_us` since the beginning. */
void cli_progress_put(struct fc_buf *buf, const struct cli_progress *progress, int64_t elapsed_us,
                      bool bar);

/* "1:02:03", "2:03", "0:03". */
void cli_duration_put(struct fc_buf *buf, int64_t seconds);

#endif
