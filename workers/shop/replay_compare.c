#include "shop/replay_compare.h"

#include "base/assert.h"
#include "shop/texts.h"
#include "wire/policy.h"

/* Whom a difference is about. */
struct who {
    const char *kind;
    int64_t id;
    const struct fc_uuid *uuid; /* NULL: it has a number */
};

static void who_put(struct fc_buf *buf, const struct who *who)
{
    fc_buf_put_fmt(buf, "%s ", who->kind);
    if (who->uuid != NULL)
        fc_uuid_put(buf, who->uuid);
    else
        fc_buf_put_fmt(buf, "%lld", (long long)who->id);
}

static void tell(struct comparison *comparison, const struct who *who, struct fc_str what)
{
    char text[512];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    who_put(&buf, who);
    fc_buf_put_fmt(&buf, FC_STR_FMT, FC_STR_ARG(what));
    comparison->differences++;
    comparison->differs(comparison->arg, fc_buf_str(&buf));
}

static void same(struct comparison *comparison, const struct who *who, const char *what,
                 int64_t table, int64_t journal)
{
    char text[128];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    if (table == journal)
        return;
    fc_buf_put_fmt(&buf, ": %s is %lld, by the journal %lld", what, (long long)table,
                   (long long)journal);
    tell(comparison, who, fc_buf_str(&buf));
}

static void same_text(struct comparison *comparison, const struct who *who, const char *what,
                      struct fc_str table, struct fc_str journal)
{
    char text[600];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    if (fc_str_eq(table, journal))
        return;
    fc_buf_put_fmt(&buf, ": %s is \"%.*s\", by the journal \"%.*s\"", what,
                   (int)(table.len < 200 ? table.len : 200), table.ptr,
                   (int)(journal.len < 200 ? journal.len : 200), journal.ptr);
    tell(comparison, who, fc_buf_str(&buf));
}

static void same_uuid(struct comparison *comparison, const struct who *who, const char *what,
                      const struct fc_uuid *table, const struct fc_uuid *journal)
{
    char one[FC_UUID_TEXT_BYTES];
    char other[FC_UUID_TEXT_BYTES];
    struct fc_buf buf_one = fc_buf_of(one, sizeof(one));
    struct fc_buf buf_other = fc_buf_of(other, sizeof(other));

    fc_uuid_put(&buf_one, table);
    fc_uuid_put(&buf_other, journal);
    same_text(comparison, who, what, fc_buf_str(&buf_one), fc_buf_str(&buf_other));
}

/* Whether the journal knows it; `loaded`, which means nothing to a state out of the journal, keeps
 * that the table has it. */
static bool is_known(struct comparison *comparison, const struct who *who, struct row_mark *mark)
{
    if (mark == NULL || !mark->exists) {
        tell(comparison, who, FC_STR(" is in the table, and not by the journal"));
        return false;
    }
    mark->loaded = true;
    return true;
}

/* ---- one kind after another: a page of rows against the state */

void replay_compare_users(struct comparison *comparison)
{
    for (int32_t i = 0; i < comparison->tables.wallets.count; i++) {
        const struct wallet *table = comparison->tables.wallets.rows[i];
        struct wallet *journal = shop_find_wallet(comparison->replay->shop, table->user_id);
        const struct who who = {"wallet", table->user_id, NULL};

        if (!is_known(comparison, &who, journal != NULL ? &journal->user : NULL))
            continue;
        same(comparison, &who, "existence", table->row.exists, journal->row.exists);
        same(comparison, &who, "balance", table->balance.won, journal->balance.won);
        same(comparison, &who, "held", table->held.won, journal->held.won);
        same(comparison, &who, "version", table->version, journal->version);
    }
}

static void compare_options(struct comparison *comparison)
{
    for (int32_t i = 0; i < comparison->tables.options.count; i++) {
        const struct option *table = comparison->tables.options.rows[i];
        struct option *journal = shop_find_option(comparison->replay->shop, table->option_id);
        const struct who who = {"option", table->option_id, NULL};

        if (!is_known(comparison, &who, journal != NULL ? &journal->row : NULL))
            continue;
        same(comparison, &who, "product", table->product_id, journal->product_id);
        same_text(comparison, &who, "name", table->name, journal->name);
        same(comparison, &who, "surcharge", table->surcharge.won, journal->surcharge.won);
        same(comparison, &who, "total", table->total, journal->total);
        same(comparison, &who, "reserved", table->reserved, journal->reserved);
        same(comparison, &who, "ordered", table->ordered, journal->ordered);
    }
}

