/*
 * What a client of the chaos suite does next, and how: the same for the same seed and the same
 * answers. Pure: it is told what came of things, and keeps a bounded number of coupons and orders
 * to name them later.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_CHOOSE_H
#define FC_TESTS_SUPPORT_CHAOS_CHOOSE_H

#include "host/backoff.h"
#include "support/chance.h"
#include "support/chaos_wish.h"

#define CHAOS_KEPT_MAX 512

struct chaos_mix {
    int64_t shares[CHAOS_MIX_COUNT]; /* by chaos_kind; not all 0 */
};

struct chaos_kept {
    struct fc_uuid id; /* the coupon's, the order's */
    int64_t user_id;
    struct command_key key; /* of an order */
};

struct chaos_shelf {
    int32_t count;
    struct chaos_kept items[CHAOS_KEPT_MAX];
};

struct chaos_choice {
    struct chance chance; /* its state is the seed at first */
    struct chaos_mix mix;
    struct chaos_range users;
    struct chaos_range templates;
    struct chaos_range products;
    int32_t transfer_percent;
    int32_t amqp_percent;
    int64_t sold_out; /* templates from the first on of which nothing is left */
    struct chaos_shelf coupons;
    struct chaos_shelf orders;
};

/* How a wish is pursued. */
struct chaos_manner {
    bool keyed;          /* it has an idempotency key: it may be tried again */
    bool over_amqp;      /* as a back-end producer */
    bool copied;         /* sent twice at once, as two wishes with one key */
    int32_t wait_s;      /* Prefer: wait; 0: the 202 is enough, the verdict is asked for later */
    int32_t patience_ms; /* without an answer by then it is sent again beside; 0: never */
};

/* "coupon=50,order=30"; kinds left out are 0. False when it is none. */
FC_MUST_USE bool chaos_mix_parse(struct fc_str text, struct chaos_mix *ret_mix);

/* Seeds that are near each other are no more alike than others. */
void chaos_choice_seed(struct chaos_choice *choice, int64_t seed);

void chaos_choose(struct chaos_choice *choice, struct chaos_wish *ret_wish);
struct chaos_manner chaos_choose_manner(struct chaos_choice *choice);

/* What came of wishes. A shelf that is full loses one of its things, any. */
void chaos_keep(struct chaos_choice *choice, struct chaos_shelf *shelf,
                const struct chaos_kept *kept);
void chaos_template_is_sold_out(struct chaos_choice *choice, int64_t template_id);

/* Before a try is repeated: at growing intervals with jitter, and never before the time that the
 * answer asked for (0: it did not), but what is asked for is believed up to
 * CHAOS_RETRY_AFTER_S_MAX only. */
#define CHAOS_RETRY_MS_MIN 100
#define CHAOS_RETRY_MS_MAX 10000
#define CHAOS_RETRY_AFTER_S_MAX 3
void chaos_retry_init(struct fc_backoff *backoff, struct chaos_choice *choice);
int32_t chaos_retry_ms(struct fc_backoff *backoff, int32_t retry_after_s);

#endif
