/*
 * The kinds of load: which request is the n-th of a run. The same numbers and seed give the same
 * requests in the same order. Pure.
 */
#ifndef FC_CLI_LOAD_WORK_H
#define FC_CLI_LOAD_WORK_H

#include "base/limits.h"
#include "producer/cli/generate.h"
#include "producer/cli/load_request.h"

#define LOAD_LINES_MAX 100
#define LOAD_COUNT_MAX 100000000
#define LOAD_ID_BYTES 40

enum load_kind {
    LOAD_ORDERS,
    LOAD_ISSUES,
    LOAD_CHARGES,
    LOAD_STATUS,
    LOAD_GET,
    /* What `prepare` is made of. */
    LOAD_PREPARE_USERS,
    LOAD_PREPARE_BALANCES,
    LOAD_PREPARE_PRODUCTS,
    LOAD_PREPARE_TEMPLATES,
    /* Charges by the users in turn: commands whose status can be polled. */
    LOAD_PREPARE_IDS,
    LOAD_KIND_COUNT
};

/* A command whose status is polled. */
struct load_id {
    int64_t user_id;
    char text[LOAD_ID_BYTES];
};

struct load_world {
    int64_t users;
    int64_t first_user;
    int64_t options;
    int64_t first_option;
    int64_t templates;
    int64_t first_template;
    int64_t lines; /* of an order, at most */
    bool hot;      /* all orders of the first option */
    const char *path;
    const struct load_id *ids;
    int64_t id_count;
    /* of `prepare` */
    int64_t balance;
    int64_t stock;
    int64_t quantity;
};

struct load_work {
    enum load_kind kind;
    const struct load_world *world;
    struct generate_chance chance;
};

const char *load_kind_name(enum load_kind kind);
/* False: there is no such word. */
FC_MUST_USE bool load_kind_of(struct fc_str word, enum load_kind *ret_kind);

/* Who sends the LOAD_PREPARE_IDS of that number. */
int64_t load_work_user(const struct load_world *world, int64_t number);

/* How many requests there are at most; LOAD_COUNT_MAX where nothing bounds them. */
int64_t load_work_count(const struct load_work *work);

/* Fills the request of that number; its path and body are over the caller's memory, and empty. To
 * be called with 0, 1, 2 … */
void load_work_next(struct load_work *work, int64_t number, struct load_request *request);

#endif
