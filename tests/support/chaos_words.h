/*
 * The words of a client of the chaos suite: what it is asked to do, and where.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_WORDS_H
#define FC_TESTS_SUPPORT_CHAOS_WORDS_H

#include "support/chaos_choose.h"

struct chaos_words {
    const char *history; /* the file; it must not be there yet */
    bool setup;
    int64_t seed;
    int64_t seconds; /* 0: until it is asked to stop */
    int64_t drain_s;
    int64_t rate;
    int64_t parallel;
    int64_t amqp_percent;
    int64_t transfer_percent;
    int64_t quantity;
    int64_t money;
    struct chaos_range users;
    struct chaos_range templates;
    struct chaos_range products;
    struct chaos_mix mix;
    const char *urls; /* the environment's when not given */
};

/* False, with a sentence and how to use it on stderr, when they are wrong. Texts are views of
 * `argv`. */
FC_MUST_USE bool chaos_words_read(int argc, char **argv, struct chaos_words *ret_words);

#endif
