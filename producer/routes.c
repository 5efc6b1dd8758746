#include "producer/routes.h"

/* A literal segment stands before a pattern that would take it too. */
const struct route routes[] = {
    {ROUTE_USER_REGISTER, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/users", ROUTE_FOR_USERS, NULL,
     COMMAND_USER_REGISTER},
    {ROUTE_WALLET_CHARGE, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/users/{id}/charges", ROUTE_FOR_OWNER,
     "unknown_user", COMMAND_WALLET_CHARGE},
    {ROUTE_COUPON_ISSUE, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/coupon-templates/{id}/issues",
     ROUTE_FOR_USERS, "unknown_template", COMMAND_COUPON_ISSUE},
    {ROUTE_ORDER_PLACE, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/orders", ROUTE_FOR_USERS, NULL,
     COMMAND_ORDER_PLACE},
    {ROUTE_ORDER_CANCEL, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/orders/{uuid}/cancel",
     ROUTE_FOR_USERS, "unknown_order", COMMAND_ORDER_CANCEL},
    {ROUTE_ORDER_CHANGE, ROUTE_IS_COMMAND, REQUEST_PATCH, "/v1/orders/{uuid}", ROUTE_FOR_USERS,
     "unknown_order", COMMAND_ORDER_CHANGE},
    {ROUTE_ORDER_SHIP, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/orders/{uuid}/shipments",
     ROUTE_FOR_ADMINS, "unknown_order", COMMAND_ORDER_SHIP},
    {ROUTE_COUPON_REVOKE, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/coupons/{uuid}/revoke",
     ROUTE_FOR_ADMINS, "unknown_coupon", COMMAND_COUPON_REVOKE},
    {ROUTE_PRODUCT_POST, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/products", ROUTE_FOR_ADMINS, NULL,
     COMMAND_PRODUCT_PUT},
    {ROUTE_PRODUCT_PUT, ROUTE_IS_COMMAND, REQUEST_PUT, "/v1/products/{id}", ROUTE_FOR_ADMINS,
     "unknown_product", COMMAND_PRODUCT_PUT},
    {ROUTE_PRODUCT_DELETE, ROUTE_IS_COMMAND, REQUEST_DELETE, "/v1/products/{id}", ROUTE_FOR_ADMINS,
     "unknown_product", COMMAND_PRODUCT_DELETE},
    {ROUTE_OPTION_RESTOCK, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/options/{id}/restock",
     ROUTE_FOR_ADMINS, "unknown_option", COMMAND_OPTION_RESTOCK},
    {ROUTE_TEMPLATE_POST, ROUTE_IS_COMMAND, REQUEST_POST, "/v1/coupon-templates", ROUTE_FOR_ADMINS,
     NULL, COMMAND_TEMPLATE_PUT},
    {ROUTE_TEMPLATE_DELETE, ROUTE_IS_COMMAND, REQUEST_DELETE, "/v1/coupon-templates/{id}",
     ROUTE_FOR_ADMINS, "unknown_template", COMMAND_TEMPLATE_DELETE},

    {ROUTE_COMMAND, ROUTE_IS_STATUS, REQUEST_GET, "/v1/commands/{uuid}", ROUTE_FOR_USERS,
     "unknown_command", COMMAND_COUNT},
    {ROUTE_COMMAND_EVENTS, ROUTE_IS_STATUS, REQUEST_GET, "/v1/commands/{uuid}/events",
     ROUTE_FOR_USERS, "unknown_command", COMMAND_COUNT},

    {ROUTE_USER, ROUTE_IS_READ, REQUEST_GET, "/v1/users/{id}", ROUTE_FOR_OWNER, "unknown_user",
     COMMAND_COUNT},
    {ROUTE_BALANCE, ROUTE_IS_READ, REQUEST_GET, "/v1/users/{id}/balance", ROUTE_FOR_OWNER,
     "unknown_user", COMMAND_COUNT},
    {ROUTE_BALANCE_HISTORY, ROUTE_IS_READ, REQUEST_GET, "/v1/users/{id}/balance/history",
     ROUTE_FOR_OWNER, "unknown_user", COMMAND_COUNT},
    {ROUTE_USER_COUPONS, ROUTE_IS_READ, REQUEST_GET, "/v1/users/{id}/coupons", ROUTE_FOR_OWNER,
     "unknown_user", COMMAND_COUNT},
    {ROUTE_USER_ORDERS, ROUTE_IS_READ, REQUEST_GET, "/v1/users/{id}/orders", ROUTE_FOR_OWNER,
     "unknown_user", COMMAND_COUNT},
    {ROUTE_ORDER, ROUTE_IS_READ, REQUEST_GET, "/v1/orders/{uuid}", ROUTE_FOR_USERS, "unknown_order",
     COMMAND_COUNT},
    {ROUTE_ORDER_HISTORY, ROUTE_IS_READ, REQUEST_GET, "/v1/orders/{uuid}/history", ROUTE_FOR_USERS,
     "unknown_order", COMMAND_COUNT},
    {ROUTE_COUPON, ROUTE_IS_READ, REQUEST_GET, "/v1/coupons/{uuid}", ROUTE_FOR_USERS,
     "unknown_coupon", COMMAND_COUNT},
    {ROUTE_PRODUCTS, ROUTE_IS_READ, REQUEST_GET, "/v1/products", ROUTE_FOR_ALL, NULL,
     COMMAND_COUNT},
    {ROUTE_PRODUCTS_TOP, ROUTE_IS_READ, REQUEST_GET, "/v1/products/top", ROUTE_FOR_ALL, NULL,
     COMMAND_COUNT},
    {ROUTE_PRODUCT, ROUTE_IS_READ, REQUEST_GET, "/v1/products/{id}", ROUTE_FOR_ALL,
     "unknown_product", COMMAND_COUNT},
    {ROUTE_TEMPLATE, ROUTE_IS_READ, REQUEST_GET, "/v1/coupon-templates/{id}", ROUTE_FOR_USERS,
     "unknown_template", COMMAND_COUNT},
    {ROUTE_STATS_SALES, ROUTE_IS_READ, REQUEST_GET, "/v1/stats/sales", ROUTE_FOR_ADMINS, NULL,
     COMMAND_COUNT},

    {ROUTE_LIVEZ, ROUTE_IS_HEALTH, REQUEST_GET, "/livez", ROUTE_FOR_ALL, NULL, COMMAND_COUNT},
    {ROUTE_READYZ, ROUTE_IS_HEALTH, REQUEST_GET, "/readyz", ROUTE_FOR_ALL, NULL, COMMAND_COUNT},
    {ROUTE_METRICS, ROUTE_IS_HEALTH, REQUEST_GET, "/metrics", ROUTE_FOR_ALL, NULL, COMMAND_COUNT},
    {ROUTE_OPENAPI, ROUTE_IS_HEALTH, REQUEST_GET, "/openapi.json", ROUTE_FOR_ALL, NULL,
     COMMAND_COUNT},
};
const size_t routes_count = FC_ARRAY_COUNT(routes);

