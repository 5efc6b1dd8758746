#include "support/scenario_line.h"

#include <inttypes.h>

/* 70x2, and what stands behind a letter at its end (70x2@1000, 70x2:1): -1 when there is none. */
static void want_line(struct scenario *scenario, struct fc_str word, char letter,
                      const struct stock_line *is, int64_t more)
{
    struct fc_str what = fc_str_cut(&word, 'x');
    struct fc_str quantity = fc_str_cut(&word, letter);

    scenario_want(scenario, "option", is->option_id, scenario_number_of(scenario, what));
    scenario_want(scenario, "quantity", is->quantity, scenario_number_of(scenario, quantity));
    if (word.len > 0)
        scenario_want(scenario, letter == '@' ? "its price" : "what is shipped", more,
                      scenario_number_of(scenario, word));
}

/* No line: they are not looked at. */
static void want_count(struct scenario *scenario, int32_t wanted, int32_t is)
{
    if (wanted > 0 && wanted != is)
        scenario_fail(scenario, "there are %" PRId32 " lines", is);
}

static void want_room(struct scenario *scenario, int32_t at, int32_t count)
{
    if (at >= count)
        scenario_fail(scenario, "there are only %" PRId32 " lines", count);
}

/* The terms that the last command's event of an order bears. */
static const struct order_terms *want_terms(struct scenario *scenario)
{
    for (int32_t i = 0; i < scenario->decision.event_count; i++) {
        const struct event *event = &scenario->decision.events[i];

        if (event->type == EVENT_ORDER_PLACED)
            return &event->data.order_placed.terms;
        if (event->type == EVENT_ORDER_PAID)
            return &event->data.order_paid;
        if (event->type == EVENT_ORDER_CHANGED)
            return &event->data.order_changed.terms;
        if (event->type == EVENT_ORDER_CANCELLED)
            return &event->data.order_cancelled.terms;
    }
    scenario_fail(scenario, "there are no terms");
}

static void check_terms(struct scenario *scenario, enum event_type type)
{
    struct fc_str word;
    int32_t at = 0;

    (void)scenario_event(scenario, type);
    const struct order_terms *terms = want_terms(scenario);

    scenario_want(scenario, "total", terms->total.won, scenario_number(scenario));
    scenario_want(scenario, "discount", terms->discount.won, scenario_number(scenario));
    scenario_want(scenario, "paid", terms->paid.won, scenario_number(scenario));
    while ((word = scenario_word(scenario)).len > 0) {
        want_room(scenario, at, terms->line_count);
        const struct sold_line *sold = &terms->lines[at++];
        struct stock_line line = {sold->option_id, sold->quantity};

        want_line(scenario, word, '@', &line, sold->unit_price.won);
    }
    want_count(scenario, at, terms->line_count);
}

static void check_transfer(struct scenario *scenario)
{
    const struct order_terms *terms = want_terms(scenario);

    scenario_want(scenario, "the balance's part", terms->from_balance.won,
                  scenario_number(scenario));
    scenario_want(scenario, "the transfer's discount", terms->transfer_discount.won,
                  scenario_number(scenario));
}

static void check_category(struct scenario *scenario)
{
    const struct order_terms *terms = want_terms(scenario);
    int64_t option_id = scenario_number(scenario);
    struct fc_str wanted = scenario_word(scenario);

    for (int32_t i = 0; i < terms->line_count; i++) {
        if (terms->lines[i].option_id != option_id)
            continue;
        if (!fc_str_eq(terms->lines[i].category, wanted))
            scenario_fail(scenario, "it is \"" FC_STR_FMT "\"",
                          FC_STR_ARG(terms->lines[i].category));
        return;
    }
    scenario_fail(scenario, "there is no such line");
}

