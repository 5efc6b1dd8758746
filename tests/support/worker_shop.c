#include "support/worker_shop.h"

#include "sql/queries.h"
#include "support/expect.h"
#include "support/worker_rows.h"

#include <string.h>

void worker_shop_found(struct worker_rig *order, struct worker_rig *coupon)
{
    worker_rig_ask(order, 0xf01, "user.register", "user:7", "{}", "");
    worker_rig_ask(order, 0xf02, "user.register", "user:8", "{}", "");
    worker_rig_ask(order, 0xf03, "wallet.charge", "user:7", "{\"amount\":10000}", "");
    worker_rig_ask(
        order, 0xf04, "product.put", "product:3",
        "{\"name\":\"Mug\",\"price\":900,\"category\":\"kitchen\",\"status\":\"on_sale\","
        "\"first_come\":false,\"options\":[{\"option_id\":31,\"name\":\"red\","
        "\"surcharge\":100,\"stock\":10},{\"option_id\":32,\"name\":\"blue\","
        "\"surcharge\":0,\"stock\":5}]}",
        "");
    worker_rig_run(order);
    worker_rig_ask(coupon, 0xf05, "template.put", "template:5",
                   "{\"name\":\"Rush\",\"discount\":{\"type\":\"rate\",\"value\":1000},"
                   "\"quantity\":2,\"issue_from\":\"2026-01-01T00:00:00Z\","
                   "\"issue_until\":\"2027-01-01T00:00:00Z\",\"valid_days\":10,"
                   "\"min_total\":500}",
                   "");
    worker_rig_ask(coupon, 0xe, "coupon.issue", "template:5", "{\"user_id\":7}", "");
    worker_rig_run(coupon);
    assert_int_equal(testdb_ask(order->db, "select count(*) from journal where verdict is null"),
                     6);
}

/* --- everything once -------------------------------------------------------------------------- */

struct asked {
    int n;
    const char *type;
    const char *key;
    const char *body;
    const char *more;
};

#define OF(order) "{\"order_id\":\"" WORKER_SHOP_ORDER(order) "\""
#define LINES(lines) "\"lines\":[" lines "]"
#define RED(n) "{\"option_id\":31,\"quantity\":" n "}"
#define BLUE(n) "{\"option_id\":32,\"quantity\":" n "}"
#define TRANSFER(n) "\"payment\":{\"method\":\"bank_transfer\",\"from_balance\":" n "}"

static const struct asked policy[] = {
    {0x20, "policy.apply", "policy:1",
     "{\"catalogue\":{\"products_min\":1},\"coupons\":{\"welcome\":{\"discount\":{\"type\":"
     "\"rate\",\"value\":500},\"valid_days\":30}},\"payment\":{\"methods\":[\"balance\","
     "\"bank_transfer\"],\"transfer_discount\":500,\"transfer_expires_s\":1800}}",
     ""},
};

static const struct asked orders[] = {
    {0x21, "user.register", "user:9", "{}", ""},
    {0x22, "wallet.charge", "user:8", "{\"amount\":50000}",
     ",\"user_id\":8,\"idempotency_key\":\"k\""},
    {0x23, "wallet.charge", "user:8", "{\"amount\":50000}",
     ",\"user_id\":8,\"idempotency_key\":\"k\""},
    {0x24, "option.restock", "product:3", "{\"option_id\":31,\"quantity\":90}", ""},
    {0x25, "wallet.charge", "user:6", "{\"amount\":1}", ""},
    {0x31, "order.place", "user:8", "{\"user_id\":8," LINES(RED("2")) "}", ""},
    {0x32, "order.place", "user:8", "{\"user_id\":8," LINES(RED("1")) "}", ""},
    {0x33, "order.place", "user:8", "{\"user_id\":8," LINES(RED("3") "," BLUE("1")) "}", ""},
    {0x34, "order.place", "user:8", "{\"user_id\":8," LINES(RED("2")) "}", ""},
    {0x35, "order.place", "user:8", "{\"user_id\":8," LINES(RED("1") "," BLUE("1")) "}", ""},
    {0x36, "order.place", "user:8", "{\"user_id\":8," LINES(RED("2")) "," TRANSFER("500") "}", ""},
    {0x37, "order.place", "user:7",
     "{\"user_id\":7," LINES(RED("3")) ",\"coupon_id\":\"" WORKER_SHOP_COUPON "\"}", ""},
    {0x38, "order.place", "user:7", "{\"user_id\":7," LINES(RED("1")) "," TRANSFER("100") "}", ""},
    {0x39, "order.place", "user:8", "{\"user_id\":8," LINES(RED("4")) "," TRANSFER("999") "}", ""},
};

