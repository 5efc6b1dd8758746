/*
 * What the kernel knows of this process, for the metrics: processor time, memory, descriptors,
 * start. Read from /proc each time it is asked for.
 */
#ifndef FC_HOST_PROCESS_STAT_H
#define FC_HOST_PROCESS_STAT_H

#include "base/compiler.h"
#include "base/time.h"

struct fc_process_stat {
    int64_t cpu_us; /* user and system */
    int64_t resident_bytes;
    int32_t open_fds;
    struct fc_instant start;
};

/* False where /proc is not what Linux shows; the output is then untouched. */
FC_MUST_USE bool fc_process_stat_read(struct fc_process_stat *ret_stat);

#endif
