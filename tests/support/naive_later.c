#include "support/naive.h"

enum verdict naive_order_ship(struct naive_shop *shop, const struct command *command)
{
    const struct order_ship *ship = &command->body.order_ship;
    struct naive_order *order;
    enum verdict verdict = naive_find_order(shop, command, &ship->order_id, &order);
    struct naive_order shipped;

    if (verdict != VERDICT_SUCCEEDED)
        return verdict;
    if (order->status != ORDER_PAID && order->status != ORDER_PARTLY_SHIPPED)
        return VERDICT_SHIPMENT_EXCEEDS_ORDER;
    shipped = *order;
    for (int32_t i = 0; i < ship->line_count; i++) {
        struct naive_line *line =
            naive_line(shipped.lines, shipped.line_count, ship->lines[i].option_id);

        if (line == NULL || line->shipped + ship->lines[i].quantity > line->quantity)
            return VERDICT_SHIPMENT_EXCEEDS_ORDER;
        line->shipped += ship->lines[i].quantity;
    }
    shipped.status = ORDER_SHIPPED;
    for (int32_t i = 0; i < shipped.line_count; i++)
        if (shipped.lines[i].shipped < shipped.lines[i].quantity)
            shipped.status = ORDER_PARTLY_SHIPPED;
    *order = shipped;
    return VERDICT_SUCCEEDED;
}

/* The payment failed: everything is as before the order, but for its row. */
static void give_up(struct naive_shop *shop, struct naive_order *order, int64_t at_us)
{
    naive_user(shop, order->user)->held -= order->from_balance;
    naive_move_stock(shop, order, 0, -1);
    naive_coupon_returns(shop, order, at_us);
    order->status = ORDER_FAILED;
}

enum verdict naive_order_settle(struct naive_shop *shop, const struct command *command)
{
    struct naive_order *order;
    enum verdict verdict =
        naive_find_order(shop, command, &command->body.payment_settle.order_id, &order);

    if (verdict != VERDICT_SUCCEEDED)
        return verdict;
    if (order->status != ORDER_PENDING_PAYMENT)
        return VERDICT_PAYMENT_TIMED_OUT;
    if (command->body.payment_settle.outcome != PAYMENT_APPROVED) {
        give_up(shop, order, command->accepted_at.us);
        return VERDICT_SUCCEEDED;
    }
    naive_user(shop, order->user)->held -= order->from_balance;
    naive_user(shop, order->user)->balance -= order->from_balance;
    naive_move_stock(shop, order, -1, -1);
    order->status = ORDER_PAID;
    return VERDICT_SUCCEEDED;
}

enum verdict naive_order_expire(struct naive_shop *shop, const struct command *command)
{
    struct naive_order *order;
    enum verdict verdict =
        naive_find_order(shop, command, &command->body.order_expire.order_id, &order);

    if (verdict != VERDICT_SUCCEEDED)
        return verdict;
    if (order->status != ORDER_PENDING_PAYMENT || command->accepted_at.us < order->expires_us)
        return VERDICT_PAYMENT_TIMED_OUT;
    give_up(shop, order, command->accepted_at.us);
    return VERDICT_SUCCEEDED;
}