static const struct asked later[] = {
    {0x42, "order.cancel", "user:8", OF("32") ",\"reason\":\"changed my mind\"}", ""},
    {0x43, "order.change", "user:8", OF("33") "," LINES(RED("1")) "}", ""},
    {0x44, "order.ship", "user:8", OF("34") "," LINES(RED("1")) "}", ""},
    {0x45, "order.ship", "user:8", OF("35") "," LINES(RED("1") "," BLUE("1")) "}", ""},
    {0x46, "order.cancel", "user:8", OF("35") "}", ""},
    {0x48, "payment.settle", "user:7", OF("38") ",\"outcome\":\"declined\"}", ""},
    {0x49, "payment.settle", "user:8", OF("39") ",\"outcome\":\"approved\"}", ""},
    {0x4a, "day.close", "day:20511", "{\"day\":\"2026-02-27\"}", ""},
};

static void ask_all(struct worker_rig *rig, const struct asked *asked, size_t count)
{
    for (size_t i = 0; i < count; i++)
        worker_rig_ask(rig, asked[i].n, asked[i].type, asked[i].key, asked[i].body, asked[i].more);
    worker_rig_run(rig);
}

static void end_coupons(struct worker_rig *coupon)
{
    worker_rig_ask(coupon, 0x51, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    coupon->accepted_at = "2026-03-12T00:00:00Z";
    worker_rig_ask(coupon, 0x52, "coupon.expire", "template:5",
                   "{\"coupon_ids\":[\"" WORKER_SHOP_ORDER("51") "\"]}", "");
    coupon->accepted_at = NULL;
    worker_rig_ask(coupon, 0x53, "coupon.revoke", "template:0",
                   "{\"coupon_id\":\"" WORKER_SHOP_ORDER("21") "\"}", "");
    worker_rig_run(coupon);
}

void worker_shop_live(struct worker_rig *order, struct worker_rig *coupon)
{
    ask_all(order, policy, FC_ARRAY_COUNT(policy));
    ask_all(order, orders, FC_ARRAY_COUNT(orders));
    ask_all(order, later, FC_ARRAY_COUNT(later));
    end_coupons(coupon);
    assert_rows(order->db,
                "select command_id, verdict from journal where verdict is not null or"
                " replay_of is not null",
                "(" WORKER_SHOP_ORDER("23") ",)\n(" WORKER_SHOP_ORDER(
                    "25") ",unknown_user)\n(" WORKER_SHOP_ORDER("46") ",order_not_cancellable)");
}

/* --- the audit -------------------------------------------------------------------------------- */

int32_t worker_shop_found_by(struct db *db, const struct sql_query *check)
{
    struct fc_err err;

    db_send(db, check, NULL);
    if (db_exchange(db, &err) != FC_OK)
        fail_msg("%s: %s", check->name, err.text);
    return db_rows_count(db_rows(db, 0));
}

void worker_shop_audit(struct db *db)
{
    for (size_t i = 0; i < sql_checks_count; i++) {
        if (strcmp(sql_checks[i].name, "counters_are_up_to_date") == 0)
            continue;
        if (worker_shop_found_by(db, &sql_checks[i]) > 0)
            fail_msg("%s: " FC_STR_FMT, sql_checks[i].name,
                     FC_STR_ARG(worker_rows_text(db, sql_checks[i].text)));
    }
}
