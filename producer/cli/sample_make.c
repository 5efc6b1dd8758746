#include "base/assert.h"
#include "base/limits.h"
#include "producer/cli/generate.h"

#define LINES_MAX 120
#define FIRST_DAY "2024-03-01"
#define OPENS_MINUTE (8 * 60)
#define OPEN_MINUTES (12 * 60)
#define GUESTS_FROM 1000001
#define CLOSED_EVERY 7
#define TOP_DAYS 3
#define NAME_BYTES 64

struct making {
    const struct sample_settings *settings;
    struct fc_arena *arena;
    struct sample *sample;
    struct generate_chance chance;
    struct fc_day first_day;
    int64_t *quantity; /* by day and product */
    int64_t *orders;   /* the same */
    int32_t guests;    /* so far: each is a user of his own */
};

size_t sample_bytes(const struct sample_settings *settings)
{
    size_t products = (size_t)settings->product_count;
    size_t days = (size_t)settings->day_count;
    size_t orders = (size_t)settings->order_count;

    return 65536 + products * (sizeof(struct data_product) + 2 * NAME_BYTES) +
           days * (sizeof(struct data_top) + 16 * products + 16) +
           orders * (sizeof(struct data_order) + 32 + 20 * sizeof(struct data_line)) +
           (LINES_MAX + 32) * sizeof(struct data_line) * (1 + orders / 8);
}

static int64_t *cell(const struct making *making, int64_t *table, int32_t day, int32_t product)
{
    return &table[(size_t)day * (size_t)making->settings->product_count + (size_t)product];
}

/* The head and the number as one text; empty when the arena is full. */
static struct fc_str text_take(struct fc_arena *arena, const char *head, int64_t number)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct fc_str text = FC_STR_NONE;

    fc_buf_put_fmt(&buf, "%s%lld", head, (long long)number);
    return fc_arena_buf_end(arena, &buf, &text) ? text : FC_STR_NONE;
}

static bool make_products(struct making *making)
{
    struct sample *sample = making->sample;

    for (int32_t i = 0; i < sample->product_count; i++) {
        struct data_product *product = &sample->products[i];
        struct fc_buf buf = fc_arena_buf_begin(making->arena);

        generate_name(&buf, "Namu", i);
        if (!fc_arena_buf_end(making->arena, &buf, &product->name))
            return false;
        product->id = i + 1;
        product->price = generate_price(&making->chance);
        product->category = fc_str_of(generate_category(i));
        product->sku = text_take(making->arena, "NM-", i + 1);
    }
    return true;
}

/* Some things sell far more than others: the smallest of three. */
static int32_t choose_product(struct making *making)
{
    int64_t least = making->settings->product_count - 1;

    for (int32_t i = 0; i < 3; i++) {
        int64_t one = generate_between(&making->chance, 0, making->settings->product_count - 1);

        least = one < least ? one : least;
    }
    return (int32_t)least;
}

static int32_t choose_line_count(struct making *making)
{
    if (generate_once_in(&making->chance, 25))
        return (int32_t)generate_between(&making->chance, 20, LINES_MAX);
    return (int32_t)generate_between(&making->chance, 1, 9);
}

static int64_t choose_user(struct making *making)
{
    if (generate_once_in(&making->chance, 10))
        return GUESTS_FROM + making->guests++;
    return generate_between(&making->chance, 1, 1 + making->settings->order_count / 3);
}

/* Whether the product stands on a line before the `index`-th. */
static bool stands_before(const struct data_order *order, int32_t index)
{
    for (int32_t i = 0; i < index; i++)
        if (order->lines[i].product_id == order->lines[index].product_id)
            return true;
    return false;
}

static bool make_order(struct making *making, int32_t index, int32_t day, int64_t minute)
{
    struct data_order *order = &making->sample->orders[index];
    int64_t days = making->first_day.days + day;

    order->number = text_take(making->arena, "S", 100000 + index);
    order->user_id = choose_user(making);
    order->at.us = days * FC_US_PER_DAY + (OPENS_MINUTE + minute) * 60 * FC_US_PER_S;
    order->line_count = choose_line_count(making);
    order->lines = fc_arena_take(making->arena, (size_t)order->line_count, sizeof(*order->lines));
    if (order->lines == NULL || order->number.len == 0)
        return false;
    for (int32_t i = 0; i < order->line_count; i++) {
        int32_t product = choose_product(making);
        bool large = generate_once_in(&making->chance, 60);
        int64_t quantity = generate_between(&making->chance, 1, large ? 400 : 12);

        order->lines[i] = (struct data_line){product + 1, quantity};
        making->sample->products[product].stock += quantity;
        *cell(making, making->quantity, day, product) += quantity;
        if (!stands_before(order, i))
            ++*cell(making, making->orders, day, product);
    }
    return true;
}

