#include "support/caller_route.h"

#include "wire/command.h"

#include <string.h>

static void path_of_id(struct fc_buf *path, const char *folder, int64_t id, const char *rest)
{
    fc_buf_put_fmt(path, "/v1/%s/%lld%s", folder, (long long)id, rest);
}

static void path_of_uuid(struct fc_buf *path, const char *folder, const struct fc_uuid *id,
                         const char *rest)
{
    fc_buf_put_fmt(path, "/v1/%s/", folder);
    fc_uuid_put(path, id);
    fc_buf_put_text(path, rest);
}

/* The method, with its path; NULL for a command without a route. */
static const char *put_path(const struct command *command, bool second, struct fc_buf *path)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        fc_buf_put_text(path, "/v1/users");
        return "POST";
    case COMMAND_WALLET_CHARGE:
        path_of_id(path, "users", command->body.wallet_charge.user_id, "/charges");
        return "POST";
    case COMMAND_COUPON_ISSUE:
        path_of_id(path, "coupon-templates", command->body.coupon_issue.template_id, "/issues");
        return "POST";
    case COMMAND_COUPON_REVOKE:
        path_of_uuid(path, "coupons", &command->body.coupon_revoke.coupon_id, "/revoke");
        return "POST";
    case COMMAND_TEMPLATE_PUT:
        fc_buf_put_text(path, "/v1/coupon-templates");
        return "POST";
    case COMMAND_TEMPLATE_DELETE:
        path_of_id(path, "coupon-templates", command->body.template_delete.template_id, "");
        return "DELETE";
    case COMMAND_ORDER_PLACE:
        fc_buf_put_text(path, "/v1/orders");
        return "POST";
    case COMMAND_ORDER_CANCEL:
        path_of_uuid(path, "orders", &command->body.order_cancel.order_id, "/cancel");
        return "POST";
    case COMMAND_ORDER_CHANGE:
        path_of_uuid(path, "orders", &command->body.order_change.order_id, "");
        return "PATCH";
    case COMMAND_ORDER_SHIP:
        path_of_uuid(path, "orders", &command->body.order_ship.order_id, "/shipments");
        return "POST";
    case COMMAND_PRODUCT_PUT:
        if (second) {
            fc_buf_put_text(path, "/v1/products");
            return "POST";
        }
        path_of_id(path, "products", command->body.product_put.product_id, "");
        return "PUT";
    case COMMAND_PRODUCT_DELETE:
        path_of_id(path, "products", command->body.product_delete.product_id, "");
        return "DELETE";
    case COMMAND_OPTION_RESTOCK:
        path_of_id(path, "options", command->body.option_restock.option_id, "/restock");
        return "POST";
    case COMMAND_COUPON_EXPIRE:
    case COMMAND_ORDER_EXPIRE:
    case COMMAND_PAYMENT_SETTLE:
    case COMMAND_POLICY_APPLY:
    case COMMAND_DAY_CLOSE:
    case COMMAND_COUNT:
        break;
    }
    return NULL;
}

/* Those whose path says it all have a body as well as none. */
static bool is_said_by_path(enum command_type type)
{
    return type == COMMAND_TEMPLATE_DELETE || type == COMMAND_PRODUCT_DELETE ||
           type == COMMAND_ORDER_CANCEL || type == COMMAND_COUPON_REVOKE;
}

bool caller_route(const struct command *command, bool second, struct fc_buf *body,
                  struct call *ret_call)
{
    struct call call = {.method = NULL};
    struct fc_buf path = fc_buf_of(call.path, sizeof(call.path) - 1);

    call.method = put_path(command, second, &path);
    if (call.method == NULL)
        return false;
    if (!is_said_by_path(command->type) || (second && strcmp(call.method, "POST") == 0))
        wire_body_put(body, command);
    call.body = fc_buf_str(body);
    *ret_call = call;
    return true;
}

bool caller_route_is_admins(enum command_type type)
{
    return type == COMMAND_ORDER_SHIP || type == COMMAND_COUPON_REVOKE ||
           type == COMMAND_PRODUCT_PUT || type == COMMAND_PRODUCT_DELETE ||
           type == COMMAND_OPTION_RESTOCK || type == COMMAND_TEMPLATE_PUT ||
           type == COMMAND_TEMPLATE_DELETE;
}

int32_t caller_route_status(const struct call *call)
{
    static const char *const places[] = {"/v1/users", "/v1/coupon-templates", "/v1/orders",
                                         "/v1/products"};
    struct fc_str path = fc_str_of(call->path);
    struct fc_str issues = FC_STR("/issues");

    if (strcmp(call->method, "POST") != 0)
        return 200;
    for (size_t i = 0; i < FC_ARRAY_COUNT(places); i++)
        if (fc_str_eq(path, fc_str_of(places[i])))
            return 201;
    if (path.len > issues.len)
        path = (struct fc_str){path.ptr + path.len - issues.len, issues.len};
    return fc_str_eq(path, issues) ? 201 : 200;
}
