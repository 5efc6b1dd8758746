#include "support/naive.h"

#include "base/limits.h"

#include <string.h>

/* What is asked for, each option once, in the order of their ids. */
struct naive_list {
    struct naive_line lines[NAIVE_LINES];
    int32_t count;
    int64_t total;
};

struct naive_line *naive_line(struct naive_line *lines, int32_t count, int64_t option)
{
    for (int32_t i = 0; i < count; i++)
        if (lines[i].option == option)
            return &lines[i];
    return NULL;
}

/* The only option of a product; NULL when it has none or several. */
static struct naive_option *only_option(struct naive_shop *shop, int64_t product)
{
    struct naive_option *found = NULL;

    for (int32_t i = 0; i < shop->option_count; i++) {
        if (shop->options[i].product != product)
            continue;
        if (found != NULL)
            return NULL;
        found = &shop->options[i];
    }
    return found;
}

static enum verdict find_option(struct naive_shop *shop, const struct order_line *asked,
                                struct naive_option **ret_option)
{
    bool names_product = asked->product_id != 0;

    if ((names_product || asked->option_id == 0) && naive_product(shop, asked->product_id) == NULL)
        return VERDICT_UNKNOWN_PRODUCT;
    *ret_option = asked->option_id != 0 ? naive_option(shop, asked->option_id)
                                        : only_option(shop, asked->product_id);
    if (*ret_option == NULL || (names_product && (*ret_option)->product != asked->product_id))
        return VERDICT_UNKNOWN_OPTION;
    return VERDICT_SUCCEEDED;
}

static enum verdict list_up(struct naive_shop *shop, const struct order_line *asked, int32_t count,
                            struct naive_list *list)
{
    *list = (struct naive_list){.count = 0};
    for (int32_t i = 0; i < count; i++) {
        struct naive_option *option;
        enum verdict verdict = find_option(shop, &asked[i], &option);
        int32_t at = list->count;

        if (verdict != VERDICT_SUCCEEDED)
            return verdict;
        struct naive_line *line = naive_line(list->lines, list->count, option->id);

        if (line != NULL) {
            line->quantity += asked[i].quantity;
            continue;
        }
        for (; at > 0 && list->lines[at - 1].option > option->id; at--)
            list->lines[at] = list->lines[at - 1];
        list->lines[at] = (struct naive_line){
            .option = option->id,
            .product = option->product,
            .quantity = asked[i].quantity,
            .unit = naive_product(shop, option->product)->price + option->surcharge,
        };
        list->count++;
    }
    return VERDICT_SUCCEEDED;
}

static void add_up(struct naive_list *list)
{
    list->total = 0;
    for (int32_t i = 0; i < list->count; i++)
        list->total += list->lines[i].quantity * list->lines[i].unit;
}

static enum verdict check_products(struct naive_shop *shop, const struct naive_list *list,
                                   const struct command *command)
{
    int64_t first_come = 0;

    for (int32_t i = 0; i < list->count; i++)
        if (naive_product(shop, list->lines[i].product)->stopped)
            return VERDICT_PRODUCT_NOT_ON_SALE;
    for (int32_t i = 0; i < list->count; i++) {
        int64_t product = list->lines[i].product;

        if (!naive_product(shop, product)->first_come)
            continue;
        if (first_come != 0 && first_come != product)
            return VERDICT_SEVERAL_FIRST_COME_PRODUCTS;
        first_come = product;
    }
    if (first_come != 0)
        return naive_key_is(command, COMMAND_KEY_PRODUCT, first_come) ? VERDICT_SUCCEEDED
                                                                      : VERDICT_MISROUTED;
    return naive_key_is(command, COMMAND_KEY_USER, command->body.order_place.user_id)
               ? VERDICT_SUCCEEDED
               : VERDICT_MISROUTED;
}

static int64_t off_transfer(int64_t amount, int32_t rate)
{
    return amount * rate / BASIS_POINTS;
}

void naive_move_stock(struct naive_shop *shop, const struct naive_order *order, int64_t total,
                      int64_t reserved)
{
    for (int32_t i = 0; i < order->line_count; i++) {
        struct naive_option *option = naive_option(shop, order->lines[i].option);

        option->total += total * order->lines[i].quantity;
        option->reserved += reserved * order->lines[i].quantity;
        option->ordered = true;
    }
}

static void write_lines(struct naive_order *order, const struct naive_list *list)
{
    memcpy(order->lines, list->lines, sizeof(order->lines));
    order->line_count = list->count;
    order->total = list->total;
}

/* Paid when nothing is to be transferred, else reserved and held. */
static void write_order(struct naive_shop *shop, struct naive_order *order,
                        const struct naive_list *list, int64_t by_balance)
{
    struct naive_user *user = naive_user(shop, order->user);
    bool pending = order->transferred > 0;

    write_lines(order, list);
    order->paid = order->total - order->discount;
    order->status = pending ? ORDER_PENDING_PAYMENT : ORDER_PAID;
    if (pending)
        user->held += by_balance;
    else
        user->balance -= by_balance;
    naive_move_stock(shop, order, pending ? 0 : -1, pending ? 1 : 0);
    shop->orders[shop->order_count++] = *order;
}

