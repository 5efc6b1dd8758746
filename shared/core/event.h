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
    EVENT_WALLET_REFUNDED,
    EVENT_WALLET_HELD,
    EVENT_WALLET_RELEASED,
    EVENT_TEMPLATE_PUT,
    EVENT_TEMPLATE_DELETED,
    EVENT_COUPON_ISSUED,
    EVENT_COUPON_USED,
    EVENT_COUPON_RETURNED,
    EVENT_COUPON_EXPIRED,
    EVENT_COUPON_REVOKED,
    EVENT_PRODUCT_PUT,
    EVENT_PRODUCT_DELETED,
    EVENT_STOCK_RESTOCKED,
    EVENT_STOCK_RESERVED,
    EVENT_STOCK_RELEASED,
    EVENT_STOCK_TAKEN,
    EVENT_STOCK_RETURNED,
    EVENT_ORDER_PLACED,
    EVENT_ORDER_PAID,
    EVENT_ORDER_FAILED,
    EVENT_ORDER_CANCELLED,
    EVENT_ORDER_CHANGED,
    EVENT_ORDER_SHIPPED,
    EVENT_POLICY_APPLIED,
    EVENT_DAY_CLOSED,
    EVENT_COUNT
};

struct user_registered {
    int64_t user_id;
};

/* Also holds and releases, which leave the balance alone: a held part of it cannot be spent. */
struct wallet_moved {
    int64_t user_id;
    struct krw amount;       /* above 0; a charge may be of 0 where the policy allows it */
    struct krw balance;      /* after it */
    bool from_held;          /* of a use: what was held for the order is used */
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

/* Also of a return to being available, an expiry and a revocation. */
struct coupon_moved {
    struct fc_uuid coupon_id;
    int64_t template_id;
    int64_t user_id;
    struct fc_uuid
        order_id; /* that it is used in, or returned from; zero where no order is in it */
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

/* Of an order: reserved (cannot be bought by others), released (the opposite), taken (gone from the
 * total), returned (the opposite). */
struct stock_moved {
    struct fc_uuid order_id;
    bool from_reserved;       /* of a taking: what was reserved before is taken */
    struct stock_line *lines; /* ascending by option_id, each once, quantities above 0 */
    int32_t line_count;
};

struct sold_line {
    int64_t option_id;
    int64_t product_id;
    int64_t quantity;
    struct krw unit_price;  /* price and surcharge at that moment */
    struct fc_str category; /* of the product at that moment; may be empty */
};

/* What an order is about. */
struct order_terms {
    struct fc_uuid order_id;
    int64_t user_id;
    struct command_key key; /* under which it was placed */
    struct krw total;
    struct krw discount; /* of the coupon and of the transfer together */
    struct krw paid;     /* total - discount: what it costs, paid or still to be paid */
    bool has_coupon;
    struct fc_uuid coupon_id;
    enum payment_method payment;
    struct krw from_balance;      /* of a bank transfer: its part of paid that the balance pays */
    int32_t transfer_rate;        /* basis points off what is transferred */
    struct krw transfer_discount; /* what these come to */
    struct fc_instant ordered_at; /* the day it counts for is this instant's in Seoul */
    struct fc_instant paid_at;    /* 0: not paid yet */
    struct sold_line *lines;      /* ascending by option_id, each once */
    int32_t line_count;
};

struct order_placed {
    struct order_terms terms;
    struct fc_instant expires_at; /* when its reservations may be released */
};

enum order_failure { ORDER_DECLINED, ORDER_TIMED_OUT, ORDER_EXPIRED };

struct order_failed {
    struct fc_uuid order_id;
    int64_t user_id;
    enum payment_method payment;
    enum order_failure failure;
};

struct order_cancelled {
    struct order_terms terms; /* as it stood */
    struct krw refunded;      /* all that was paid, to the balance */
    struct fc_str reason;     /* may be empty */
};

struct order_changed {
    struct order_terms terms; /* as it stands now */
    struct krw difference;    /* what it costs more than before (below 0: less), by the balance */
    struct sold_line *previous;
    int32_t previous_count;
};

struct order_shipped {
    struct fc_uuid order_id;
    int64_t user_id;
    bool complete;            /* nothing is left to ship */
    struct stock_line *lines; /* of this shipment: ascending by option_id, each once */
    int32_t line_count;
};

struct day_closed {
    struct fc_day day;
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
        struct coupon_moved coupon_moved; /* coupon.used, returned, expired, revoked */
        struct product_changed product_put;
        struct product_deleted product_deleted;
        struct stock_restocked stock_restocked;
        struct stock_moved stock_moved; /* stock.reserved, released, taken, returned */
        struct order_placed order_placed;
        struct order_terms order_paid;
        struct order_failed order_failed;
        struct order_cancelled order_cancelled;
        struct order_changed order_changed;
        struct order_shipped order_shipped;
        struct policy_apply policy_applied;
        struct day_closed day_closed;
    } data;
};

#endif
