#include "support/events.h"

#include "support/bodies.h"
#include "support/expect.h"
#include "support/golden.h"

#include "wire/event.h"
#include "wire/policy.h"

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
    add(events, count, EVENT_WALLET_USED, 3)->data.wallet_moved = (struct wallet_moved){
        .user_id = 7, .amount = KRW(5100), .balance = KRW(4900), .order_id = sample_uuid(0x31)};
    add(events, count, EVENT_WALLET_REFUNDED, 4)->data.wallet_moved =
        (struct wallet_moved){7, KRW(4590), KRW(9490), false, sample_uuid(0x31)};
    add(events, count, EVENT_WALLET_HELD, 5)->data.wallet_moved =
        (struct wallet_moved){7, KRW(600), KRW(9490), false, sample_uuid(0x33)};
    add(events, count, EVENT_WALLET_RELEASED, 6)->data.wallet_moved =
        (struct wallet_moved){7, KRW(600), KRW(9490), false, sample_uuid(0x33)};
    add(events, count, EVENT_WALLET_USED, 8)->data.wallet_moved =
        (struct wallet_moved){7, KRW(600), KRW(8890), true, sample_uuid(0x34)};
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
    add(events, count, EVENT_COUPON_ISSUED, 1)->data.coupon_issued =
        (struct coupon_issued){.coupon_id = sample_uuid(0x23),
                               .template_id = WELCOME_TEMPLATE_ID,
                               .user_id = 7,
                               .position = 1,
                               .discount = {DISCOUNT_RATE, 500},
                               .issued_at = FROM,
                               .expires = true,
                               .expires_at = UNTIL};
    add(events, count, EVENT_COUPON_USED, 2)->data.coupon_moved =
        (struct coupon_moved){sample_uuid(0x21), 5, 7, sample_uuid(0x31)};
    add(events, count, EVENT_COUPON_RETURNED, 3)->data.coupon_moved =
        (struct coupon_moved){sample_uuid(0x21), 5, 7, sample_uuid(0x31)};
    add(events, count, EVENT_COUPON_EXPIRED, 4)->data.coupon_moved =
        (struct coupon_moved){sample_uuid(0x21), 5, 7, {{0}}};
    add(events, count, EVENT_COUPON_EXPIRED, 3)->data.coupon_moved =
        (struct coupon_moved){sample_uuid(0x23), WELCOME_TEMPLATE_ID, 7, sample_uuid(0x33)};
    add(events, count, EVENT_COUPON_REVOKED, 2)->data.coupon_moved =
        (struct coupon_moved){sample_uuid(0x22), 6, 8, {{0}}};
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

static void add_stock(struct event *events, int32_t *count)
{
    static struct stock_line lines[] = {{12, 1}, {13, 2000000}};

    add(events, count, EVENT_STOCK_RESTOCKED, 0)->data.stock_restocked =
        (struct stock_restocked){12, 3, -2};
    add(events, count, EVENT_STOCK_RESERVED, 0)->data.stock_moved =
        (struct stock_moved){sample_uuid(0x33), false, lines, 1};
    add(events, count, EVENT_STOCK_RELEASED, 0)->data.stock_moved =
        (struct stock_moved){sample_uuid(0x33), false, lines, 1};
    add(events, count, EVENT_STOCK_TAKEN, 0)->data.stock_moved =
        (struct stock_moved){sample_uuid(0x31), false, lines, 2};
    add(events, count, EVENT_STOCK_TAKEN, 0)->data.stock_moved =
        (struct stock_moved){sample_uuid(0x34), true, lines, 1};
    add(events, count, EVENT_STOCK_RETURNED, 0)->data.stock_moved =
        (struct stock_moved){sample_uuid(0x31), false, lines + 1, 1};
}

static struct sold_line sold[] = {
    {12, 3, 1, {2500}, {"decoration", 10}},
    {13, 3, 1, {2600}, {NULL, 0}},
};

