#include "core/product.h"

#include "base/assert.h"
#include "core/price.h"
#include "core/stock.h"

const struct product *product_of_id(const struct shop *shop, int64_t product_id)
{
    const struct product *product = shop_find_product(shop, product_id);

    return product != NULL && product->row.exists ? product : NULL;
}

int64_t product_put_option_id(const struct command *command, int32_t index)
{
    const struct product_put *put = &command->body.product_put;

    FC_ASSERT(index >= 0);
    FC_ASSERT(index < put->option_count);
    if (put->options[index].option_id != 0)
        return put->options[index].option_id;
    return fc_id_derive(&command->id, (uint32_t)index);
}

static bool put_price_allowed(const struct policy *policy, const struct product_put *put)
{
    if (!price_allowed(policy, put->price))
        return false;
    for (int32_t i = 0; i < put->option_count; i++)
        if (!price_unit_allowed(policy, price_unit(put->price, put->options[i].surcharge)))
            return false;
    return true;
}

static bool put_has_equal_names(const struct product_put *put)
{
    for (int32_t i = 0; i < put->option_count; i++)
        for (int32_t k = 0; k < i; k++)
            if (fc_str_eq(put->options[i].name, put->options[k].name))
                return true;
    return false;
}

static bool put_names_id(const struct product_put *put, int64_t option_id)
{
    for (int32_t i = 0; i < put->option_count; i++)
        if (put->options[i].option_id == option_id)
            return true;
    return false;
}

/* The product's option of that name; not one that the list names by id, which may be renamed. */
static const struct option *option_named(const struct shop *shop, const struct product_put *put,
                                         struct fc_str name)
{
    uint32_t cursor = 0;
    const struct option *option;

    do
        option = shop_next_option(shop, put->product_id, &cursor);
    while (option != NULL &&
           (!fc_str_eq(option->name, name) || put_names_id(put, option->option_id)));
    return option;
}

/* What the options are from now on; false with the culprit when one cannot be this product's. */
static bool options_resolve(const struct shop *shop, const struct command *command,
                            struct option_state *ret_states, int64_t *ret_culprit)
{
    const struct product_put *put = &command->body.product_put;

    for (int32_t i = 0; i < put->option_count; i++) {
        const struct option_put *asked = &put->options[i];
        const struct option *option =
            asked->option_id == 0 ? option_named(shop, put, asked->name) : NULL;
        int64_t option_id = option != NULL ? option->option_id : product_put_option_id(command, i);

        option = stock_of_option(shop, option_id);
        *ret_culprit = option_id;
        if (option != NULL && option->product_id != put->product_id)
            return false;
        for (int32_t k = 0; k < i; k++)
            if (ret_states[k].option_id == option_id)
                return false;
        ret_states[i] = (struct option_state){
            .option_id = option_id,
            .name = asked->name,
            .surcharge = asked->surcharge,
            .is_new = option == NULL,
            .stock = option == NULL ? asked->stock : 0,
        };
    }
    return true;
}

static bool states_have(const struct option_state *states, int32_t count, int64_t option_id)
{
    for (int32_t i = 0; i < count; i++)
        if (states[i].option_id == option_id)
            return true;
    return false;
}

static bool option_in_use(const struct option *option)
{
    return option->ordered || option->reserved > 0;
}

/* An option in use that the list leaves out, or NULL. */
static const struct option *option_left_out(const struct shop *shop, int64_t product_id,
                                            const struct option_state *states, int32_t count)
{
    uint32_t cursor = 0;
    const struct option *option;

    do
        option = shop_next_option(shop, product_id, &cursor);
    while (option != NULL &&
           (!option_in_use(option) || states_have(states, count, option->option_id)));
    return option;
}

/* An old option that shall have less than is reserved of it, or NULL. */
static const struct option *option_short(const struct shop *shop, const struct product_put *put,
                                         const struct option_state *states)
{
    for (int32_t i = 0; i < put->option_count; i++) {
        const struct option *option = stock_of_option(shop, states[i].option_id);

        if (option != NULL && put->options[i].stock < option->reserved)
            return option;
    }
    return NULL;
}

static struct decision put_succeeded(const struct shop *shop, const struct product_put *put,
                                     struct option_state *states)
{
    const struct product *product = product_of_id(shop, put->product_id);
    int64_t version = product == NULL ? 1 : product->version + 1;
    struct decision decision = decision_succeeded(shop, 1 + put->option_count);
    struct event *event = decision_add(&decision, EVENT_PRODUCT_PUT, version);

    event->data.product_put = (struct product_changed){
        .product_id = put->product_id,
        .name = put->name,
        .price = put->price,
        .category = put->category,
        .status = put->status,
        .first_come = put->first_come,
        .options = states,
        .option_count = put->option_count,
    };
    for (int32_t i = 0; i < put->option_count; i++) {
        const struct option *option = stock_of_option(shop, states[i].option_id);

        if (option != NULL && put->options[i].stock != option->total)
            stock_restock(option, put->options[i].stock - option->total, &decision);
    }
    return decision;
}

