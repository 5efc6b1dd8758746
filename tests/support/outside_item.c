#include "support/outside.h"
#include "support/told.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- orders ----------------------------------------------------------------------------------- */

int64_t outside_transfer_discount(const struct naive_order *order)
{
    return order->transferred * order->rate / BASIS_POINTS;
}

static bool is_paid(const struct naive_order *order)
{
    return order->status != ORDER_PENDING_PAYMENT && order->status != ORDER_FAILED;
}

/* Both are in the order of their options' ids. */
static bool lines_are(const struct naive_order *hand, struct json_object *lines)
{
    if (!json_object_is_type(lines, json_type_array) ||
        (int32_t)json_object_array_length(lines) != hand->line_count)
        return false;
    for (int32_t i = 0; i < hand->line_count; i++) {
        struct json_object *line = json_object_array_get_idx(lines, (size_t)i);
        const struct naive_line *by_hand = &hand->lines[i];

        if (told_int(line, "option_id") != by_hand->option ||
            told_int(line, "product_id") != by_hand->product ||
            told_int(line, "quantity") != by_hand->quantity ||
            told_int(line, "unit_price") != by_hand->unit ||
            told_int(line, "amount") != by_hand->quantity * by_hand->unit ||
            told_int(line, "shipped") != by_hand->shipped)
            return false;
    }
    return true;
}

static bool payment_is(const struct naive_order *hand, struct json_object *payment)
{
    const char *method = hand->transfer ? "bank_transfer" : "balance";

    return fc_str_eq(told_text(payment, "method"), fc_str_of(method)) &&
           told_int(payment, "from_balance") == hand->from_balance &&
           told_int(payment, "transfer") ==
               (hand->transfer ? hand->paid - hand->from_balance : 0) &&
           told_int(payment, "discount") == outside_transfer_discount(hand);
}

bool outside_order_differs(struct naive_shop *naive, struct json_object *item,
                           char ret_why[OUTSIDE_WHY_BYTES])
{
    struct fc_uuid id = told_uuid(item, "order_id");
    const struct naive_order *hand = naive_order(naive, &id);
    const char *text = json_object_to_json_string(item);

    OUTSIDE_SAME(hand != NULL, "an order that is not in the books: %s", text);
    struct fc_uuid coupon = told_uuid(item, "coupon_id");
    const char *status = order_status_name(hand->status);

    OUTSIDE_SAME(fc_str_eq(told_text(item, "status"), fc_str_of(status)),
                 "by hand the order is %s: %s", status, text);
    OUTSIDE_SAME(told_int(item, "user_id") == hand->user &&
                     told_int(item, "total") == hand->total &&
                     told_int(item, "discount") == hand->discount &&
                     told_int(item, "paid") == (is_paid(hand) ? hand->paid : 0) &&
                     told_int(item, "refunded") == hand->refunded,
                 "by hand the order is %" PRId64 " - %" PRId64 " = %" PRId64 ": %s", hand->total,
                 hand->discount, hand->paid, text);
    OUTSIDE_SAME(payment_is(hand, told_member(item, "payment")),
                 "by hand %" PRId64 " of the order are paid by balance, transferred %" PRId64
                 ": %s",
                 hand->from_balance, hand->transferred, text);
    OUTSIDE_SAME(fc_uuid_is_zero(&coupon) == !hand->has_coupon &&
                     (!hand->has_coupon || fc_uuid_eq(&coupon, &hand->coupon)),
                 "by hand the order has %s coupon: %s", hand->has_coupon ? "another" : "no", text);
    OUTSIDE_SAME(lines_are(hand, told_member(item, "lines")), "by hand the order has %d lines: %s",
                 (int)hand->line_count, text);
    OUTSIDE_SAME((told_member(item, "problem") != NULL) == (hand->status == ORDER_FAILED),
                 "a problem that is none, or none: %s", text);
    return false;
}

/* --- products --------------------------------------------------------------------------------- */

static bool option_is(struct naive_shop *naive, const struct naive_product *product,
                      struct json_object *item)
{
    const struct naive_option *hand = naive_option(naive, told_int(item, "option_id"));

    return hand != NULL && hand->product == product->id &&
           fc_str_eq(told_text(item, "name"), fc_str_of(hand->name)) &&
           told_int(item, "surcharge") == hand->surcharge &&
           told_int(item, "price") == product->price + hand->surcharge &&
           told_int(item, "available") == hand->total - hand->reserved;
}