/* Paid from the balance with a coupon. */
static struct order_terms balance_terms(void)
{
    return (struct order_terms){.order_id = sample_uuid(0x31),
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
}

/* 600 of it from the balance, 2,000 by transfer and 5 % less. */
static struct order_terms transfer_terms(uint8_t last, struct fc_instant paid_at)
{
    return (struct order_terms){.order_id = sample_uuid(last),
                                .user_id = 7,
                                .key = {COMMAND_KEY_USER, 7},
                                .total = KRW(2600),
                                .discount = KRW(100),
                                .paid = KRW(2500),
                                .payment = PAYMENT_BANK_TRANSFER,
                                .from_balance = KRW(600),
                                .transfer_rate = 500,
                                .transfer_discount = KRW(100),
                                .ordered_at = (struct fc_instant){1769871599999999},
                                .paid_at = paid_at,
                                .lines = sold + 1,
                                .line_count = 1};
}

static void add_order(struct event *events, int32_t *count)
{
    struct order_terms changed = balance_terms();

    changed.total = KRW(2600);
    changed.discount = KRW(260);
    changed.paid = KRW(2340);
    changed.lines = sold + 1;
    changed.line_count = 1;
    add(events, count, EVENT_ORDER_PAID, 1)->data.order_paid = balance_terms();
    add(events, count, EVENT_ORDER_CHANGED, 2)->data.order_changed =
        (struct order_changed){changed, KRW(-2250), sold, 2};
    add(events, count, EVENT_ORDER_CANCELLED, 3)->data.order_cancelled =
        (struct order_cancelled){changed, KRW(2340), FC_STR("changed \"my\" mind")};
    add(events, count, EVENT_ORDER_PLACED, 1)->data.order_placed =
        (struct order_placed){transfer_terms(0x33, (struct fc_instant){0}), UNTIL};
    add(events, count, EVENT_ORDER_FAILED, 2)->data.order_failed =
        (struct order_failed){sample_uuid(0x33), 7, PAYMENT_BANK_TRANSFER, ORDER_TIMED_OUT};
    add(events, count, EVENT_ORDER_PAID, 2)->data.order_paid = transfer_terms(0x34, PAID_AT);
    add(events, count, EVENT_ORDER_CANCELLED, 3)->data.order_cancelled =
        (struct order_cancelled){transfer_terms(0x34, PAID_AT), KRW(2500), FC_STR_NONE};
}

static void add_shipment(struct event *events, int32_t *count)
{
    static struct stock_line lines[] = {{12, 1}, {13, 1}};

    add(events, count, EVENT_ORDER_SHIPPED, 2)->data.order_shipped =
        (struct order_shipped){sample_uuid(0x31), 7, false, lines, 1};
    add(events, count, EVENT_ORDER_SHIPPED, 3)->data.order_shipped =
        (struct order_shipped){sample_uuid(0x31), 7, true, lines + 1, 1};
}

static void add_shop(struct event *events, int32_t *count)
{
    static char document[WIRE_POLICY_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(document, sizeof(document));
    struct policy policy = policy_default();

    policy.balance_max = KRW(2000000);
    policy.bank_transfer = true;
    policy.transfer_rate = 500;
    policy.welcome = true;
    policy.welcome_discount = (struct discount){DISCOUNT_RATE, 500};
    wire_policy_put(&buf, &policy);
    add(events, count, EVENT_POLICY_APPLIED, 4)->data.policy_applied =
        (struct policy_apply){policy, fc_buf_str(&buf)};
    /* 2026-01-31 */
    add(events, count, EVENT_DAY_CLOSED, 0)->data.day_closed = (struct day_closed){{20484}};
}

int32_t sample_events(struct event ret_events[SAMPLE_EVENTS_MAX])
{
    int32_t count = 0;

    add_wallet(ret_events, &count);
    add_coupon(ret_events, &count);
    add_product(ret_events, &count);
    add_stock(ret_events, &count);
    add_order(ret_events, &count);
    add_shipment(ret_events, &count);
    add_shop(ret_events, &count);
    return count;
}

struct fc_str sample_announced(const char *type)
{
    static char memory[64 * 1024];
    struct fc_str rest = golden_read("events.v1.jsonl");
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    fc_buf_put_char(&buf, '[');
    while (rest.len > 0) {
        struct fc_str line = fc_str_cut(&rest, '\n');
        struct fc_str its = line;

        /* {"id":…,"at":…,"command_id":…,["traceparent":…,]"type":"order.paid",… */
        while (its.len > 0 && !fc_str_starts_with(its, FC_STR("\"type\":\"")))
            (void)fc_str_cut(&its, ',');
        for (int i = 0; i < 3; i++)
            (void)fc_str_cut(&its, '"');
        if (!fc_str_starts_with(its, fc_str_of(type)))
            continue;
        fc_buf_put_text(&buf, buf.len > 1 ? "," : "");
        fc_buf_put(&buf, line);
    }
    fc_buf_put_char(&buf, ']');
    assert_true(buf.len > 2);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

struct fc_uuid sample_event_id(enum event_type type, int32_t nth)
{
    struct event events[SAMPLE_EVENTS_MAX];
    int32_t count = sample_events(events);
    struct fc_uuid command_id = sample_uuid(0xab);
    int32_t index = 0;

    for (; index < count; index++)
        if (events[index].type == type && nth-- == 0)
            break;
    assert_true(index < count);
    return fc_uuid_event(&command_id, (uint32_t)index);
}

#define CASE_HEAD "[{\"type\":\"%s\",\"subject\":\"%.*s\",\"version\":1,\"data\":%s}]"

static struct fc_str journal_of(const struct event_case *row, const char *data,
                                struct fc_str subject, struct fc_arena *arena)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct fc_str text;

    fc_buf_put_fmt(&buf, CASE_HEAD, row->type, FC_STR_ARG(subject), data);
    assert_true(fc_arena_buf_end(arena, &buf, &text));
    return text;
}

/* What stands behind "subject": in the one event. */
static struct fc_str subject_in(struct fc_str journal)
{
    struct fc_str text = journal;

    for (int i = 0; i < 7; i++)
        (void)fc_str_cut(&text, '"');
    return fc_str_cut(&text, '"');
}

void event_cases_check(const struct event_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct event_case *row = &cases[i];
        const char *want = row->want != NULL ? row->want : row->data;
        struct fc_arena *arena = body_arena();
        struct event *events = NULL;
        const char *reason = NULL;
        int32_t event_count = -1;

        if (!wire_events_parse(journal_of(row, row->data, FC_STR("-"), arena), arena, &events,
                               &event_count, &reason)) {
            if (want[0] != '\0')
                fail_msg("row %zu: %s: %s", i, row->data, reason);
            assert_string_equal(reason, "an event of the journal is not as any version wrote it");
            continue;
        }
        assert_int_equal(event_count, 1);
        struct fc_buf buf = fc_arena_buf_begin(arena);
        struct fc_str text;

        wire_events_put(&buf, events, event_count);
        assert_true(fc_arena_buf_end(arena, &buf, &text));
        struct fc_str wanted = journal_of(row, want, subject_in(text), arena);

        if (want[0] == '\0' || !fc_str_eq(text, wanted))
            fail_msg("row %zu: %s\n  gives  " FC_STR_FMT "\n  wanted " FC_STR_FMT, i, row->data,
                     FC_STR_ARG(text), FC_STR_ARG(wanted));
    }
}
