#include "support/outside.h"

#include "host/clock.h"
#include "support/caller.h"
#include "support/chance.h"
#include "support/told.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

bool outside_get(int32_t status, char ret_why[OUTSIDE_WHY_BYTES], struct json_object **ret_root,
                 const char *format, ...)
{
    struct call call = {.method = "GET", .user_id = OUTSIDE_ADMIN_ID, .admin = true};
    struct answer answer;
    const char *trouble;
    va_list args;

    *ret_root = NULL;
    va_start(args, format);
    (void)vsnprintf(call.path, sizeof(call.path), format, args);
    va_end(args);
    OUTSIDE_SAME(caller_ask(&call, &answer, &trouble), "GET %s: %s", call.path, trouble);
    OUTSIDE_SAME(answer.status == status, "GET %s is answered %d, by hand %d: " FC_STR_FMT,
                 call.path, (int)answer.status, (int)status, FC_STR_ARG(answer.body));
    *ret_root = told_parse(answer.body);
    OUTSIDE_SAME(*ret_root != NULL, "GET %s: no JSON: " FC_STR_FMT, call.path,
                 FC_STR_ARG(answer.body));
    return false;
}

static bool unknown_differs(const char *folder, int64_t id, char ret_why[OUTSIDE_WHY_BYTES])
{
    struct json_object *root;
    bool differs = outside_get(404, ret_why, &root, "/v1/%s/%" PRId64, folder, id);

    (void)json_object_put(root);
    return differs;
}

/* One page; the cursor of the next, empty behind the last. */
static bool page_differs(struct naive_shop *naive, struct json_object *root,
                         outside_item_fn *differs, int64_t *count, char ret_why[OUTSIDE_WHY_BYTES])
{
    struct json_object *items = told_member(root, "items");

    OUTSIDE_SAME(json_object_is_type(items, json_type_array), "a list without items");
    for (size_t i = 0; i < json_object_array_length(items); i++)
        if (differs(naive, json_object_array_get_idx(items, i), ret_why))
            return true;
    *count += (int64_t)json_object_array_length(items);
    return false;
}

bool outside_list_differs(struct naive_shop *naive, const char *path, outside_item_fn *differs,
                          int64_t *ret_count, char ret_why[OUTSIDE_WHY_BYTES])
{
    char cursor[CALLER_PATH_BYTES] = "";

    *ret_count = 0;
    do {
        struct json_object *root;
        bool differ = outside_get(200, ret_why, &root, "%s%s%s", path,
                                  cursor[0] != '\0' ? "&cursor=" : "", cursor) ||
                      page_differs(naive, root, differs, ret_count, ret_why);

        (void)fc_str_copy(told_text(root, "next_cursor"), cursor, sizeof(cursor));
        (void)json_object_put(root);
        if (differ)
            return true;
    } while (cursor[0] != '\0');
    return false;
}

/* --- users and their coupons ------------------------------------------------------------------ */

static const char *const coupon_words[] = {
    [COUPON_AVAILABLE] = "available",
    [COUPON_USED] = "used",
    [COUPON_EXPIRED] = "expired",
    [COUPON_CANCELLED] = "cancelled",
};

/* Its time may be over before anybody wrote that down. */
static enum coupon_status status_of(const struct naive_coupon *coupon)
{
    bool over = coupon->expires && coupon->expires_us <= fc_clock_now().us;

    return coupon->status == COUPON_AVAILABLE && over ? COUPON_EXPIRED : coupon->status;
}

static bool coupon_differs(struct naive_shop *naive, struct json_object *item,
                           char ret_why[OUTSIDE_WHY_BYTES])
{
    struct fc_uuid id = told_uuid(item, "coupon_id");
    const struct naive_coupon *hand = naive_coupon(naive, &id);
    struct fc_instant expires_at = {0};
    const char *text = json_object_to_json_string(item);

    OUTSIDE_SAME(hand != NULL, "a coupon that is not in the books: %s", text);
    OUTSIDE_SAME(fc_str_eq(told_text(item, "status"), fc_str_of(coupon_words[status_of(hand)])),
                 "by hand the coupon is %s: %s", coupon_words[status_of(hand)], text);
    OUTSIDE_SAME(fc_instant_parse(told_text(item, "expires_at"), &expires_at) == hand->expires &&
                     expires_at.us == hand->expires_us,
                 "by hand the coupon expires at %" PRId64 " us: %s", hand->expires_us, text);
    OUTSIDE_SAME(told_int(item, "template_id") == hand->template_id &&
                     told_int(item, "user_id") == hand->user &&
                     told_int(item, "position") == hand->position &&
                     told_int(item, "min_total") == hand->min_total &&
                     told_int(told_member(item, "discount"), "value") == hand->discount.value,
                 "by hand the coupon is number %" PRId64 " of template %" PRId64 ": %s",
                 hand->position, hand->template_id, text);
    return false;
}