bool outside_product_differs(struct naive_shop *naive, struct json_object *item,
                             char ret_why[OUTSIDE_WHY_BYTES])
{
    const struct naive_product *hand = naive_product(naive, told_int(item, "product_id"));
    const char *text = json_object_to_json_string(item);
    struct json_object *options = told_member(item, "options");
    int64_t available = 0;
    size_t count = 0;

    OUTSIDE_SAME(hand != NULL && json_object_is_type(options, json_type_array),
                 "a product that is not in the books: %s", text);
    for (int32_t i = 0; i < naive->option_count; i++) {
        if (naive->options[i].product != hand->id)
            continue;
        available += naive->options[i].total - naive->options[i].reserved;
        count++;
    }
    const char *status = hand->stopped ? "stopped" : available > 0 ? "on_sale" : "sold_out";

    OUTSIDE_SAME(fc_str_eq(told_text(item, "status"), fc_str_of(status)) &&
                     told_int(item, "available") == available,
                 "by hand the product is %s, %" PRId64 " pieces: %s", status, available, text);
    OUTSIDE_SAME(fc_str_eq(told_text(item, "name"), fc_str_of(hand->name)) &&
                     fc_str_eq(told_text(item, "category"), fc_str_of(hand->category)) &&
                     told_int(item, "price") == hand->price &&
                     json_object_get_boolean(told_member(item, "first_come")) == hand->first_come,
                 "by hand the product is %s of %s for %" PRId64 ": %s", hand->name, hand->category,
                 hand->price, text);
    OUTSIDE_SAME(json_object_array_length(options) == count,
                 "by hand the product has %zu options: %s", count, text);
    for (size_t i = 0; i < count; i++)
        OUTSIDE_SAME(option_is(naive, hand, json_object_array_get_idx(options, i)),
                     "by hand option %zu of the product is another: %s", i, text);
    return false;
}

/* --- results ---------------------------------------------------------------------------------- */

struct amount {
    const char *name;
    int64_t by_hand;
};

static bool amounts_differ(struct json_object *result, const struct amount *amounts, size_t count,
                           char ret_why[OUTSIDE_WHY_BYTES])
{
    for (size_t i = 0; i < count; i++)
        OUTSIDE_SAME(told_int(result, amounts[i].name) == amounts[i].by_hand,
                     "the result's %s, by hand %" PRId64 ": %s", amounts[i].name,
                     amounts[i].by_hand, json_object_to_json_string(result));
    return false;
}

#define AMOUNTS_DIFFER(result, ...)                                \
    amounts_differ((result), (const struct amount[]){__VA_ARGS__}, \
                   sizeof((const struct amount[]){__VA_ARGS__}) / sizeof(struct amount), ret_why)

static bool order_result_differs(struct naive_shop *naive, const struct fc_uuid *id,
                                 enum command_type type, struct json_object *result,
                                 char ret_why[OUTSIDE_WHY_BYTES])
{
    const struct naive_order *order = naive_order(naive, id);

    OUTSIDE_SAME(order != NULL, "the order is not in the books");
    const struct naive_user *user = naive_user(naive, order->user);
    const char *status = order_status_name(order->status);

    OUTSIDE_SAME(fc_str_eq(told_text(result, "status"), fc_str_of(status)),
                 "the order's status, by hand %s: %s", status, json_object_to_json_string(result));
    if (type == COMMAND_ORDER_CANCEL)
        return AMOUNTS_DIFFER(result, {"refunded", order->refunded}, {"balance", user->balance});
    if (type != COMMAND_ORDER_PLACE && type != COMMAND_ORDER_CHANGE)
        return false;
    return AMOUNTS_DIFFER(result, {"total", order->total}, {"discount", order->discount},
                          {"paid", is_paid(order) ? order->paid : 0}, {"balance", user->balance});
}

bool outside_result_differs(struct naive_shop *naive, const struct command *command,
                            struct json_object *result, char ret_why[OUTSIDE_WHY_BYTES])
{
    const struct fc_uuid *order_id =
        command->type == COMMAND_ORDER_PLACE ? &command->id : command_order_id(command);

    OUTSIDE_SAME(result != NULL, "a success without a result");
    if (order_id != NULL)
        return order_result_differs(naive, order_id, command->type, result, ret_why);
    if (command->type == COMMAND_WALLET_CHARGE) {
        const struct wallet_charge *charge = &command->body.wallet_charge;

        return AMOUNTS_DIFFER(result, {"balance", naive_user(naive, charge->user_id)->balance},
                              {"amount", charge->amount.won});
    }
    if (command->type == COMMAND_COUPON_ISSUE)
        return AMOUNTS_DIFFER(result, {"position", naive_coupon(naive, &command->id)->position});
    if (command->type == COMMAND_OPTION_RESTOCK) {
        const struct naive_option *option =
            naive_option(naive, command->body.option_restock.option_id);

        return AMOUNTS_DIFFER(result, {"total", option->total}, {"reserved", option->reserved},
                              {"available", option->total - option->reserved});
    }
    if (command->type == COMMAND_PRODUCT_PUT)
        return outside_product_differs(naive, result, ret_why);
    return false;
}