/* The words behind, each a line. */
static void want_stock_lines(struct scenario *scenario, const struct stock_line *lines,
                             int32_t line_count)
{
    struct fc_str word;
    int32_t at = 0;

    while ((word = scenario_word(scenario)).len > 0) {
        want_room(scenario, at, line_count);
        want_line(scenario, word, ':', &lines[at++], -1);
    }
    want_count(scenario, at, line_count);
}

static void check_moved(struct scenario *scenario)
{
    struct fc_str name = scenario_word(scenario);

    for (int32_t i = 0; i < scenario->decision.event_count; i++) {
        const struct event *event = &scenario->decision.events[i];

        if (!scenario_is(name, scenario_event_name(event->type)))
            continue;
        want_stock_lines(scenario, event->data.stock_moved.lines,
                         event->data.stock_moved.line_count);
        return;
    }
    scenario_fail(scenario, "there is no such event");
}

static void check_shipped(struct scenario *scenario)
{
    const struct order_shipped *shipped =
        &scenario_event(scenario, EVENT_ORDER_SHIPPED)->data.order_shipped;

    if (!scenario_is(scenario_word(scenario), shipped->complete ? "all" : "part"))
        scenario_fail(scenario, "it is the other");
    want_stock_lines(scenario, shipped->lines, shipped->line_count);
}

static void want_failure(struct scenario *scenario, const struct order *order)
{
    static const char *const names[] = {"declined", "timed_out", "expired"};

    if (!scenario_is(scenario_word(scenario), names[order->failure]))
        scenario_fail(scenario, "it is %s", names[order->failure]);
}

static void check_state(struct scenario *scenario)
{
    struct fc_uuid id = scenario_uuid(scenario_id(scenario, 'o'));
    const struct order *order = shop_find_order(&scenario->shop, &id);
    struct fc_str word;
    int32_t at = 0;

    if (order == NULL || !order->row.exists)
        scenario_fail(scenario, "there is no such order");
    if (!scenario_is(scenario_word(scenario), order_status_name(order->status)))
        scenario_fail(scenario, "it is %s", order_status_name(order->status));
    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "version")) {
            scenario_want(scenario, "version", order->version, scenario_number(scenario));
        } else if (scenario_is(word, "refunded")) {
            scenario_want(scenario, "refunded", order->refunded.won, scenario_number(scenario));
        } else if (scenario_is(word, "failure")) {
            want_failure(scenario, order);
        } else if (scenario_is(word, "until")) {
            scenario_want(scenario, "whether it expires", order->expires, true);
            scenario_want(scenario, "when", order->expires_at.us, scenario_time(scenario).us);
        } else {
            want_room(scenario, at, order->item_count);
            const struct order_item *item = &order->items[at++];
            struct stock_line line = {item->sold.option_id, item->sold.quantity};

            want_line(scenario, word, ':', &line, item->shipped);
        }
    }
    want_count(scenario, at, order->item_count);
}

bool scenario_check_order(struct scenario *scenario, struct fc_str what)
{
    if (scenario_is(what, "paid"))
        check_terms(scenario, EVENT_ORDER_PAID);
    else if (scenario_is(what, "placed"))
        check_terms(scenario, EVENT_ORDER_PLACED);
    else if (scenario_is(what, "changed"))
        check_terms(scenario, EVENT_ORDER_CHANGED);
    else if (scenario_is(what, "cancelled"))
        check_terms(scenario, EVENT_ORDER_CANCELLED);
    else if (scenario_is(what, "transfer"))
        check_transfer(scenario);
    else if (scenario_is(what, "category"))
        check_category(scenario);
    else if (scenario_is(what, "moved"))
        check_moved(scenario);
    else if (scenario_is(what, "shipped"))
        check_shipped(scenario);
    else if (scenario_is(what, "difference"))
        scenario_want(
            scenario, "the difference",
            scenario_event(scenario, EVENT_ORDER_CHANGED)->data.order_changed.difference.won,
            scenario_number(scenario));
    else if (scenario_is(what, "state"))
        check_state(scenario);
    else
        return false;
    return true;
}
