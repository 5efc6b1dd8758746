#include "support/scenario_line.h"

#include <inttypes.h>
#include <string.h>

const char *scenario_event_name(enum event_type type)
{
    static const char *const names[EVENT_COUNT] = {
        [EVENT_USER_REGISTERED] = "user.registered", [EVENT_WALLET_CHARGED] = "wallet.charged",
        [EVENT_WALLET_USED] = "wallet.used",         [EVENT_WALLET_REFUNDED] = "wallet.refunded",
        [EVENT_WALLET_HELD] = "wallet.held",         [EVENT_WALLET_RELEASED] = "wallet.released",
        [EVENT_TEMPLATE_PUT] = "template.put",       [EVENT_TEMPLATE_DELETED] = "template.deleted",
        [EVENT_COUPON_ISSUED] = "coupon.issued",     [EVENT_COUPON_USED] = "coupon.used",
        [EVENT_COUPON_RETURNED] = "coupon.returned", [EVENT_COUPON_EXPIRED] = "coupon.expired",
        [EVENT_COUPON_REVOKED] = "coupon.revoked",   [EVENT_PRODUCT_PUT] = "product.put",
        [EVENT_PRODUCT_DELETED] = "product.deleted", [EVENT_STOCK_RESTOCKED] = "stock.restocked",
        [EVENT_STOCK_RESERVED] = "stock.reserved",   [EVENT_STOCK_RELEASED] = "stock.released",
        [EVENT_STOCK_TAKEN] = "stock.taken",         [EVENT_STOCK_RETURNED] = "stock.returned",
        [EVENT_ORDER_PLACED] = "order.placed",       [EVENT_ORDER_PAID] = "order.paid",
        [EVENT_ORDER_FAILED] = "order.failed",       [EVENT_ORDER_CANCELLED] = "order.cancelled",
        [EVENT_ORDER_CHANGED] = "order.changed",     [EVENT_ORDER_SHIPPED] = "order.shipped",
        [EVENT_POLICY_APPLIED] = "policy.applied",   [EVENT_DAY_CLOSED] = "day.closed",
    };

    return names[type];
}

void scenario_want(const struct scenario *scenario, const char *what, int64_t is, int64_t wanted)
{
    if (is != wanted)
        scenario_fail(scenario, "%s is %" PRId64, what, is);
}

FC_NORETURN static void no_row(const struct scenario *scenario)
{
    scenario_fail(scenario, "there is no such row");
}

const struct event *scenario_event(const struct scenario *scenario, enum event_type type)
{
    for (int32_t i = 0; i < scenario->decision.event_count; i++)
        if (scenario->decision.events[i].type == type)
            return &scenario->decision.events[i];
    scenario_fail(scenario, "there is no %s", scenario_event_name(type));
}

static void check_wallet(struct scenario *scenario)
{
    const struct wallet *wallet = shop_find_wallet(&scenario->shop, scenario_id(scenario, 'u'));
    struct fc_str word;

    if (wallet == NULL || !wallet->row.exists)
        no_row(scenario);
    scenario_want(scenario, "balance", wallet->balance.won, scenario_number(scenario));
    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "version"))
            scenario_want(scenario, "version", wallet->version, scenario_number(scenario));
        else if (scenario_is(word, "held"))
            scenario_want(scenario, "held", wallet->held.won, scenario_number(scenario));
        else
            scenario_unknown(scenario, word);
    }
}

static void check_stock(struct scenario *scenario)
{
    const struct option *option = shop_find_option(&scenario->shop, scenario_number(scenario));
    struct fc_str word;

    if (option == NULL || !option->row.exists)
        no_row(scenario);
    scenario_want(scenario, "total", option->total, scenario_number(scenario));
    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "reserved"))
            scenario_want(scenario, "reserved", option->reserved, scenario_number(scenario));
        else if (scenario_is(word, "delta"))
            scenario_want(scenario, "delta", option->total_delta, scenario_number(scenario));
        else if (scenario_is(word, "ordered"))
            scenario_want(scenario, "ordered", option->ordered, true);
        else
            scenario_unknown(scenario, word);
    }
}

static void check_issued(struct scenario *scenario)
{
    const struct coupon_template *row =
        shop_find_template(&scenario->shop, scenario_number(scenario));

    if (row == NULL || !row->row.exists)
        no_row(scenario);
    scenario_want(scenario, "issued", row->issued, scenario_number(scenario));
}

