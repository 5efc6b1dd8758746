/*
 * The state that one batch can touch, in memory: rows that were loaded, rows that are being born,
 * and for each what changed since. The shell fills it from the database (put), decide reads it,
 * apply changes it, the shell stores what is marked. Everything lives in the batch's arena; rows
 * do not move, so pointers to them stay valid; tables and indexes grow by doubling.
 *
 * A thing that does not exist has no row, or a row whose `exists` is false (deleted in this batch).
 */
#ifndef FC_CORE_SHOP_H
#define FC_CORE_SHOP_H

#include "base/arena.h"
#include "base/index.h"
#include "core/event.h"
#include "core/order_state.h"

/*
 * A row's fate since it was loaded, and what the store step makes of it:
 *     loaded   exists   changed   → update, all columns
 *     loaded   exists             → nothing
 *     loaded                      → delete
 *              exists             → insert
 *                                 → nothing: born and deleted in this batch
 * A row that was deleted and born again is an update; its version starts again at 1.
 */
struct row_mark {
    bool exists;  /* now */
    bool loaded;  /* stood in the database when the batch was loaded */
    bool changed; /* differs from what was loaded (or is new) */
};

struct wallet {
    int64_t user_id;
    struct row_mark user; /* the user's own row */
    struct row_mark row;  /* the wallet's */
    struct krw balance;
    struct krw held;        /* part of the balance, held for orders whose payment is under way */
    int64_t version;        /* now */
    int64_t version_loaded; /* guards the update */
};

struct product {
    int64_t product_id;
    struct row_mark row;
    struct fc_str name;
    struct krw price;
    struct fc_str category;
    enum product_status status;
    bool first_come;
    int64_t version;
    int64_t version_loaded;
};

struct option {
    int64_t option_id;
    int64_t product_id;
    struct row_mark row; /* changed: product, name, surcharge, birth or death, not the counts */
    struct fc_str name;
    struct krw surcharge;
    int64_t total;
    int64_t reserved;
    bool ordered;        /* some order refers to it: it cannot be deleted */
    int64_t total_delta; /* since loaded, when it was not: all; counts are stored as sums */
    int64_t reserved_delta;
    bool ordered_changed;
};

struct coupon_template {
    int64_t template_id;
    struct row_mark row;
    struct fc_str name;
    struct discount discount;
    bool limited;
    int64_t quantity;
    int64_t issued;
    struct fc_instant issue_from;
    struct fc_instant issue_until;
    int32_t valid_days;
    struct krw min_total;
    int64_t version;
    int64_t version_loaded;
};

enum coupon_status { COUPON_AVAILABLE, COUPON_USED, COUPON_EXPIRED, COUPON_CANCELLED };

struct coupon {
    struct fc_uuid coupon_id;
    int64_t template_id;
    int64_t user_id;
    struct row_mark row;
    int64_t position;
    enum coupon_status status;
    struct discount discount;
    struct krw min_total;
    struct fc_instant issued_at;
    bool expires;
    struct fc_instant expires_at;
    struct fc_uuid order_id; /* of the order it was used in, or zero */
    int64_t version;
    int64_t version_loaded;
};

struct order_item {
    struct sold_line sold;
    int64_t shipped; /* of its quantity */
};

struct order {
    struct order_terms terms; /* its lines are not kept here: see items */
    struct row_mark row;
    enum order_status status;
    enum order_failure failure; /* of a failed one */
    bool expires;               /* while its payment is under way */
    struct fc_instant expires_at;
    struct krw refunded;
    struct order_item *items; /* ascending by option_id, each once */
    int32_t item_count;
    bool items_changed; /* since loaded, or new: they are all written anew */
    int64_t version;
    int64_t version_loaded;
};

/* The policy table's newest row. Rules do not look here: they are given a struct policy. */
struct policy_row {
    int64_t version; /* 0: there is none */
    int64_t version_loaded;
    struct fc_str document; /* what was applied in this batch; empty: nothing was */
};

/* Rows in the order in which they were put. */
struct shop_table {
    void **rows; /* arena; grown by doubling */
    int32_t count;
    int32_t count_max;
};

struct shop {
    struct fc_arena *arena;
    struct shop_table wallets;   /* struct wallet */
    struct shop_table products;  /* struct product */
    struct shop_table options;   /* struct option */
    struct shop_table templates; /* struct coupon_template */
    struct shop_table coupons;   /* struct coupon */
    struct shop_table orders;    /* struct order */
    struct policy_row policy;
    struct fc_index by_user;
    struct fc_index by_product;
    struct fc_index by_product_name; /* hashed */
    struct fc_index by_option;
    struct fc_index by_option_product; /* an option under its product, several */
    struct fc_index by_template;
    struct fc_index by_coupon; /* hashed */
    struct fc_index by_holder; /* a coupon under (template, user), hashed */
    struct fc_index by_order;  /* hashed */
};

/* Empty, with room for `rows_max` rows of each kind before anything has to grow. The arena must
 * hold it (asserted: the gather step leaves enough, see BATCH_ARENA_BYTES). */
void shop_init(struct shop *shop, struct fc_arena *arena, int32_t rows_max);

/* Zeroed memory for `count` things of `size` bytes that lives as long as the shop (asserted). */
void *shop_take(const struct shop *shop, int32_t count, size_t size);

/* Rows to be filled by the caller, zeroed but for their keys. The key must not be there yet. */
struct wallet *shop_put_wallet(struct shop *shop, int64_t user_id);
struct product *shop_put_product(struct shop *shop, int64_t product_id, struct fc_str name);
struct option *shop_put_option(struct shop *shop, int64_t option_id, int64_t product_id);
struct coupon_template *shop_put_template(struct shop *shop, int64_t template_id);
struct coupon *shop_put_coupon(struct shop *shop, const struct fc_uuid *coupon_id,
                               int64_t template_id, int64_t user_id);
struct order *shop_put_order(struct shop *shop, const struct fc_uuid *order_id);

/* An index stands over these, so that they change by a call. */
void shop_rename_product(struct shop *shop, struct product *product, struct fc_str name);
void shop_move_option(struct shop *shop, struct option *option, int64_t product_id);

/* NULL when there is no such row; a row that no longer exists is found too. */
struct wallet *shop_find_wallet(const struct shop *shop, int64_t user_id);
struct product *shop_find_product(const struct shop *shop, int64_t product_id);
struct option *shop_find_option(const struct shop *shop, int64_t option_id);
struct coupon_template *shop_find_template(const struct shop *shop, int64_t template_id);
struct coupon *shop_find_coupon(const struct shop *shop, const struct fc_uuid *coupon_id);
struct order *shop_find_order(const struct shop *shop, const struct fc_uuid *order_id);

/* The existing product of that name, or NULL. A rename leaves the old name's entry behind; it is
 * passed over here. */
struct product *shop_find_product_named(const struct shop *shop, struct fc_str name);
/* The coupon of that template that the user holds in whatever status, or NULL. */
struct coupon *shop_find_holding(const struct shop *shop, int64_t template_id, int64_t user_id);
/* Walks the existing options of a product: start with *cursor = 0; NULL at the end. */
struct option *shop_next_option(const struct shop *shop, int64_t product_id, uint32_t *cursor);

#endif
