#include "support/events.h"

#include "base/assert.h"

#define PAID_AT ((struct fc_instant){1769903999999999})
#define FROM ((struct fc_instant){1767225600000000})
#define UNTIL ((struct fc_instant){1769904000000000})

struct fc_uuid sample_uuid(uint8_t last)
{
    return (struct fc_uuid){{0x01, 0x98, 0xf3, 0xa2, 0x7c, 0x11, 0x8a, 0xbc, 0x9d, 0xef, 0x01, 0x23,
                             0x45, 0x67, 0x89, last}};
}

static struct event *add(struct event *events, int32_t *count, enum event_type type,
                         int64_t version)
{
    FC_ASSERT(*count < SAMPLE_EVENTS_MAX);
    struct event *event = &events[(*count)++];

    *event = (struct event){.type = type, .version = version};
    return event;
}

static void add_wallet(struct event *events, int32_t *count)
{
    add(events, count, EVENT_USER_REGISTERED, 1)->data.user_registered.user_id = 7;
    add(events, count, EVENT_WALLET_CHARGED, 2)->data.wallet_moved =
        (struct wallet_moved){.user_id = 7, .amount = KRW(10000), .balance = KRW(10000)};
    add(events, count, EVENT_WALLET_USED, 3)->data.wallet_moved =
        (struct wallet_moved){7, KRW(5100), KRW(4900), sample_uuid(0x31)};
}

static void add_coupon(struct event *events, int32_t *count)
{
    add(events, count, EVENT_TEMPLATE_PUT, 1)->data.template_put =
        (struct template_put){.template_id = 5,
                              .name = FC_STR("\xec\xb2\xab \xea\xb5\xac\xeb\xa7\xa4"),
                              .discount = {DISCOUNT_RATE, 1000},
                              .limited = true,
                              .quantity = 100,
                              .issue_from = FROM,
                              .issue_until = UNTIL,
                              .valid_days = 365,
                              .min_total = KRW(5000)};
    add(events, count, EVENT_TEMPLATE_PUT, 2)->data.template_put =
        (struct template_put){.template_id = 6,
                              .name = FC_STR("1,000 \"won\""),
                              .discount = {DISCOUNT_AMOUNT, 1000},
                              .issue_from = FROM,
                              .issue_until = UNTIL};
    add(events, count, EVENT_TEMPLATE_DELETED, 3)->data.template_deleted.template_id = 6;
    add(events, count, EVENT_COUPON_ISSUED, 1)->data.coupon_issued =
        (struct coupon_issued){.coupon_id = sample_uuid(0x21),
                               .template_id = 5,
                               .user_id = 7,
                               .position = 1,
                               .discount = {DISCOUNT_RATE, 1000},
                               .min_total = KRW(5000),
                               .issued_at = FROM,
                               .expires = true,
                               .expires_at = UNTIL};
    add(events, count, EVENT_COUPON_ISSUED, 1)->data.coupon_issued =
        (struct coupon_issued){.coupon_id = sample_uuid(0x22),
                               .template_id = 6,
                               .user_id = 8,
                               .position = 100,
                               .discount = {DISCOUNT_AMOUNT, 1000},
                               .issued_at = FROM};
    add(events, count, EVENT_COUPON_USED, 2)->data.coupon_used =
        (struct coupon_used){sample_uuid(0x21), 7, sample_uuid(0x31)};
}

static void add_product(struct event *events, int32_t *count)
{
    static struct option_state options[] = {
        {12, {"S", 1}, {-100}, true, 5},
        {13, {"M/\\", 3}, {0}, false, 0},
    };
    static int64_t option_ids[] = {12, 13};

    add(events, count, EVENT_PRODUCT_PUT, 1)->data.product_put =
        (struct product_changed){.product_id = 3,
                                 .name = FC_STR("White \"T-light\" holder"),
                                 .price = KRW(2600),
                                 .category = FC_STR("decoration"),
                                 .status = PRODUCT_STOPPED,
                                 .first_come = true,
                                 .options = options,
                                 .option_count = 2};
    add(events, count, EVENT_PRODUCT_PUT, 2)->data.product_put =
        (struct product_changed){.product_id = 3,
                                 .name = FC_STR("plain"),
                                 .price = KRW(2600),
                                 .options = options + 1,
                                 .option_count = 1};
    add(events, count, EVENT_PRODUCT_DELETED, 3)->data.product_deleted =
        (struct product_deleted){3, option_ids, 2};
    add(events, count, EVENT_PRODUCT_DELETED, 1)->data.product_deleted =
        (struct product_deleted){4, NULL, 0};
}

static void add_order(struct event *events, int32_t *count)
{
    static struct stock_line taken[] = {{12, 1}, {13, 2000000}};
    static struct sold_line sold[] = {{12, 3, 1, {2500}}, {13, 3, 1, {2600}}};

    add(events, count, EVENT_STOCK_RESTOCKED, 0)->data.stock_restocked =
        (struct stock_restocked){12, 3, -2};
    add(events, count, EVENT_STOCK_TAKEN, 0)->data.stock_taken =
        (struct stock_taken){sample_uuid(0x31), taken, 2};
    add(events, count, EVENT_ORDER_PAID, 1)->data.order_paid =
        (struct order_paid){.order_id = sample_uuid(0x31),
                            .user_id = 7,
                            .key = {COMMAND_KEY_PRODUCT, 3},
                            .total = KRW(5100),
                            .discount = KRW(510),
                            .paid = KRW(4590),
                            .has_coupon = true,
                            .coupon_id = sample_uuid(0x21),
                            .payment = PAYMENT_BALANCE,
                            /* Seoul's day begins at 15:00 UTC. */
                            .ordered_at = (struct fc_instant){1769871600000000},
                            .paid_at = PAID_AT,
                            .lines = sold,
                            .line_count = 2};
    add(events, count, EVENT_ORDER_PAID, 1)->data.order_paid =
        (struct order_paid){.order_id = sample_uuid(0x32),
                            .user_id = 7,
                            .key = {COMMAND_KEY_USER, 7},
                            .total = KRW(2600),
                            .paid = KRW(2600),
                            .payment = PAYMENT_BANK_TRANSFER,
                            .ordered_at = (struct fc_instant){1769871599999999},
                            .paid_at = PAID_AT,
                            .lines = sold + 1,
                            .line_count = 1};
}

int32_t sample_events(struct event ret_events[SAMPLE_EVENTS_MAX])
{
    int32_t count = 0;

    add_wallet(ret_events, &count);
    add_coupon(ret_events, &count);
    add_product(ret_events, &count);
    add_order(ret_events, &count);
    return count;
}