static void check_status(struct scenario *scenario)
{
    struct fc_uuid id = scenario_uuid(scenario_id(scenario, 'c'));
    const struct coupon *coupon = shop_find_coupon(&scenario->shop, &id);
    struct fc_str word = scenario_word(scenario);
    enum coupon_status status;

    if (coupon == NULL || !coupon->row.exists)
        no_row(scenario);
    if (!scenario_status(word, &status))
        scenario_unknown(scenario, word);
    scenario_want(scenario, "status", coupon->status, status);
}

static void check_named(struct scenario *scenario)
{
    const struct option *option = shop_find_option(&scenario->shop, scenario_number(scenario));

    if (option == NULL || !option->row.exists)
        no_row(scenario);
    if (!fc_str_eq(option->name, scenario_word(scenario)))
        scenario_fail(scenario, "its name is " FC_STR_FMT, FC_STR_ARG(option->name));
}

static void check_gone(struct scenario *scenario)
{
    const struct shop *shop = &scenario->shop;
    struct fc_str kind = scenario_word(scenario);
    const struct row_mark *row = NULL;

    if (scenario_is(kind, "product")) {
        const struct product *product = shop_find_product(shop, scenario_number(scenario));

        row = product == NULL ? NULL : &product->row;
    } else if (scenario_is(kind, "option")) {
        const struct option *option = shop_find_option(shop, scenario_number(scenario));

        row = option == NULL ? NULL : &option->row;
    } else if (scenario_is(kind, "template")) {
        const struct coupon_template *found = shop_find_template(shop, scenario_number(scenario));

        row = found == NULL ? NULL : &found->row;
    } else if (scenario_is(kind, "user")) {
        const struct wallet *wallet = shop_find_wallet(shop, scenario_id(scenario, 'u'));

        row = wallet == NULL ? NULL : &wallet->user;
    } else {
        scenario_unknown(scenario, kind);
    }
    if (row != NULL && row->exists)
        scenario_fail(scenario, "it is there");
}

static void check_events(struct scenario *scenario)
{
    for (int32_t i = 0; i < scenario->decision.event_count; i++) {
        const char *name = scenario_event_name(scenario->decision.events[i].type);

        if (!scenario_is(scenario_word(scenario), name))
            scenario_fail(scenario, "event %" PRId32 " is %s", i, name);
    }
}

static void check_ordered_at(struct scenario *scenario)
{
    const struct event *event = scenario_event(scenario, EVENT_ORDER_PAID);

    scenario_want(scenario, "ordered_at", event->data.order_paid.ordered_at.us,
                  scenario_time(scenario).us);
    scenario_want(scenario, "paid_at", event->data.order_paid.paid_at.us, scenario->decided_at.us);
}

static void check_expires(struct scenario *scenario, bool expires)
{
    const struct event *event = scenario_event(scenario, EVENT_COUPON_ISSUED);

    scenario_want(scenario, "whether it expires", event->data.coupon_issued.expires, expires);
    scenario_want(scenario, "expires_at", event->data.coupon_issued.expires_at.us,
                  expires ? scenario_time(scenario).us : 0);
}

static void check_position(struct scenario *scenario)
{
    const struct event *event = scenario_event(scenario, EVENT_COUPON_ISSUED);

    scenario_want(scenario, "position", event->data.coupon_issued.position,
                  scenario_number(scenario));
}

bool scenario_check(struct scenario *scenario, struct fc_str what)
{
    if (scenario_is(what, "wallet"))
        check_wallet(scenario);
    else if (scenario_is(what, "stock"))
        check_stock(scenario);
    else if (scenario_is(what, "issued"))
        check_issued(scenario);
    else if (scenario_is(what, "status"))
        check_status(scenario);
    else if (scenario_is(what, "named"))
        check_named(scenario);
    else if (scenario_is(what, "gone"))
        check_gone(scenario);
    else if (scenario_is(what, "events"))
        check_events(scenario);
    else if (scenario_is(what, "ordered_at"))
        check_ordered_at(scenario);
    else if (scenario_is(what, "expires") || scenario_is(what, "never"))
        check_expires(scenario, scenario_is(what, "expires"));
    else if (scenario_is(what, "position"))
        check_position(scenario);
    else
        return false;
    return true;
}