static bool coupons_differ(struct naive_shop *naive, int64_t user_id,
                           char ret_why[OUTSIDE_WHY_BYTES])
{
    for (int status = 0; status < (int)FC_ARRAY_COUNT(coupon_words); status++) {
        char path[CALLER_PATH_BYTES];
        int64_t by_hand = 0;
        int64_t count;

        (void)snprintf(path, sizeof(path), "/v1/users/%" PRId64 "/coupons?status=%s", user_id,
                       coupon_words[status]);
        for (int32_t i = 0; i < naive->coupon_count; i++)
            by_hand +=
                naive->coupons[i].user == user_id && (int)status_of(&naive->coupons[i]) == status;
        if (outside_list_differs(naive, path, coupon_differs, &count, ret_why))
            return true;
        OUTSIDE_SAME(count == by_hand, "GET %s: %" PRId64 ", by hand %" PRId64, path, count,
                     by_hand);
    }
    return false;
}

static bool orders_differ(struct naive_shop *naive, int64_t user_id,
                          char ret_why[OUTSIDE_WHY_BYTES])
{
    char path[CALLER_PATH_BYTES];
    int64_t by_hand = 0;
    int64_t count;

    (void)snprintf(path, sizeof(path), "/v1/users/%" PRId64 "/orders?limit=20", user_id);
    for (int32_t i = 0; i < naive->order_count; i++)
        by_hand += naive->orders[i].user == user_id;
    if (outside_list_differs(naive, path, outside_order_differs, &count, ret_why))
        return true;
    OUTSIDE_SAME(count == by_hand, "GET %s: %" PRId64 ", by hand %" PRId64, path, count, by_hand);
    return false;
}

static bool user_differs(struct naive_shop *naive, int64_t id, char ret_why[OUTSIDE_WHY_BYTES])
{
    const struct naive_user *hand = naive_user(naive, id);
    struct json_object *root;

    if (hand == NULL)
        return unknown_differs("users", id, ret_why);
    if (outside_get(200, ret_why, &root, "/v1/users/%" PRId64 "/balance", id))
        return true;
    int64_t balance = told_int(root, "balance");
    int64_t held = told_int(root, "held");

    (void)json_object_put(root);
    OUTSIDE_SAME(balance == hand->balance && held == hand->held,
                 "user %" PRId64 ": %" PRId64 " (%" PRId64 " held), by hand %" PRId64 " (%" PRId64
                 ")",
                 id, balance, held, hand->balance, hand->held);
    return coupons_differ(naive, id, ret_why) || orders_differ(naive, id, ret_why);
}

/* --- the catalogue ---------------------------------------------------------------------------- */

static bool template_differs(struct naive_shop *naive, int64_t id, char ret_why[OUTSIDE_WHY_BYTES])
{
    const struct naive_template *hand = naive_template(naive, id);
    struct json_object *root;

    if (hand == NULL)
        return unknown_differs("coupon-templates", id, ret_why);
    if (outside_get(200, ret_why, &root, "/v1/coupon-templates/%" PRId64, id))
        return true;
    int64_t issued = told_int(root, "issued");
    int64_t remaining = told_int(root, "remaining");

    (void)json_object_put(root);
    OUTSIDE_SAME(issued == hand->issued &&
                     remaining == hand->quantity * hand->limited - hand->issued * hand->limited,
                 "template %" PRId64 ": %" PRId64 " issued, %" PRId64 " left, by hand %" PRId64
                 " of %" PRId64,
                 id, issued, remaining, hand->issued, hand->quantity);
    return false;
}

static bool one_product_differs(struct naive_shop *naive, int64_t id,
                                char ret_why[OUTSIDE_WHY_BYTES])
{
    struct json_object *root;

    if (naive_product(naive, id) == NULL)
        return unknown_differs("products", id, ret_why);
    bool differs = outside_get(200, ret_why, &root, "/v1/products/%" PRId64, id) ||
                   outside_product_differs(naive, root, ret_why);

    (void)json_object_put(root);
    return differs;
}

static bool products_differ(struct naive_shop *naive, char ret_why[OUTSIDE_WHY_BYTES])
{
    int64_t count;

    if (outside_list_differs(naive, "/v1/products?limit=10", outside_product_differs, &count,
                             ret_why))
        return true;
    OUTSIDE_SAME(count == naive->product_count, "%" PRId64 " products, by hand %d", count,
                 (int)naive->product_count);
    return false;
}

bool outside_books_differ(struct naive_shop *naive, int64_t hundreds,
                          char ret_why[OUTSIDE_WHY_BYTES])
{
    for (int64_t before = 0; before < hundreds * 100; before += 100) {
        for (int64_t i = 1; i <= CHANCE_USERS; i++)
            if (user_differs(naive, before + i, ret_why))
                return true;
        for (int64_t i = 1; i <= CHANCE_PRODUCTS; i++)
            if (one_product_differs(naive, before + i, ret_why))
                return true;
        for (int64_t i = 1; i <= CHANCE_TEMPLATES; i++)
            if (template_differs(naive, before + i, ret_why))
                return true;
    }
    return products_differ(naive, ret_why);
}