static bool is_closed(int32_t day)
{
    return day % CLOSED_EVERY == CLOSED_EVERY - 2;
}

static bool make_orders(struct making *making)
{
    int32_t days = making->settings->day_count;
    int32_t open_days = 0;
    int32_t made = 0;
    int32_t at = 0;

    for (int32_t day = 0; day < days; day++)
        open_days += !is_closed(day);
    for (int32_t day = 0; day < days; day++) {
        if (is_closed(day))
            continue;
        at++;
        int32_t upto = (int32_t)((int64_t)making->settings->order_count * at / open_days);
        int32_t count = upto - made;

        for (int32_t i = 0; i < count; i++)
            if (!make_order(making, made + i, day, (int64_t)i * OPEN_MINUTES / count))
                return false;
        made = upto;
    }
    return true;
}

/* --- the top five, counted plainly ------------------------------------------------------------ */

static int64_t count_of(const struct making *making, int64_t *table, int32_t day, int32_t product)
{
    int64_t sum = 0;

    for (int32_t back = 0; back < TOP_DAYS && back <= day; back++)
        sum += *cell(making, table, day - back, product);
    return sum;
}

static int32_t rank(const struct making *making, int64_t *table, int32_t day,
                    struct data_rank *ranks)
{
    int32_t count = 0;

    for (int32_t product = 0; product < making->settings->product_count; product++) {
        int64_t sum = count_of(making, table, day, product);
        int32_t at = count;

        if (sum == 0)
            continue;
        /* Behind its equals, which have the smaller ids. */
        while (at > 0 && ranks[at - 1].count < sum)
            at--;
        if (at == DATA_TOP)
            continue;
        if (count < DATA_TOP)
            count++;
        for (int32_t k = count - 1; k > at; k--)
            ranks[k] = ranks[k - 1];
        ranks[at] = (struct data_rank){product + 1, sum};
    }
    return count;
}

static void make_tops(struct making *making)
{
    struct sample *sample = making->sample;

    for (int32_t day = 0; day < making->settings->day_count; day++) {
        struct data_top *top = &sample->tops[sample->top_count];

        if (is_closed(day))
            continue;
        top->day.days = making->first_day.days + day;
        top->by_quantity_count = rank(making, making->quantity, day, top->by_quantity);
        top->by_orders_count = rank(making, making->orders, day, top->by_orders);
        if (top->by_orders_count > 0)
            sample->top_count++;
    }
}

bool sample_make(const struct sample_settings *settings, struct fc_arena *arena,
                 struct sample *ret_sample)
{
    size_t cells = (size_t)settings->day_count * (size_t)settings->product_count;
    struct sample sample = {
        .products = fc_arena_take(arena, (size_t)settings->product_count, sizeof(*sample.products)),
        .product_count = settings->product_count,
        .orders = fc_arena_take(arena, (size_t)settings->order_count, sizeof(*sample.orders)),
        .order_count = settings->order_count,
        .tops = fc_arena_take(arena, (size_t)settings->day_count, sizeof(*sample.tops)),
    };
    struct making making = {
        .settings = settings,
        .arena = arena,
        .sample = &sample,
        .chance = {settings->seed},
        .quantity = fc_arena_take(arena, cells, sizeof(int64_t)),
        .orders = fc_arena_take(arena, cells, sizeof(int64_t)),
    };

    FC_ASSERT(settings->product_count >= 1 && settings->product_count <= GENERATE_PRODUCTS_MAX);
    FC_ASSERT(settings->day_count >= 1);
    if (sample.products == NULL || sample.orders == NULL || sample.tops == NULL ||
        making.quantity == NULL || making.orders == NULL)
        return false;
    if (!fc_day_parse(FC_STR(FIRST_DAY), &making.first_day))
        FC_UNREACHABLE("the first day is one");
    if (!make_products(&making) || !make_orders(&making))
        return false;
    make_tops(&making);
    *ret_sample = sample;
    return true;
}