enum verdict naive_order_place(struct naive_shop *shop, const struct policy *policy,
                               const struct command *command, struct fc_instant now)
{
    const struct order_place *place = &command->body.order_place;
    struct naive_user *user = naive_user(shop, place->user_id);
    struct naive_coupon *coupon = place->has_coupon ? naive_coupon(shop, &place->coupon_id) : NULL;
    struct naive_order order = {.id = command->id,
                                .user = place->user_id,
                                .key = command->key,
                                .has_coupon = coupon != NULL};
    struct naive_list list;
    enum verdict verdict;

    if (user == NULL)
        return VERDICT_UNKNOWN_USER;
    if (!user->wallet)
        return VERDICT_UNKNOWN_WALLET;
    if ((verdict = list_up(shop, place->lines, place->line_count, &list)) != VERDICT_SUCCEEDED ||
        (verdict = check_products(shop, &list, command)) != VERDICT_SUCCEEDED)
        return verdict;
    order.transfer = place->payment == PAYMENT_BANK_TRANSFER;
    if (order.transfer && !policy->bank_transfer)
        return VERDICT_PAYMENT_METHOD_NOT_ALLOWED;
    add_up(&list);
    if (place->has_coupon) {
        verdict = naive_coupon_usable(coupon, user->id, command->accepted_at.us, list.total);
        if (verdict != VERDICT_SUCCEEDED)
            return verdict;
        order.discount = naive_discount(&coupon->discount, list.total);
        order.coupon = coupon->id;
    }
    for (int32_t i = 0; i < list.count; i++) {
        const struct naive_option *option = naive_option(shop, list.lines[i].option);

        if (list.lines[i].quantity > option->total - option->reserved ||
            list.lines[i].quantity > QUANTITY_MAX)
            return VERDICT_INSUFFICIENT_STOCK;
    }
    int64_t due = list.total - order.discount;

    if (coupon != NULL && due <= 0 && policy->coupon_excess == POLICY_EXCESS_IS_REFUSED)
        return VERDICT_DISCOUNT_EXCEEDS_TOTAL;
    if (place->from_balance.won > due)
        return VERDICT_INVALID_REQUEST;

    int64_t by_balance = order.transfer ? place->from_balance.won : due;
    int64_t by_transfer = due - by_balance;

    if (list.total > AMOUNT_KRW_MAX || by_balance > user->balance - user->held)
        return VERDICT_INSUFFICIENT_BALANCE;
    if (order.transfer) {
        order.rate = policy->transfer_rate;
        order.from_balance = by_balance;
        order.transferred = by_transfer;
        order.discount += off_transfer(by_transfer, order.rate);
    }
    if (coupon != NULL)
        coupon->status = COUPON_USED;
    order.expires_us = now.us + policy->transfer_expire_s * FC_US_PER_S;
    write_order(shop, &order, &list, by_balance);
    return VERDICT_SUCCEEDED;
}

enum verdict naive_find_order(struct naive_shop *shop, const struct command *command,
                              const struct fc_uuid *id, struct naive_order **ret_order)
{
    *ret_order = naive_order(shop, id);
    if (*ret_order == NULL)
        return VERDICT_UNKNOWN_ORDER;
    return naive_key_is(command, (*ret_order)->key.kind, (*ret_order)->key.id) ? VERDICT_SUCCEEDED
                                                                               : VERDICT_MISROUTED;
}

void naive_coupon_returns(struct naive_shop *shop, const struct naive_order *order, int64_t at_us)
{
    if (order->has_coupon)
        naive_coupon_back(naive_coupon(shop, &order->coupon), at_us);
}

/* Whether the shelves have room for what an order gives back beyond what it shall have. */
static bool shelves_hold(struct naive_shop *shop, const struct naive_order *order,
                         struct naive_line *kept, int32_t kept_count)
{
    for (int32_t i = 0; i < order->line_count; i++) {
        const struct naive_line *line = &order->lines[i];
        const struct naive_line *left = naive_line(kept, kept_count, line->option);
        int64_t back = line->quantity - (left != NULL ? left->quantity : 0);

        if (back > 0 && naive_option(shop, line->option)->total + back > STOCK_MAX)
            return false;
    }
    return true;
}

/* No wallet holds more than an amount may be, whatever the policy says. */
static int64_t refund_ceiling(const struct policy *policy)
{
    return policy->refund_above_max ? AMOUNT_KRW_MAX : policy->balance_max.won;
}

