#include "wire/result.h"

#include "base/assert.h"
#include "wire/document.h"
#include "wire/words.h"

/* The first event of that type; NULL when there is none. */
static const struct event *event_of(const struct decision *decision, enum event_type type)
{
    for (int32_t i = 0; i < decision->event_count; i++)
        if (decision->events[i].type == type)
            return &decision->events[i];
    return NULL;
}

const struct event *wire_result_must(const struct decision *decision, enum event_type type)
{
    const struct event *event = event_of(decision, type);

    FC_ASSERT(event != NULL);
    return event;
}

void wire_result_balance_put(struct wire_json *json, const struct shop *shop, int64_t user_id)
{
    const struct wallet *wallet = shop_find_wallet(shop, user_id);

    FC_ASSERT(wallet != NULL);
    wire_put_int(json, "balance", wallet->balance.won);
}

/* The coupon as GET /v1/coupons/{id} answers it; no order is in one that is born or revoked. */
static void coupon_put(struct wire_json *json, const struct shop *shop,
                       const struct fc_uuid *coupon_id)
{
    const struct coupon *coupon = shop_find_coupon(shop, coupon_id);

    FC_ASSERT(coupon != NULL);
    wire_put_uuid(json, "coupon_id", coupon_id);
    wire_put_template_id(json, coupon->template_id);
    wire_put_int(json, "user_id", coupon->user_id);
    wire_put_int(json, "position", coupon->position);
    wire_put_word(json, "status", wire_coupon_words[coupon->status]);
    wire_json_key(json, "discount");
    wire_discount_put(json, &coupon->discount);
    wire_put_int(json, "min_total", coupon->min_total.won);
    wire_put_instant(json, "issued_at", coupon->issued_at);
    wire_put_expiry(json, coupon->expires, coupon->expires_at);
}

static void user_put(struct wire_json *json, const struct decision *decision,
                     const struct shop *shop)
{
    int64_t user_id =
        wire_result_must(decision, EVENT_USER_REGISTERED)->data.user_registered.user_id;
    const struct event *welcome = event_of(decision, EVENT_COUPON_ISSUED);

    wire_put_int(json, "user_id", user_id);
    wire_result_balance_put(json, shop, user_id);
    if (welcome == NULL)
        return;
    wire_json_key(json, "coupon");
    wire_json_object_begin(json);
    coupon_put(json, shop, &welcome->data.coupon_issued.coupon_id);
    wire_json_object_end(json);
}

static void charge_put(struct wire_json *json, const struct decision *decision)
{
    const struct wallet_moved *moved =
        &wire_result_must(decision, EVENT_WALLET_CHARGED)->data.wallet_moved;

    wire_put_int(json, "user_id", moved->user_id);
    wire_put_int(json, "balance", moved->balance.won);
    wire_put_int(json, "amount", moved->amount.won);
}

static void issue_put(struct wire_json *json, const struct decision *decision)
{
    const struct coupon_issued *issued =
        &wire_result_must(decision, EVENT_COUPON_ISSUED)->data.coupon_issued;

    wire_put_uuid(json, "coupon_id", &issued->coupon_id);
    wire_put_int(json, "template_id", issued->template_id);
    wire_put_int(json, "user_id", issued->user_id);
    wire_put_int(json, "position", issued->position);
    wire_put_word(json, "status", "available");
    wire_put_expiry(json, issued->expires, issued->expires_at);
}

static void template_put(struct wire_json *json, const struct decision *decision,
                         const struct shop *shop)
{
    const struct template_put *put =
        &wire_result_must(decision, EVENT_TEMPLATE_PUT)->data.template_put;
    const struct coupon_template *template = shop_find_template(shop, put->template_id);

    FC_ASSERT(template != NULL);
    wire_template_members_put(json, put);
    wire_template_terms_put(json, put);
    wire_put_int(json, "issued", template->issued);
    wire_json_key(json, "remaining");
    if (template->limited)
        wire_json_i64(json, template->quantity - template->issued);
    else
        wire_json_null(json);
}

static void option_put(struct wire_json *json, const struct product_changed *product,
                       const struct option_state *state, const struct option *option)
{
    wire_json_object_begin(json);
    wire_put_int(json, "option_id", state->option_id);
    wire_put_str(json, "name", state->name);
    wire_put_int(json, "surcharge", state->surcharge.won);
    wire_put_int(json, "price", product->price.won + state->surcharge.won);
    wire_put_int(json, "available", option->total - option->reserved);
    wire_json_object_end(json);
}

