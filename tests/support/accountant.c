#include "support/accountant.h"

#include "support/chance.h"
#include "support/expect.h"

static int64_t *stock_entry(struct accountant *book, int64_t option_id)
{
    for (int32_t i = 0; i < book->stock_count; i++)
        if (book->stocks[i].option_id == option_id)
            return &book->stocks[i].total;
    assert_true(book->stock_count < ACCOUNTANT_STOCKS_MAX);
    book->stocks[book->stock_count] = (struct accountant_stock){option_id, 0};
    return &book->stocks[book->stock_count++].total;
}

/* What `lines` say left the stock (times 1) or came back (times -1); what they cost. */
static int64_t book_lines(struct accountant *book, const struct sold_line *lines, int32_t count,
                          int64_t times)
{
    int64_t won = 0;

    for (int32_t i = 0; i < count; i++) {
        won += lines[i].quantity * lines[i].unit_price.won;
        *stock_entry(book, lines[i].option_id) -= times * lines[i].quantity;
    }
    return won;
}

static int64_t pieces_asked(const struct order_line *lines, int32_t count)
{
    int64_t pieces = 0;

    for (int32_t i = 0; i < count; i++)
        pieces += lines[i].quantity;
    return pieces;
}

static int64_t pieces_sold(const struct order_terms *terms)
{
    int64_t pieces = 0;

    for (int32_t i = 0; i < terms->line_count; i++)
        pieces += terms->lines[i].quantity;
    return pieces;
}

/* Nothing is lost between what was asked for and what the order is about. */
static void check_asked(const struct command *command, const struct order_terms *terms)
{
    if (command->type == COMMAND_ORDER_PLACE)
        assert_int_equal(
            pieces_asked(command->body.order_place.lines, command->body.order_place.line_count),
            pieces_sold(terms));
    if (command->type == COMMAND_ORDER_CHANGE)
        assert_int_equal(
            pieces_asked(command->body.order_change.lines, command->body.order_change.line_count),
            pieces_sold(terms));
}

static void book_paid(struct accountant *book, const struct order_terms *paid)
{
    int64_t won = book_lines(book, paid->lines, paid->line_count, 1);

    assert_int_equal(paid->total.won, won);
    book->spent +=
        paid->payment == PAYMENT_BALANCE ? won - paid->discount.won : paid->from_balance.won;
}

static void book_event(struct accountant *book, const struct command *command,
                       const struct event *event)
{
    if (event->type == EVENT_ORDER_PLACED) {
        check_asked(command, &event->data.order_placed.terms);
    } else if (event->type == EVENT_ORDER_PAID) {
        check_asked(command, &event->data.order_paid);
        book_paid(book, &event->data.order_paid);
    } else if (event->type == EVENT_ORDER_CHANGED) {
        const struct order_changed *changed = &event->data.order_changed;

        check_asked(command, &changed->terms);
        book_lines(book, changed->previous, changed->previous_count, -1);
        assert_int_equal(changed->terms.total.won,
                         book_lines(book, changed->terms.lines, changed->terms.line_count, 1));
        book->spent += changed->difference.won;
    } else if (event->type == EVENT_ORDER_CANCELLED) {
        const struct order_cancelled *cancelled = &event->data.order_cancelled;

        assert_int_equal(cancelled->terms.total.won,
                         book_lines(book, cancelled->terms.lines, cancelled->terms.line_count, -1));
        book->spent -= cancelled->refunded.won;
    }
}

static void book_product(struct accountant *book, const struct command *command,
                         const struct decision *decision)
{
    const struct product_put *put = &command->body.product_put;
    const struct product_changed *changed = &decision->events[0].data.product_put;

    assert_int_equal(put->option_count, changed->option_count);
    for (int32_t i = 0; i < put->option_count; i++)
        *stock_entry(book, changed->options[i].option_id) = put->options[i].stock;
}

void accountant_book(struct accountant *book, const struct command *command,
                     const struct decision *decision)
{
    for (int32_t i = 0; i < decision->event_count; i++)
        book_event(book, command, &decision->events[i]);
    if (decision->verdict != VERDICT_SUCCEEDED)
        return;
    if (command->type == COMMAND_WALLET_CHARGE)
        book->charged += command->body.wallet_charge.amount.won;
    if (command->type == COMMAND_PRODUCT_PUT)
        book_product(book, command, decision);
    if (command->type == COMMAND_OPTION_RESTOCK)
        *stock_entry(book, command->body.option_restock.option_id) +=
            command->body.option_restock.quantity;
}

static bool is_pending(const struct order *order)
{
    return order->status == ORDER_PENDING_PAYMENT;
}

static int64_t held_by_orders(const struct shop *memory, int64_t user_id)
{
    int64_t held = 0;

    for (int32_t i = 0; i < memory->orders.count; i++) {
        const struct order *order = memory->orders.rows[i];

        if (is_pending(order) && order->terms.user_id == user_id)
            held += order->terms.from_balance.won;
    }
    return held;
}

