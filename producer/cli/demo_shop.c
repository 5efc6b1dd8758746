#include "producer/cli/demo_shop.h"

#include "base/assert.h"
#include "producer/cli/bodies.h"
#include "producer/cli/cli.h"

#include <string.h>

#define PRODUCT_BASE 8000000
#define OPTIONS_PER_PRODUCT 10
/* Behind the ordinary products: the one that is sold to those who come first. */
#define FIRST_COME DEMO_PRODUCTS
#define FIRST_COME_WON 39000
#define STOCK_PLENTY 1000000
/* Users of one demo lie together, those of different ones apart. */
#define USERS_PER_SECOND 100000
#define USERS_BASE 2000000000000000LL

bool demo_shop_init(struct demo_shop *shop, struct fc_instant now, uint64_t chance)
{
    struct fc_buf run = fc_buf_of(shop->run, sizeof(shop->run) - 1);
    size_t bytes = (size_t)shop->user_count * sizeof(*shop->coupons);

    FC_ASSERT(shop->user_count >= 1 && shop->user_count <= USERS_PER_SECOND);
    fc_buf_put_fmt(&run, "demo-%llx", (unsigned long long)chance);
    shop->run[run.len] = '\0';
    shop->first_user = USERS_BASE + now.us / FC_US_PER_S * USERS_PER_SECOND;
    shop->coupons = cli_memory(bytes);
    if (shop->coupons == NULL)
        return false;
    memset(shop->coupons, 0, bytes);
    /* The same shop every time, whoever comes. */
    shop->chance.state = 20240301;
    for (int32_t i = 0; i < DEMO_PRODUCTS; i++)
        shop->option_counts[i] = (int32_t)generate_between(&shop->chance, 1, DEMO_OPTIONS_MAX);
    return true;
}

static int64_t product_id_of(int64_t index)
{
    return PRODUCT_BASE + index;
}

static int64_t option_id_of(int64_t index, int64_t option)
{
    return product_id_of(index) * OPTIONS_PER_PRODUCT + option;
}

static void ask_first_come(const struct demo_shop *shop, struct cli_request *request)
{
    const struct cli_option_row option = {option_id_of(FIRST_COME, 0), FC_STR("numbered"), 0,
                                          shop->first_come_stock};
    const struct cli_product_row row = {
        .product_id = product_id_of(FIRST_COME),
        .name = FC_STR("Moonrise Lantern, first edition"),
        .price = KRW(FIRST_COME_WON),
        .category = FC_STR("Lamps"),
        .first_come = true,
        .options = &option,
        .option_count = 1,
    };

    cli_request_product(request, &row, shop->run);
}

enum cli_next demo_next_product(void *arg, struct cli_request *request)
{
    static const char *const option_names[DEMO_OPTIONS_MAX] = {"small", "medium", "large"};
    struct demo_shop *shop = arg;
    struct cli_option_row options[DEMO_OPTIONS_MAX];
    char memory[96];
    struct fc_buf name = fc_buf_of(memory, sizeof(memory));
    int32_t index = (int32_t)shop->at++;

    if (index > FIRST_COME)
        return CLI_NEXT_DONE;
    if (index == FIRST_COME) {
        ask_first_come(shop, request);
        return CLI_NEXT_SEND;
    }
    int32_t option_count = shop->option_counts[index];

    FC_ASSERT(option_count <= DEMO_OPTIONS_MAX);
    generate_name(&name, "", index);
    for (int32_t i = 0; i < option_count; i++)
        options[i] = (struct cli_option_row){
            .option_id = option_id_of(index, i),
            .name = fc_str_of(option_names[i]),
            .surcharge = i * 1000,
            .stock = STOCK_PLENTY,
        };
    const struct cli_product_row row = {
        .product_id = product_id_of(index),
        .name = fc_buf_str(&name),
        .price = generate_price(&shop->chance),
        .category = fc_str_of(generate_category(index)),
        .options = options,
        .option_count = option_count,
    };

    cli_request_product(request, &row, shop->run);
    return CLI_NEXT_SEND;
}

enum cli_next demo_next_user(void *arg, struct cli_request *request)
{
    struct demo_shop *shop = arg;

    if (shop->at == shop->user_count)
        return CLI_NEXT_DONE;
    cli_request_user(request, shop->first_user + shop->at++);
    return CLI_NEXT_SEND;
}

enum cli_next demo_next_charge(void *arg, struct cli_request *request)
{
    struct demo_shop *shop = arg;
    /* Some have little, and will find out. */
    bool poor = generate_once_in(&shop->chance, 15);
    int64_t amount = generate_between(&shop->chance, poor ? 1 : 40, poor ? 3 : 120) * 10000;

    if (shop->at == shop->user_count)
        return CLI_NEXT_DONE;
    cli_request_charge(request, shop->first_user + shop->at++, KRW(amount), 0, shop->run);
    return CLI_NEXT_SEND;
}

/* The option of a line: some things sell far more than others. */
static int64_t choose_option(struct demo_shop *shop)
{
    int64_t one = generate_between(&shop->chance, 0, DEMO_PRODUCTS - 1);
    int64_t other = generate_between(&shop->chance, 0, DEMO_PRODUCTS - 1);
    int64_t index = one < other ? one : other;

    return option_id_of(index, generate_between(&shop->chance, 0, shop->option_counts[index] - 1));
}

enum cli_next demo_next_order(void *arg, struct cli_request *request)
{
    struct demo_shop *shop = arg;
    int64_t options[DEMO_LINES_MAX];
    int64_t quantities[DEMO_LINES_MAX];
    char memory[32];
    struct fc_buf number = fc_buf_of(memory, sizeof(memory));
    int64_t user = generate_between(&shop->chance, 0, shop->user_count - 1);
    struct cli_order_row row = {.user_id = shop->first_user + user,
                                .product_ids = options,
                                .quantities = quantities,
                                .line_count =
                                    (int32_t)generate_between(&shop->chance, 1, DEMO_LINES_MAX),
                                .by_option = true,
                                .coupon_id = shop->coupons[user]};

    if (shop->at == shop->order_count)
        return CLI_NEXT_DONE;
    for (int32_t i = 0; i < row.line_count; i++) {
        options[i] = choose_option(shop);
        quantities[i] = generate_between(&shop->chance, 1, 2);
    }
    if (generate_once_in(&shop->chance, 8)) {
        options[0] = option_id_of(FIRST_COME, 0);
        quantities[0] = 1;
        shop->first_come_orders++;
    }
    fc_buf_put_fmt(&number, "%lld", (long long)shop->at++);
    row.number = fc_buf_str(&number);
    shop->coupons_shown += !fc_uuid_is_zero(&row.coupon_id);
    shop->coupons[user] = (struct fc_uuid){{0}};
    cli_request_order(request, &row, shop->run);
    return CLI_NEXT_SEND;
}