/* The product as GET /v1/products/{id} answers it. Options are listed in the order of the
 * command. */
static void product_put(struct wire_json *json, const struct decision *decision,
                        const struct shop *shop)
{
    const struct product_changed *product =
        &wire_result_must(decision, EVENT_PRODUCT_PUT)->data.product_put;
    const char *status = wire_product_words[product->status];
    int64_t available = 0;

    for (int32_t i = 0; i < product->option_count; i++) {
        const struct option *option = shop_find_option(shop, product->options[i].option_id);

        FC_ASSERT(option != NULL);
        available += option->total - option->reserved;
    }
    wire_put_int(json, "product_id", product->product_id);
    wire_put_str(json, "name", product->name);
    wire_put_int(json, "price", product->price.won);
    wire_put_str(json, "category", product->category);
    wire_put_word(json, "status",
                  product->status == PRODUCT_ON_SALE && available == 0 ? "sold_out" : status);
    wire_put_bool(json, "first_come", product->first_come);
    wire_put_int(json, "available", available);
    wire_json_key(json, "options");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < product->option_count; i++)
        option_put(json, product, &product->options[i],
                   shop_find_option(shop, product->options[i].option_id));
    wire_json_array_end(json);
}

static void restock_put(struct wire_json *json, const struct decision *decision,
                        const struct shop *shop)
{
    int64_t option_id =
        wire_result_must(decision, EVENT_STOCK_RESTOCKED)->data.stock_restocked.option_id;
    const struct option *option = shop_find_option(shop, option_id);

    FC_ASSERT(option != NULL);
    wire_put_int(json, "option_id", option_id);
    wire_put_int(json, "total", option->total);
    wire_put_int(json, "reserved", option->reserved);
    wire_put_int(json, "available", option->total - option->reserved);
}

static void expire_put(struct wire_json *json, const struct decision *decision)
{
    int64_t expired = 0;

    for (int32_t i = 0; i < decision->event_count; i++)
        if (decision->events[i].type == EVENT_COUPON_EXPIRED)
            expired++;
    wire_put_int(json, "expired", expired);
}

static void members_put(struct wire_json *json, const struct command *command,
                        const struct decision *decision, const struct shop *shop)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        user_put(json, decision, shop);
        return;
    case COMMAND_WALLET_CHARGE:
        charge_put(json, decision);
        return;
    case COMMAND_COUPON_ISSUE:
        issue_put(json, decision);
        return;
    case COMMAND_COUPON_REVOKE:
        coupon_put(json, shop, &command->body.coupon_revoke.coupon_id);
        return;
    case COMMAND_COUPON_EXPIRE:
        expire_put(json, decision);
        return;
    case COMMAND_TEMPLATE_PUT:
        template_put(json, decision, shop);
        return;
    case COMMAND_TEMPLATE_DELETE:
        wire_put_int(json, "template_id", command->body.template_delete.template_id);
        return;
    case COMMAND_ORDER_PLACE:
    case COMMAND_ORDER_CANCEL:
    case COMMAND_ORDER_CHANGE:
    case COMMAND_ORDER_SHIP:
    case COMMAND_ORDER_EXPIRE:
    case COMMAND_PAYMENT_SETTLE:
        wire_result_order_put(json, command, decision, shop);
        return;
    case COMMAND_PRODUCT_PUT:
        product_put(json, decision, shop);
        return;
    case COMMAND_PRODUCT_DELETE:
        wire_put_int(json, "product_id", command->body.product_delete.product_id);
        return;
    case COMMAND_OPTION_RESTOCK:
        restock_put(json, decision, shop);
        return;
    case COMMAND_POLICY_APPLY:
        wire_put_int(json, "version", wire_result_must(decision, EVENT_POLICY_APPLIED)->version);
        return;
    case COMMAND_DAY_CLOSE:
        wire_put_day(json, "day", command->body.day_close.day);
        return;
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

void wire_result_put(struct fc_buf *buf, const struct command *command,
                     const struct decision *decision, const struct shop *shop)
{
    struct wire_json json;

    FC_ASSERT(decision->verdict == VERDICT_SUCCEEDED);
    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    members_put(&json, command, decision, shop);
    wire_json_object_end(&json);
}