static void check_money(const struct accountant *book, const struct shop *memory)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < memory->wallets.count; i++) {
        const struct wallet *wallet = memory->wallets.rows[i];

        assert_true(wallet->held.won >= 0);
        assert_true(wallet->held.won <= wallet->balance.won);
        assert_int_equal(wallet->held.won, held_by_orders(memory, wallet->user_id));
        sum += wallet->balance.won;
    }
    assert_int_equal(sum, book->charged - book->spent);
}

static int64_t reserved_by_orders(const struct shop *memory, int64_t option_id)
{
    int64_t reserved = 0;

    for (int32_t i = 0; i < memory->orders.count; i++) {
        const struct order *order = memory->orders.rows[i];

        for (int32_t k = 0; is_pending(order) && k < order->item_count; k++)
            if (order->items[k].sold.option_id == option_id)
                reserved += order->items[k].sold.quantity;
    }
    return reserved;
}

static void check_stock(struct accountant *book, const struct shop *memory)
{
    for (int32_t i = 0; i < memory->options.count; i++) {
        const struct option *option = memory->options.rows[i];

        if (!option->row.exists)
            continue;
        assert_true(option->reserved <= option->total);
        assert_int_equal(option->reserved, reserved_by_orders(memory, option->option_id));
        assert_int_equal(option->total, *stock_entry(book, option->option_id));
    }
}

/* Orders that have the coupon and did not give it back: none or one. */
static int32_t orders_with(const struct shop *memory, const struct coupon *coupon)
{
    int32_t count = 0;

    for (int32_t i = 0; i < memory->orders.count; i++) {
        const struct order *order = memory->orders.rows[i];

        if (!order->terms.has_coupon || order->status == ORDER_FAILED ||
            order->status == ORDER_CANCELLED)
            continue;
        if (!fc_uuid_eq(&order->terms.coupon_id, &coupon->coupon_id))
            continue;
        assert_true(fc_uuid_eq(&coupon->order_id, &order->terms.order_id));
        assert_int_equal(order->terms.user_id, coupon->user_id);
        count++;
    }
    return count;
}

/* One a user, never more than the quantity, positions without a gap, none used twice. */
static void check_coupons(const struct shop *memory)
{
    int64_t issued[CHANCE_TEMPLATES + 1] = {0};
    int64_t positions[CHANCE_TEMPLATES + 1] = {0};
    bool holds[CHANCE_TEMPLATES + 1][CHANCE_USERS + 2] = {{false}};

    for (int32_t i = 0; i < memory->coupons.count; i++) {
        const struct coupon *coupon = memory->coupons.rows[i];

        assert_false(holds[coupon->template_id][coupon->user_id]);
        holds[coupon->template_id][coupon->user_id] = true;
        issued[coupon->template_id]++;
        positions[coupon->template_id] += coupon->position;
        assert_int_equal(orders_with(memory, coupon), coupon->status == COUPON_USED);
        assert_int_equal(!fc_uuid_is_zero(&coupon->order_id), coupon->status == COUPON_USED);
    }
    assert_int_equal(positions[WELCOME_TEMPLATE_ID], issued[WELCOME_TEMPLATE_ID]);
    for (int32_t i = 0; i < memory->templates.count; i++) {
        const struct coupon_template *row = memory->templates.rows[i];
        int64_t count = issued[row->template_id];

        assert_int_equal(row->row.exists ? row->issued : 0, count);
        assert_int_equal(positions[row->template_id], count * (count + 1) / 2);
        assert_true(!row->row.exists || !row->limited || count <= row->quantity);
    }
}

/* What an order was shipped, refunded and waits for goes with its state. */
static void check_orders(const struct shop *memory)
{
    for (int32_t i = 0; i < memory->orders.count; i++) {
        const struct order *order = memory->orders.rows[i];
        int64_t shipped = 0;
        int64_t left = 0;

        for (int32_t k = 0; k < order->item_count; k++) {
            shipped += order->items[k].shipped;
            left += order->items[k].sold.quantity - order->items[k].shipped;
        }
        assert_int_equal(order->expires, is_pending(order));
        assert_int_equal(order->terms.paid_at.us == 0,
                         is_pending(order) || order->status == ORDER_FAILED);
        assert_int_equal(order->refunded.won,
                         order->status == ORDER_CANCELLED ? order->terms.paid.won : 0);
        assert_int_equal(shipped > 0,
                         order->status == ORDER_PARTLY_SHIPPED || order->status == ORDER_SHIPPED);
        assert_int_equal(left == 0, order->status == ORDER_SHIPPED);
    }
}

void accountant_check(struct accountant *book, const struct shop *memory)
{
    check_money(book, memory);
    check_stock(book, memory);
    check_coupons(memory);
    check_orders(memory);
}
