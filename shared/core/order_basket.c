#include "core/order_basket.h"

#include "base/assert.h"
#include "core/price.h"
#include "core/product.h"
#include "core/stock.h"

/* The product's only option, or NULL when it has none or several. */
static const struct option *option_only(const struct shop *shop, int64_t product_id)
{
    uint32_t cursor = 0;
    const struct option *only = shop_next_option(shop, product_id, &cursor);

    return shop_next_option(shop, product_id, &cursor) == NULL ? only : NULL;
}

static enum verdict item_find(const struct shop *shop, const struct order_line *line,
                              struct basket_item *ret_item, int64_t *ret_culprit)
{
    const struct product *product = product_of_id(shop, line->product_id);
    const struct option *option = line->option_id != 0 ? stock_of_option(shop, line->option_id)
                                                       : option_only(shop, line->product_id);

    *ret_culprit = line->product_id;
    if (product == NULL && (line->product_id != 0 || line->option_id == 0))
        return VERDICT_UNKNOWN_PRODUCT;
    if (line->option_id != 0)
        *ret_culprit = line->option_id;
    if (option == NULL || (product != NULL && option->product_id != product->product_id))
        return VERDICT_UNKNOWN_OPTION;
    product = product_of_id(shop, option->product_id);
    FC_ASSERT(product != NULL);
    *ret_item = (struct basket_item){
        .sold =
            {
                .option_id = option->option_id,
                .product_id = product->product_id,
                .quantity = line->quantity,
                .unit_price = price_unit(product->price, option->surcharge),
                .category = product->category,
            },
        .option = option,
        .product = product,
    };
    return VERDICT_SUCCEEDED;
}

static void items_sift(struct basket_item *items, int32_t root, int32_t count)
{
    for (int32_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && items[child].sold.option_id < items[child + 1].sold.option_id)
            child++;
        if (items[root].sold.option_id >= items[child].sold.option_id)
            return;
        struct basket_item item = items[root];

        items[root] = items[child];
        items[child] = item;
        root = child;
    }
}

/* Heapsort: in place, and no order of lines makes it slow. */
static void items_sort(struct basket_item *items, int32_t count)
{
    for (int32_t root = count / 2 - 1; root >= 0; root--)
        items_sift(items, root, count);
    for (int32_t last = count - 1; last > 0; last--) {
        struct basket_item item = items[0];

        items[0] = items[last];
        items[last] = item;
        items_sift(items, 0, last);
    }
}

/* Adds up the items of one option, which stand side by side; returns how many are left. */
static int32_t items_merge(struct basket_item *items, int32_t count)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < count; i++) {
        if (kept > 0 && items[kept - 1].sold.option_id == items[i].sold.option_id)
            items[kept - 1].sold.quantity += items[i].sold.quantity;
        else
            items[kept++] = items[i];
    }
    return kept;
}

static struct basket basket_begin(const struct shop *shop, const struct order_line *lines,
                                  int32_t line_count)
{
    FC_ASSERT(line_count > 0);
    FC_ASSERT(line_count <= ORDER_LINES_MAX);
    for (int32_t i = 0; i < line_count; i++) {
        FC_ASSERT(lines[i].quantity > 0);
        FC_ASSERT(lines[i].quantity <= QUANTITY_MAX);
    }
    return (struct basket){shop_take(shop, line_count, sizeof(struct basket_item)), line_count};
}

static void basket_end(struct basket *basket)
{
    items_sort(basket->items, basket->count);
    basket->count = items_merge(basket->items, basket->count);
    for (int32_t i = 0; i < basket->count; i++)
        basket->items[i].added = basket->items[i].sold.quantity;
}

void basket_gather(const struct shop *shop, const struct order_line *lines, int32_t line_count,
                   struct basket *ret_basket)
{
    *ret_basket = basket_begin(shop, lines, line_count);
    for (int32_t i = 0; i < line_count; i++) {
        ret_basket->items[i].sold.option_id = lines[i].option_id;
        ret_basket->items[i].sold.quantity = lines[i].quantity;
    }
    basket_end(ret_basket);
}

enum verdict basket_fill(const struct shop *shop, const struct order_line *lines,
                         int32_t line_count, struct basket *ret_basket, int64_t *ret_culprit)
{
    *ret_basket = basket_begin(shop, lines, line_count);
    for (int32_t i = 0; i < line_count; i++) {
        enum verdict verdict = item_find(shop, &lines[i], &ret_basket->items[i], ret_culprit);

        if (verdict != VERDICT_SUCCEEDED)
            return verdict;
    }
    basket_end(ret_basket);
    return VERDICT_SUCCEEDED;
}

const struct product *basket_not_on_sale(const struct basket *basket)
{
    for (int32_t i = 0; i < basket->count; i++)
        if (basket->items[i].added > 0 && basket->items[i].product->status != PRODUCT_ON_SALE)
            return basket->items[i].product;
    return NULL;
}

const struct product *basket_first_come(const struct basket *basket, int64_t other_id)
{
    for (int32_t i = 0; i < basket->count; i++) {
        const struct product *product = basket->items[i].product;

        if (basket->items[i].added > 0 && product->first_come && product->product_id != other_id)
            return product;
    }
    return NULL;
}

const struct option *basket_out_of_stock(const struct basket *basket)
{
    for (int32_t i = 0; i < basket->count; i++) {
        const struct basket_item *item = &basket->items[i];

        if (item->added > 0 &&
            (item->added > stock_available(item->option) || item->sold.quantity > QUANTITY_MAX))
            return item->option;
    }
    return NULL;
}

bool basket_total(const struct basket *basket, struct krw *ret_total)
{
    *ret_total = KRW(0);
    for (int32_t i = 0; i < basket->count; i++)
        if (!price_add(basket->items[i].sold.unit_price, basket->items[i].sold.quantity, ret_total))
            return false;
    return true;
}

struct sold_line *basket_sold(const struct shop *shop, const struct basket *basket)
{
    struct sold_line *lines = shop_take(shop, basket->count, sizeof(*lines));

    for (int32_t i = 0; i < basket->count; i++)
        lines[i] = basket->items[i].sold;
    return lines;
}