void replay_compare_products(struct comparison *comparison)
{
    for (int32_t i = 0; i < comparison->tables.products.count; i++) {
        const struct product *table = comparison->tables.products.rows[i];
        struct product *journal = shop_find_product(comparison->replay->shop, table->product_id);
        const struct who who = {"product", table->product_id, NULL};

        if (!is_known(comparison, &who, journal != NULL ? &journal->row : NULL))
            continue;
        same_text(comparison, &who, "name", table->name, journal->name);
        same(comparison, &who, "price", table->price.won, journal->price.won);
        same_text(comparison, &who, "category", table->category, journal->category);
        same(comparison, &who, "status", table->status, journal->status);
        same(comparison, &who, "first_come", table->first_come, journal->first_come);
        same(comparison, &who, "version", table->version, journal->version);
    }
    compare_options(comparison);
}

void replay_compare_templates(struct comparison *comparison)
{
    for (int32_t i = 0; i < comparison->tables.templates.count; i++) {
        const struct coupon_template *table = comparison->tables.templates.rows[i];
        struct coupon_template *journal =
            shop_find_template(comparison->replay->shop, table->template_id);
        const struct who who = {"template", table->template_id, NULL};

        if (!is_known(comparison, &who, journal != NULL ? &journal->row : NULL))
            continue;
        same_text(comparison, &who, "name", table->name, journal->name);
        same(comparison, &who, "discount's type", table->discount.type, journal->discount.type);
        same(comparison, &who, "discount", table->discount.value, journal->discount.value);
        same(comparison, &who, "limited", table->limited, journal->limited);
        same(comparison, &who, "quantity", table->quantity, journal->quantity);
        same(comparison, &who, "issued", table->issued, journal->issued);
        same(comparison, &who, "issue_from", table->issue_from.us, journal->issue_from.us);
        same(comparison, &who, "issue_until", table->issue_until.us, journal->issue_until.us);
        same(comparison, &who, "valid_days", table->valid_days, journal->valid_days);
        same(comparison, &who, "min_total", table->min_total.won, journal->min_total.won);
        same(comparison, &who, "version", table->version, journal->version);
    }
}

void replay_compare_coupons(struct comparison *comparison)
{
    for (int32_t i = 0; i < comparison->tables.coupons.count; i++) {
        const struct coupon *table = comparison->tables.coupons.rows[i];
        struct coupon *journal = shop_find_coupon(comparison->replay->shop, &table->coupon_id);
        const struct who who = {"coupon", 0, &table->coupon_id};

        if (!is_known(comparison, &who, journal != NULL ? &journal->row : NULL))
            continue;
        same(comparison, &who, "template", table->template_id, journal->template_id);
        same(comparison, &who, "user", table->user_id, journal->user_id);
        same(comparison, &who, "position", table->position, journal->position);
        same_text(comparison, &who, "status", text_of_coupon_status(table->status),
                  text_of_coupon_status(journal->status));
        same(comparison, &who, "discount's type", table->discount.type, journal->discount.type);
        same(comparison, &who, "discount", table->discount.value, journal->discount.value);
        same(comparison, &who, "min_total", table->min_total.won, journal->min_total.won);
        same(comparison, &who, "issued_at", table->issued_at.us, journal->issued_at.us);
        same(comparison, &who, "expires", table->expires, journal->expires);
        same(comparison, &who, "expires_at", table->expires_at.us, journal->expires_at.us);
        same_uuid(comparison, &who, "order", &table->order_id, &journal->order_id);
        same(comparison, &who, "version", table->version, journal->version);
    }
}

static void compare_items(struct comparison *comparison, const struct who *who,
                          const struct order *table, const struct order *journal)
{
    same(comparison, who, "number of lines", table->item_count, journal->item_count);
    for (int32_t i = 0; i < table->item_count && i < journal->item_count; i++) {
        const struct order_item *one = &table->items[i];
        const struct order_item *other = &journal->items[i];

        same(comparison, who, "a line's option", one->sold.option_id, other->sold.option_id);
        same(comparison, who, "a line's product", one->sold.product_id, other->sold.product_id);
        same(comparison, who, "a line's quantity", one->sold.quantity, other->sold.quantity);
        same(comparison, who, "a line's unit_price", one->sold.unit_price.won,
             other->sold.unit_price.won);
        same_text(comparison, who, "a line's category", one->sold.category, other->sold.category);
        same(comparison, who, "a line's shipped", one->shipped, other->shipped);
    }
}

