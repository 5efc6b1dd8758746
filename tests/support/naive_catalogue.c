#include "support/naive.h"

#include "base/limits.h"

static void keep(struct fc_str text, char out[NAIVE_NAME_BYTES])
{
    (void)fc_str_copy(text, out, NAIVE_NAME_BYTES);
}

static bool price_is_right(const struct policy *policy, const struct product_put *put)
{
    if (put->price.won < 0 || put->price.won % policy->price_step.won != 0)
        return false;
    for (int32_t i = 0; i < put->option_count; i++) {
        int64_t unit = put->price.won + put->options[i].surcharge.won;

        if (unit <= 0 || unit > PRICE_KRW_MAX || unit % policy->price_step.won != 0)
            return false;
    }
    return true;
}

static bool two_of_one_name(const struct product_put *put)
{
    for (int32_t i = 1; i < put->option_count; i++)
        for (int32_t k = 0; k < i; k++)
            if (fc_str_eq(put->options[i].name, put->options[k].name))
                return true;
    return false;
}

static bool asked_by_id(const struct product_put *put, int64_t id)
{
    for (int32_t i = 0; i < put->option_count; i++)
        if (put->options[i].option_id == id)
            return true;
    return false;
}

/* Which option each of the list is: by id, else the product's of that name, else a new one. */
static void number_options(struct naive_shop *shop, const struct command *command, int64_t *ids)
{
    const struct product_put *put = &command->body.product_put;

    for (int32_t i = 0; i < put->option_count; i++) {
        ids[i] = put->options[i].option_id;
        for (int32_t k = 0; ids[i] == 0 && k < shop->option_count; k++) {
            const struct naive_option *option = &shop->options[k];

            if (option->product == put->product_id &&
                naive_text_is(option->name, put->options[i].name) && !asked_by_id(put, option->id))
                ids[i] = option->id;
        }
        if (ids[i] == 0)
            ids[i] = fc_id_derive(&command->id, (uint32_t)i);
    }
}

static bool is_one_of(const int64_t *ids, int32_t count, int64_t id)
{
    for (int32_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static enum verdict check_put(struct naive_shop *shop, const struct product_put *put,
                              const int64_t *ids)
{
    for (int32_t i = 0; i < put->option_count; i++) {
        const struct naive_option *option = naive_option(shop, ids[i]);

        if (is_one_of(ids, i, ids[i]) || (option != NULL && option->product != put->product_id))
            return VERDICT_INVALID_REQUEST;
    }
    for (int32_t i = 0; i < shop->product_count; i++)
        if (naive_text_is(shop->products[i].name, put->name) &&
            shop->products[i].id != put->product_id)
            return VERDICT_NAME_TAKEN;
    for (int32_t i = 0; i < shop->option_count; i++) {
        const struct naive_option *option = &shop->options[i];

        if (option->product == put->product_id && (option->ordered || option->reserved > 0) &&
            !is_one_of(ids, put->option_count, option->id))
            return VERDICT_PRODUCT_IN_USE;
    }
    for (int32_t i = 0; i < put->option_count; i++) {
        const struct naive_option *option = naive_option(shop, ids[i]);

        if (option != NULL && put->options[i].stock < option->reserved)
            return VERDICT_INSUFFICIENT_STOCK;
    }
    return VERDICT_SUCCEEDED;
}

static void drop_options(struct naive_shop *shop, int64_t product_id, const int64_t *kept,
                         int32_t count)
{
    for (int32_t i = shop->option_count - 1; i >= 0; i--)
        if (shop->options[i].product == product_id && !is_one_of(kept, count, shop->options[i].id))
            shop->options[i] = shop->options[--shop->option_count];
}

static void write_product(struct naive_shop *shop, const struct product_put *put,
                          const int64_t *ids)
{
    struct naive_product *product = naive_product(shop, put->product_id);

    if (product == NULL)
        product = &shop->products[shop->product_count++];
    *product = (struct naive_product){.id = put->product_id,
                                      .price = put->price.won,
                                      .stopped = put->status == PRODUCT_STOPPED,
                                      .first_come = put->first_come};
    keep(put->name, product->name);
    keep(put->category, product->category);
    drop_options(shop, put->product_id, ids, put->option_count);
    for (int32_t i = 0; i < put->option_count; i++) {
        struct naive_option *option = naive_option(shop, ids[i]);

        if (option == NULL) {
            option = &shop->options[shop->option_count++];
            *option = (struct naive_option){.id = ids[i], .product = put->product_id};
        }
        keep(put->options[i].name, option->name);
        option->surcharge = put->options[i].surcharge.won;
        option->total = put->options[i].stock;
    }
}

enum verdict naive_product_put(struct naive_shop *shop, const struct policy *policy,
                               const struct command *command)
{
    const struct product_put *put = &command->body.product_put;
    int64_t ids[PRODUCT_OPTIONS_MAX];

    if (!naive_key_is(command, COMMAND_KEY_PRODUCT, put->product_id))
        return VERDICT_MISROUTED;
    if (!price_is_right(policy, put))
        return VERDICT_PRICE_NOT_ALLOWED;
    if (put->option_count > policy->product_options_max || two_of_one_name(put))
        return VERDICT_INVALID_REQUEST;
    number_options(shop, command, ids);

    enum verdict verdict = check_put(shop, put, ids);

    if (verdict == VERDICT_SUCCEEDED)
        write_product(shop, put, ids);
    return verdict;
}

enum verdict naive_product_delete(struct naive_shop *shop, const struct command *command)
{
    int64_t id = command->body.product_delete.product_id;
    struct naive_product *product = naive_product(shop, id);

    if (!naive_key_is(command, COMMAND_KEY_PRODUCT, id))
        return VERDICT_MISROUTED;
    if (product == NULL)
        return VERDICT_UNKNOWN_PRODUCT;
    for (int32_t i = 0; i < shop->option_count; i++)
        if (shop->options[i].product == id &&
            (shop->options[i].ordered || shop->options[i].reserved > 0))
            return VERDICT_PRODUCT_IN_USE;
    drop_options(shop, id, NULL, 0);
    *product = shop->products[--shop->product_count];
    return VERDICT_SUCCEEDED;
}

enum verdict naive_restock(struct naive_shop *shop, const struct command *command)
{
    const struct option_restock *restock = &command->body.option_restock;
    struct naive_option *option = naive_option(shop, restock->option_id);

    if (command->key.kind != COMMAND_KEY_PRODUCT)
        return VERDICT_MISROUTED;
    if (option == NULL)
        return VERDICT_UNKNOWN_OPTION;
    if (command->key.id != option->product)
        return VERDICT_MISROUTED;
    if (option->total + restock->quantity < option->reserved)
        return VERDICT_INSUFFICIENT_STOCK;
    if (option->total + restock->quantity > STOCK_MAX)
        return VERDICT_INVALID_REQUEST;
    option->total += restock->quantity;
    return VERDICT_SUCCEEDED;
}
