/*
 * A run of load. In a closed loop each client sends its next request when the last one is answered;
 * in an open loop requests have planned instants, whatever the answers do, and latency counts from
 * there: a server that stands still does not keep the tool from noticing ("coordinated omission",
 * as Gil Tene named it). Reads the clock, waits, sends; what is sent is load_work.h's business.
 */
#ifndef FC_CLI_LOAD_RUN_H
#define FC_CLI_LOAD_RUN_H

#include "producer/cli/cli.h"
#include "producer/cli/load_plan.h"
#include "producer/cli/load_tally.h"
#include "producer/cli/load_work.h"

/* So many requests can be kept one by one, 48 bytes each. */
#define LOAD_RECORDS_MAX 20000000

struct load_record {
    int64_t planned_us;
    int64_t sent_us;
    int64_t answered_us; /* 0: it was not */
    int64_t position;
    int32_t status;
    int32_t code; /* -1: none */
};

struct load_run_settings {
    struct load_wire *wire;
    const struct load_writer *writer;
    struct load_work *work;
    struct load_reading reading;
    int32_t lane_count;
    int32_t timeout_ms;
    int64_t rate; /* 0: a closed loop */
    bool even;
    uint64_t seed;
    int64_t warm_up_ms;
    int64_t seconds;
    int64_t requests; /* that many and no warm-up; 0: by the time */
    bool keep_records;
    /* Each request that is over; NULL: nobody asks. */
    void (*settled)(void *arg, int64_t number, const struct load_answer *answer);
    void *arg;
};

struct load_slot {
    int64_t number;
    int64_t planned_us;
    int64_t sent_us;
};

struct load_run {
    struct load_run_settings settings;
    struct load_tally tally;
    struct load_plan plan;
    struct load_slot *slots;
    struct load_record *records; /* by number, of `sent` requests; NULL: not kept */
    int64_t limit;               /* requests at most */
    int64_t sent;
    bool sending;
    /* Of the monotonic clock; all measured is between the two. */
    int64_t begin_us;
    int64_t measured_us;
    int64_t end_us;
    int64_t answered_us; /* the last one */
    int64_t given_up_us; /* when the tool waits no longer */
    int64_t cpu_begin_us;
    int64_t cpu_end_us;
    bool cpu_began;
    char path[LOAD_PATH_BYTES_MAX];
    char body[LOAD_BODY_BYTES_MAX];
    char bytes[LOAD_REQUEST_BYTES_MAX];
};

/* Runs it to its end, or until the command was asked to stop. False without memory. `run` is
 * large: static memory. */
FC_MUST_USE bool load_run(struct load_run *run, const struct load_run_settings *settings);

/* The measured time, in microseconds, at least 1. */
int64_t load_run_took_us(const struct load_run *run);

#endif