enum verdict naive_order_cancel(struct naive_shop *shop, const struct policy *policy,
                                const struct command *command)
{
    struct naive_order *order;
    enum verdict verdict =
        naive_find_order(shop, command, &command->body.order_cancel.order_id, &order);

    if (verdict != VERDICT_SUCCEEDED)
        return verdict;
    if (!policy->order_cancel || order->status != ORDER_PAID || !shelves_hold(shop, order, NULL, 0))
        return VERDICT_ORDER_NOT_CANCELLABLE;
    struct naive_user *user = naive_user(shop, order->user);

    if (order->paid > 0 && user->balance + order->paid > refund_ceiling(policy))
        return VERDICT_BALANCE_LIMIT_EXCEEDED;
    user->balance += order->paid;
    order->refunded = order->paid;
    order->status = ORDER_CANCELLED;
    naive_move_stock(shop, order, 1, 0);
    naive_coupon_returns(shop, order, command->accepted_at.us);
    return VERDICT_SUCCEEDED;
}

/* Whether the line is there already with as much or more. */
static const struct naive_line *kept_line(struct naive_order *order, const struct naive_line *line)
{
    const struct naive_line *old = naive_line(order->lines, order->line_count, line->option);

    return old != NULL && line->quantity <= old->quantity ? old : NULL;
}

static enum verdict check_change(struct naive_shop *shop, struct naive_order *order,
                                 struct naive_list *list)
{
    for (int32_t i = 0; i < list->count; i++)
        if (kept_line(order, &list->lines[i]) == NULL &&
            naive_product(shop, list->lines[i].product)->stopped)
            return VERDICT_PRODUCT_NOT_ON_SALE;
    for (int32_t i = 0; i < list->count; i++) {
        const struct naive_line *line = &list->lines[i];

        if (kept_line(order, line) == NULL && naive_product(shop, line->product)->first_come &&
            (order->key.kind != COMMAND_KEY_PRODUCT || order->key.id != line->product))
            return VERDICT_ORDER_NOT_CHANGEABLE;
    }
    for (int32_t i = 0; i < list->count; i++) {
        const struct naive_line *kept = kept_line(order, &list->lines[i]);

        if (kept != NULL)
            list->lines[i].unit = kept->unit;
    }
    add_up(list);
    return VERDICT_SUCCEEDED;
}

static bool stock_suffices(struct naive_shop *shop, struct naive_order *order,
                           const struct naive_list *list)
{
    for (int32_t i = 0; i < list->count; i++) {
        const struct naive_line *line = &list->lines[i];
        const struct naive_line *old = naive_line(order->lines, order->line_count, line->option);
        const struct naive_option *option = naive_option(shop, line->option);

        if (line->quantity - (old != NULL ? old->quantity : 0) > option->total - option->reserved ||
            line->quantity > QUANTITY_MAX)
            return false;
    }
    return true;
}

enum verdict naive_order_change(struct naive_shop *shop, const struct policy *policy,
                                const struct command *command)
{
    const struct order_change *change = &command->body.order_change;
    struct naive_order *order;
    struct naive_list list;
    enum verdict verdict = naive_find_order(shop, command, &change->order_id, &order);

    if (verdict != VERDICT_SUCCEEDED)
        return verdict;
    if (!policy->order_change || order->status != ORDER_PAID)
        return VERDICT_ORDER_NOT_CHANGEABLE;
    if ((verdict = list_up(shop, change->lines, change->line_count, &list)) != VERDICT_SUCCEEDED ||
        (verdict = check_change(shop, order, &list)) != VERDICT_SUCCEEDED)
        return verdict;
    if (!shelves_hold(shop, order, list.lines, list.count))
        return VERDICT_ORDER_NOT_CHANGEABLE;
    struct naive_coupon *coupon = order->has_coupon ? naive_coupon(shop, &order->coupon) : NULL;
    struct naive_user *user = naive_user(shop, order->user);

    if (coupon != NULL && list.total < coupon->min_total)
        return VERDICT_COUPON_MINIMUM_NOT_REACHED;
    if (!stock_suffices(shop, order, &list))
        return VERDICT_INSUFFICIENT_STOCK;
    int64_t discount = coupon != NULL ? naive_discount(&coupon->discount, list.total) : 0;
    int64_t due = list.total - discount;

    if (coupon != NULL && due <= 0 && policy->coupon_excess == POLICY_EXCESS_IS_REFUSED)
        return VERDICT_DISCOUNT_EXCEEDS_TOTAL;
    /* What was transferred stays so, as far as there is as much to pay. */
    int64_t transferred = order->transferred < due ? order->transferred : due;

    discount += off_transfer(transferred, order->rate);
    int64_t difference = list.total - discount - order->paid;

    if (list.total > AMOUNT_KRW_MAX || difference > user->balance - user->held)
        return VERDICT_INSUFFICIENT_BALANCE;
    if (difference < 0 && user->balance - difference > refund_ceiling(policy))
        return VERDICT_BALANCE_LIMIT_EXCEEDED;
    naive_move_stock(shop, order, 1, 0);
    write_lines(order, &list);
    naive_move_stock(shop, order, -1, 0);
    user->balance -= difference;
    order->discount = discount;
    order->paid += difference;
    order->from_balance = order->transfer ? due - transferred : 0;
    order->transferred = transferred;
    return VERDICT_SUCCEEDED;
}
