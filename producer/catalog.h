/*
 * What the ingress has to know about the catalogue to route an order: which product an option
 * belongs to, and whether that product is sold first-come. Only what was asked about once is in
 * it; events keep it true, and the database is asked for the rest. It may be stale: a worker then
 * refuses the order as misrouted, nothing worse.
 */
#ifndef FC_PRODUCER_CATALOG_H
#define FC_PRODUCER_CATALOG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"

enum catalog_kind { CATALOG_OPTION, CATALOG_PRODUCT };

enum catalog_answer { CATALOG_UNKNOWN, CATALOG_ORDINARY, CATALOG_FIRST_COME };

struct catalog_entry {
    int64_t id;      /* 0: a free slot */
    int64_t product; /* of an option; a product's own id */
    enum catalog_kind kind;
    enum catalog_answer answer; /* of a product; UNKNOWN when it was deleted */
};

struct catalog {
    struct catalog_entry *entries; /* heap; grows with what was asked about */
    uint32_t mask;
    uint32_t count;
};

FC_MUST_USE enum fc_rc catalog_open(struct catalog *catalog, struct fc_err *ret_err);
void catalog_close(struct catalog *catalog);

/* Forgets all: events may have been missed. */
void catalog_clear(struct catalog *catalog);

/* What is known of an option's product or of a product; *ret_product_id is 0 when unknown. */
enum catalog_answer catalog_find(const struct catalog *catalog, enum catalog_kind kind, int64_t id,
                                 int64_t *ret_product_id);

/*
 * Learns that a product is (not) first-come. What an event says holds; what a query says (`sure`
 * false) may be older than the last event and fills gaps only. When the heap refuses, it is not
 * learnt and will be asked for again.
 */
void catalog_learn_product(struct catalog *catalog, int64_t product_id, bool first_come, bool sure);
void catalog_learn_option(struct catalog *catalog, int64_t option_id, int64_t product_id);
void catalog_forget_product(struct catalog *catalog, int64_t product_id);

#endif