/* The bytes before the pattern's first id, or all of them, if the path begins with just these; else
 * 0. Of most rows a glance tells that they are another path's. */
static size_t alike_until(const char *pattern, struct fc_str path)
{
    size_t i = 0;

    if (pattern[ROUTE_GLANCE] != path.ptr[ROUTE_GLANCE])
        return 0;
    while (i < path.len && pattern[i] != '{' && pattern[i] == path.ptr[i])
        i++;
    return pattern[i] == (i == path.len ? '\0' : '{') ? i : 0;
}

/* Whether the rest of the path has the pattern's shape; *ret_good tells whether its id is one. */
static bool match_path(struct fc_str pattern, struct fc_str path, struct route_match *match,
                       bool *ret_good)
{
    *ret_good = true;
    while (pattern.len > 0 && path.len > 0) {
        struct fc_str wanted = fc_str_cut(&pattern, '/');
        struct fc_str segment = fc_str_cut(&path, '/');

        if (fc_str_eq(wanted, FC_STR("{id}"))) {
            if (!fc_str_to_i64(segment, 1, ID_MAX, &match->id))
                *ret_good = false;
        } else if (fc_str_eq(wanted, FC_STR("{uuid}"))) {
            if (!fc_uuid_parse(segment, &match->uuid))
                *ret_good = false;
        } else if (!fc_str_eq(wanted, segment)) {
            return false;
        }
        if (wanted.len > 0 && segment.len == 0)
            return false;
    }
    return pattern.len == 0 && path.len == 0;
}

enum route_found route_find(enum request_method method, struct fc_str path,
                            struct route_match *ret_match)
{
    struct fc_buf allow = fc_buf_of(ret_match->allow, sizeof(ret_match->allow) - 1);
    bool ends_in_slash = path.len > 0 && path.ptr[path.len - 1] == '/';

    *ret_match = (struct route_match){.route = NULL};
    /* A cut cannot tell /v1/users from /v1/users/, which is another path. */
    if (ends_in_slash || path.len <= ROUTE_GLANCE)
        return ROUTE_NO_PATH;
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *route = &routes[i];
        size_t alike = alike_until(route->pattern, path);
        bool good;

        if (alike == 0 ||
            !match_path(fc_str_of(route->pattern + alike),
                        (struct fc_str){path.ptr + alike, path.len - alike}, ret_match, &good))
            continue;
        if (route->method == method) {
            ret_match->route = route;
            ret_match->bad_id = !good;
            return ROUTE_FOUND;
        }
        if (allow.len > 0)
            fc_buf_put_text(&allow, ", ");
        if (route->method == REQUEST_GET)
            fc_buf_put_text(&allow, "GET, HEAD");
        else
            fc_buf_put_text(&allow, request_method_name(route->method));
    }
    ret_match->allow[allow.len] = '\0';
    return allow.len > 0 ? ROUTE_NO_METHOD : ROUTE_NO_PATH;
}
