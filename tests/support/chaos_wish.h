/*
 * What a client of the chaos suite wants, kept small, and the shop that it is about: which products
 * are sold first-come, which options they have, what they cost, all told by their ids, so that
 * every client knows it without asking. Pure.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_WISH_H
#define FC_TESTS_SUPPORT_CHAOS_WISH_H

#include "base/arena.h"
#include "core/command.h"

/* The identity under which administrators' commands are asked for. */
#define CHAOS_ADMIN_ID INT64_C(1)
#define CHAOS_LINES_MAX 3

enum chaos_kind {
    /* what a load is mixed of */
    CHAOS_COUPON,
    CHAOS_ORDER,
    CHAOS_CHARGE,
    CHAOS_CANCEL,
    CHAOS_RESTOCK,
    CHAOS_MIX_COUNT,
    /* what the shop is made of */
    CHAOS_USER = CHAOS_MIX_COUNT,
    CHAOS_PRODUCT,
    CHAOS_TEMPLATE
};

struct chaos_range {
    int64_t first;
    int64_t count;
};

struct chaos_line {
    int64_t product_id;
    int32_t option; /* its number among the product's */
    int32_t quantity;
};

struct chaos_wish {
    enum chaos_kind kind;
    int64_t user_id;    /* who asks */
    int64_t subject_id; /* the template, or the product */
    int64_t amount;     /* won of a charge; pieces of a restock; a template's quantity */
    int64_t at_us;      /* of a template: when it opened, as UTC */
    struct command_key key;
    struct fc_uuid order_id;  /* of a cancellation */
    struct fc_uuid coupon_id; /* of an order; zero: none */
    bool by_transfer;         /* of an order */
    int32_t line_count;
    struct chaos_line lines[CHAOS_LINES_MAX]; /* of an order; of a restock one, its option */
};

bool chaos_is_first_come(int64_t product_id);
int32_t chaos_option_count(int64_t product_id);
int64_t chaos_option_id(int64_t product_id, int32_t option);

bool chaos_is_admins(enum chaos_kind kind);

/* Sets the wish's key from all else in it, but for a cancellation's. */
void chaos_wish_key(struct chaos_wish *wish);

/* The command that is wished: without id and time; its lists are in the arena, which must have 4
 * KiB left. */
void chaos_wish_command(const struct chaos_wish *wish, struct fc_arena *arena,
                        struct command *ret_command);

#endif
