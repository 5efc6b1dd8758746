/*
 * What came of a command. State changes only by applying events (core/shop.h), now and when the
 * journal is replayed, so an event carries all that apply needs and nothing that depends on a
 * clock. `version` is the subject's version after the event (1 for a new one), 0 for stock events,
 * which are sums and commute.
 */
#ifndef FC_CORE_EVENT_H
#define FC_CORE_EVENT_H

#include "core/command.h"

enum event_type {
    EVENT_USER_REGISTERED,
    EVENT_WALLET_CHARGED,
    EVENT_WALLET_USED,
    EVENT_TEMPLATE_PUT,
    EVENT_TEMPLATE_DELETED,
    EVENT_COUPON_ISSUED,
    EVENT_COUPON_USED,
    EVENT_PRODUCT_PUT,
    EVENT_PRODUCT_DELETED,
    EVENT_STOCK_RESTOCKED,
    EVENT_STOCK_TAKEN,
    EVENT_ORDER_PAID,
    EVENT_COUNT
};

struct user_registered {
    int64_t user_id;
};

struct wallet_moved {
    int64_t user_id;
    struct krw amount;       /* above 0; a charge may be of 0 where the policy allows it */
    struct krw balance;      /* after it */
    struct fc_uuid order_id; /* zero for a charge */
};

struct coupon_issued {
    struct fc_uuid coupon_id; /* the id of the command that issued it */
    int64_t template_id;
    int64_t user_id;
    int64_t position; /* 1 for the template's first */
    struct discount discount;
    struct krw min_total;
    struct fc_instant issued_at;
    bool expires;
    struct fc_instant expires_at; /* the first instant at which it is expired */
};

struct coupon_used {
    struct fc_uuid coupon_id;
    int64_t user_id;
    struct fc_uuid order_id;
};

/* An option as it is from now on. `stock` is meant for a new option only; an old one's total
 * moves by a stock.restocked of its own. */
struct option_state {
    int64_t option_id;
    struct fc_str name;
    struct krw surcharge;
    bool is_new;
    int64_t stock;
};

struct product_changed {
    int64_t product_id;
    struct fc_str name;
    struct krw price;
    struct fc_str category;
    enum product_status status;
    bool first_come;
    struct option_state *options; /* the whole list; old ones that are not in it are deleted */
    int32_t option_count;
};

struct product_deleted {
    int64_t product_id;
    int64_t *option_ids;
    int32_t option_count;
};

struct stock_restocked {
    int64_t option_id;
    int64_t product_id;
    int64_t quantity;
};

struct stock_line {
    int64_t option_id;
    int64_t quantity;
};

struct stock_taken {
    struct fc_uuid order_id;
    struct stock_line *lines; /* ascending by option_id, each once */
    int32_t line_count;
};

struct sold_line {
    int64_t option_id;
    int64_t product_id;
    int64_t quantity;
    struct krw unit_price; /* price and surcharge at that moment */
};

struct order_paid {
    struct fc_uuid order_id;
    int64_t user_id;
    struct command_key key; /* under which it was placed */
    struct krw total;
    struct krw discount;
    struct krw paid; /* total - discount */
    bool has_coupon;
    struct fc_uuid coupon_id;
    enum payment_method payment;
    struct fc_instant ordered_at; /* the day it counts for is this instant's in Seoul */
    struct fc_instant paid_at;
    struct sold_line *lines; /* ascending by option_id, each once */
    int32_t line_count;
};

struct event {
    enum event_type type;
    int64_t version;

    union {
        struct user_registered user_registered;
        struct wallet_moved wallet_moved;
        struct template_put template_put;
        struct template_delete template_deleted;
        struct coupon_issued coupon_issued;
        struct coupon_used coupon_used;
        struct product_changed product_put;
        struct product_deleted product_deleted;
        struct stock_restocked stock_restocked;
        struct stock_taken stock_taken;
        struct order_paid order_paid;
    } data;
};

#endif