struct decision product_decide_put(const struct shop *shop, const struct policy *policy,
                                   const struct command *command)
{
    const struct product_put *put = &command->body.product_put;
    const struct product *namesake = shop_find_product_named(shop, put->name);
    const struct option *culprit;
    int64_t culprit_id;

    FC_ASSERT(put->option_count > 0);
    if (!command_key_is(command, COMMAND_KEY_PRODUCT, put->product_id))
        return decision_refused(VERDICT_MISROUTED, put->product_id);
    if (!put_price_allowed(policy, put))
        return decision_refused(VERDICT_PRICE_NOT_ALLOWED, put->product_id);
    if (put->option_count > policy->product_options_max)
        return decision_refused(VERDICT_INVALID_REQUEST, put->product_id);
    if (put_has_equal_names(put))
        return decision_refused(VERDICT_INVALID_REQUEST, put->product_id);
    struct option_state *states = shop_take(shop, put->option_count, sizeof(*states));

    if (!options_resolve(shop, command, states, &culprit_id))
        return decision_refused(VERDICT_INVALID_REQUEST, culprit_id);
    if (namesake != NULL && namesake->product_id != put->product_id)
        return decision_refused(VERDICT_NAME_TAKEN, namesake->product_id);
    culprit = option_left_out(shop, put->product_id, states, put->option_count);
    if (culprit != NULL)
        return decision_refused(VERDICT_PRODUCT_IN_USE, culprit->option_id);
    culprit = option_short(shop, put, states);
    if (culprit != NULL)
        return decision_refused(VERDICT_INSUFFICIENT_STOCK, culprit->option_id);
    return put_succeeded(shop, put, states);
}

struct decision product_decide_delete(const struct shop *shop, const struct command *command)
{
    int64_t product_id = command->body.product_delete.product_id;
    const struct product *product = product_of_id(shop, product_id);
    const struct option *option;
    int32_t option_count = 0;

    if (!command_key_is(command, COMMAND_KEY_PRODUCT, product_id))
        return decision_refused(VERDICT_MISROUTED, product_id);
    if (product == NULL)
        return decision_refused(VERDICT_UNKNOWN_PRODUCT, product_id);
    option = option_left_out(shop, product_id, NULL, 0);
    if (option != NULL)
        return decision_refused(VERDICT_PRODUCT_IN_USE, option->option_id);

    for (uint32_t cursor = 0; shop_next_option(shop, product_id, &cursor) != NULL;)
        option_count++;
    int64_t *option_ids = shop_take(shop, option_count, sizeof(*option_ids));

    option_count = 0;
    for (uint32_t cursor = 0; (option = shop_next_option(shop, product_id, &cursor)) != NULL;)
        option_ids[option_count++] = option->option_id;

    struct decision decision = decision_succeeded(shop, 1);
    struct event *event = decision_add(&decision, EVENT_PRODUCT_DELETED, product->version + 1);

    event->data.product_deleted = (struct product_deleted){
        .product_id = product_id,
        .option_ids = option_ids,
        .option_count = option_count,
    };
    return decision;
}

/* The deltas go down to what was loaded, so that they are right when it is born again. */
static void option_die(struct option *option)
{
    FC_ASSERT(!option_in_use(option));
    option->row.exists = false;
    option->row.changed = true;
    option->total_delta -= option->total;
    option->total = 0;
}

static void option_be_born(struct shop *shop, int64_t product_id, const struct option_state *state)
{
    struct option *option = shop_find_option(shop, state->option_id);

    FC_ASSERT(state->stock >= 0);
    FC_ASSERT(state->stock <= STOCK_MAX);
    if (option == NULL)
        option = shop_put_option(shop, state->option_id, product_id);
    else if (option->product_id != product_id)
        shop_move_option(shop, option, product_id);
    FC_ASSERT(!option->row.exists);
    FC_ASSERT(option->total == 0);
    option->row.exists = true;
    option->row.changed = true;
    option->name = state->name;
    option->surcharge = state->surcharge;
    option->total = state->stock;
    option->total_delta += state->stock;
}

static void option_become(struct shop *shop, int64_t product_id, const struct option_state *state)
{
    struct option *option = shop_find_option(shop, state->option_id);

    FC_ASSERT(option != NULL);
    FC_ASSERT(option->row.exists);
    FC_ASSERT(option->product_id == product_id);
    if (fc_str_eq(option->name, state->name) && krw_eq(option->surcharge, state->surcharge))
        return;
    option->row.changed = true;
    option->name = state->name;
    option->surcharge = state->surcharge;
}

void product_apply_put(struct shop *shop, const struct event *event)
{
    const struct product_changed *put = &event->data.product_put;
    struct product *product = shop_find_product(shop, put->product_id);
    struct option *option;

    if (product == NULL)
        product = shop_put_product(shop, put->product_id, put->name);
    FC_ASSERT(event->version == (product->row.exists ? product->version + 1 : 1));
    product->row.exists = true;
    product->row.changed = true;
    product->version = event->version;
    shop_rename_product(shop, product, put->name);
    product->price = put->price;
    product->category = put->category;
    product->status = put->status;
    product->first_come = put->first_come;

    /* Names may pass from one option to another: the old ones go first. */
    for (uint32_t cursor = 0; (option = shop_next_option(shop, put->product_id, &cursor)) != NULL;)
        if (!states_have(put->options, put->option_count, option->option_id))
            option_die(option);
    for (int32_t i = 0; i < put->option_count; i++) {
        if (put->options[i].is_new)
            option_be_born(shop, put->product_id, &put->options[i]);
        else
            option_become(shop, put->product_id, &put->options[i]);
    }
}

void product_apply_deleted(struct shop *shop, const struct event *event)
{
    const struct product_deleted *deleted = &event->data.product_deleted;
    struct product *product = shop_find_product(shop, deleted->product_id);
    uint32_t cursor = 0;

    FC_ASSERT(product != NULL);
    FC_ASSERT(product->row.exists);
    FC_ASSERT(event->version == product->version + 1);
    for (int32_t i = 0; i < deleted->option_count; i++) {
        struct option *option = shop_find_option(shop, deleted->option_ids[i]);

        FC_ASSERT(option != NULL);
        FC_ASSERT(option->product_id == deleted->product_id);
        option_die(option);
    }
    FC_ASSERT(shop_next_option(shop, deleted->product_id, &cursor) == NULL);
    product->row.exists = false;
    product->row.changed = true;
    product->version = event->version;
}
