/*
 * A cycle over a queue of so many deliveries from two sources in turn, and a job that notes what it
 * is told. For tests of the cycle alone; cycle_fake_setup makes all of it new.
 */
#ifndef FC_TESTS_SUPPORT_CYCLE_FAKE_H
#define FC_TESTS_SUPPORT_CYCLE_FAKE_H

#include "skeleton/cycle.h"

struct cycle_fake {
    int32_t left;
    int64_t delivery_count;
    uint64_t suspect; /* the tag of a delivery that ended in deaths, 0: none */
    uint64_t tag;
    char acks[256];
    struct fc_buf acked;
    int32_t taken;
    int32_t items_each;
    size_t bytes_each;
    int32_t begins;
    int32_t commits;
    int32_t announces;
    enum fc_cure commit_trouble; /* FC_CURE_COUNT: none */
    enum fc_cure announce_trouble;
    uint64_t sent; /* announcements, which count from 1: the last's mark */
    uint64_t confirmed;
    int32_t waits; /* for confirms alone */
    enum fc_cure send_trouble;
    enum fc_cure confirm_trouble;
    bool next_fails;
    bool ack_fails;
};

extern struct fc_arena arena;
extern struct cycle_fake fake;
extern struct cycle cycle;
extern struct fc_instant now; /* of each step */

/* Setups of cmocka's; the other one's cycle may owe acknowledgements. */
int cycle_fake_setup(void **state);
int cycle_fake_setup_owing(void **state);

/* One step that goes well; one that fails with the cure. */
struct cycle_step step_ok(void);
struct cycle_step step_trouble(enum fc_cure cure);

#endif