static void compare_terms(struct comparison *comparison, const struct who *who,
                          const struct order_terms *table, const struct order_terms *journal)
{
    same(comparison, who, "user", table->user_id, journal->user_id);
    same(comparison, who, "key's kind", table->key.kind, journal->key.kind);
    same(comparison, who, "key", table->key.id, journal->key.id);
    same(comparison, who, "total", table->total.won, journal->total.won);
    same(comparison, who, "discount", table->discount.won, journal->discount.won);
    same(comparison, who, "paid", table->paid.won, journal->paid.won);
    same_uuid(comparison, who, "coupon", &table->coupon_id, &journal->coupon_id);
    same(comparison, who, "payment", table->payment, journal->payment);
    same(comparison, who, "from_balance", table->from_balance.won, journal->from_balance.won);
    same(comparison, who, "transfer_rate", table->transfer_rate, journal->transfer_rate);
    same(comparison, who, "transfer_discount", table->transfer_discount.won,
         journal->transfer_discount.won);
    same(comparison, who, "ordered_at", table->ordered_at.us, journal->ordered_at.us);
    same(comparison, who, "paid_at", table->paid_at.us, journal->paid_at.us);
}

void replay_compare_orders(struct comparison *comparison)
{
    for (int32_t i = 0; i < comparison->tables.orders.count; i++) {
        const struct order *table = comparison->tables.orders.rows[i];
        struct order *journal = shop_find_order(comparison->replay->shop, &table->terms.order_id);
        const struct who who = {"order", 0, &table->terms.order_id};

        if (!is_known(comparison, &who, journal != NULL ? &journal->row : NULL))
            continue;
        same_text(comparison, &who, "status", fc_str_of(order_status_name(table->status)),
                  fc_str_of(order_status_name(journal->status)));
        compare_terms(comparison, &who, &table->terms, &journal->terms);
        same(comparison, &who, "failure", table->failure, journal->failure);
        same(comparison, &who, "expires", table->expires, journal->expires);
        same(comparison, &who, "expires_at", table->expires_at.us, journal->expires_at.us);
        same(comparison, &who, "refunded", table->refunded.won, journal->refunded.won);
        same(comparison, &who, "version", table->version, journal->version);
        compare_items(comparison, &who, table, journal);
    }
}

/* ---- what only the journal has */

static void rest(struct comparison *comparison, const struct who *who, const struct row_mark *mark)
{
    if (mark->exists && !mark->loaded)
        tell(comparison, who, FC_STR(" is there by the journal, and not in the table"));
}

#define REST(type, table, mark, ...)                  \
    for (int32_t i = 0; i < shop->table.count; i++) { \
        const type *row = shop->table.rows[i];        \
        const struct who who = __VA_ARGS__;           \
        rest(comparison, &who, &row->mark);           \
    }

void replay_compare_rest(struct comparison *comparison)
{
    const struct shop *shop = comparison->replay->shop;

    REST(struct wallet, wallets, user, {"user", row->user_id, NULL})
    REST(struct product, products, row, {"product", row->product_id, NULL})
    REST(struct option, options, row, {"option", row->option_id, NULL})
    REST(struct coupon_template, templates, row, {"template", row->template_id, NULL})
    REST(struct coupon, coupons, row, {"coupon", 0, &row->coupon_id})
    REST(struct order, orders, row, {"order", 0, &row->terms.order_id})
}

static struct fc_str canonical(struct fc_arena *arena, struct fc_str document)
{
    struct wire_faults faults;
    struct policy policy;
    struct fc_buf buf;
    struct fc_str text;

    wire_faults_init(&faults, arena);
    if (document.len == 0 || !wire_policy_parse(document, arena, &policy, &faults))
        return document;
    buf = fc_arena_buf_begin(arena);
    wire_policy_put(&buf, &policy);
    return fc_arena_buf_end(arena, &buf, &text) ? text : document;
}

void replay_compare_policy(struct comparison *comparison, int64_t version, struct fc_str document)
{
    const struct policy_row *journal = &comparison->replay->shop->policy;
    struct fc_arena *scratch = comparison->replay->scratch;
    const struct who who = {"policy", version, NULL};

    same(comparison, &who, "version", version, journal->version);
    same_text(comparison, &who, "document", canonical(scratch, document),
              canonical(scratch, journal->document));
}
