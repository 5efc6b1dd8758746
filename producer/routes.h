/*
 * The paths of the contract: each with its methods, what serves it and who may ask. {id} stands
 * for a positive integer below 2^53, {uuid} for a UUID. Pure.
 */
#ifndef FC_PRODUCER_ROUTES_H
#define FC_PRODUCER_ROUTES_H

#include "producer/request.h"

enum route_name {
    /* commands */
    ROUTE_USER_REGISTER,
    ROUTE_WALLET_CHARGE,
    ROUTE_COUPON_ISSUE,
    ROUTE_ORDER_PLACE,
    ROUTE_ORDER_CANCEL,
    ROUTE_ORDER_CHANGE,
    ROUTE_ORDER_SHIP,
    ROUTE_COUPON_REVOKE,
    ROUTE_PRODUCT_POST,
    ROUTE_PRODUCT_PUT,
    ROUTE_PRODUCT_DELETE,
    ROUTE_OPTION_RESTOCK,
    ROUTE_TEMPLATE_POST,
    ROUTE_TEMPLATE_DELETE,
    /* what became of them */
    ROUTE_COMMAND,
    ROUTE_COMMAND_EVENTS,
    /* reads */
    ROUTE_USER,
    ROUTE_BALANCE,
    ROUTE_BALANCE_HISTORY,
    ROUTE_USER_COUPONS,
    ROUTE_USER_ORDERS,
    ROUTE_ORDER,
    ROUTE_ORDER_HISTORY,
    ROUTE_COUPON,
    ROUTE_PRODUCTS,
    ROUTE_PRODUCTS_TOP,
    ROUTE_PRODUCT,
    ROUTE_TEMPLATE,
    ROUTE_STATS_SALES,
    /* the process itself */
    ROUTE_LIVEZ,
    ROUTE_READYZ,
    ROUTE_METRICS,
    ROUTE_OPENAPI,
    ROUTE_NAME_COUNT
};

enum route_kind { ROUTE_IS_COMMAND, ROUTE_IS_STATUS, ROUTE_IS_READ, ROUTE_IS_HEALTH };

enum route_role {
    ROUTE_FOR_ALL,
    ROUTE_FOR_USERS, /* anybody with an identity */
    ROUTE_FOR_OWNER, /* {id} is a user: this one, or an administrator */
    ROUTE_FOR_ADMINS
};

struct route {
    enum route_name name;
    enum route_kind kind;
    enum request_method method;
    const char *pattern;
    enum route_role role;
    const char *unknown;    /* the problem's code when {id} or {uuid} is none */
    enum command_type type; /* of a command */
};

/* The byte by which paths differ most; each is longer than that, and has no id before it. */
#define ROUTE_GLANCE 5

enum route_found { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD };

struct route_match {
    const struct route *route; /* with ROUTE_FOUND */
    bool bad_id;               /* what stands for {id} or {uuid} is none */
    int64_t id;
    struct fc_uuid uuid;
    char allow[64]; /* with ROUTE_NO_METHOD: the methods there are */
};

enum route_found route_find(enum request_method method, struct fc_str path,
                            struct route_match *ret_match);

/* The whole table, for tests and metrics. */
extern const struct route routes[];
extern const size_t routes_count;

#endif
