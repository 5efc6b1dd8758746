/* "products", "orders" or "tops", then lines of that file of a data set. */
#include "support/fuzz.h"

#include "base/limits.h"
#include "producer/cli/dataset.h"
#include "producer/cli/jsonl.h"

#include <string.h>

#define INPUT_BYTES_MAX (256 * 1024)

static void on_fault(void *arg, int32_t line_number, const char *fault)
{
    (void)arg;
    FC_ASSERT(line_number >= 1 && fault[0] != '\0');
}

static int32_t products(struct data_reader *reader, struct fc_str text)
{
    int32_t count;
    const struct data_product *rows = data_products_read(reader, text, &count);

    for (int32_t i = 0; i < count; i++) {
        FC_ASSERT(rows[i].id >= 1 && rows[i].id <= ID_MAX);
        FC_ASSERT(rows[i].price.won >= 0 && rows[i].price.won <= PRICE_KRW_MAX);
        FC_ASSERT(rows[i].stock >= 0 && rows[i].stock <= STOCK_MAX);
        FC_ASSERT(rows[i].name.len >= 1 && rows[i].name.len <= NAME_BYTES_MAX);
        FC_ASSERT(rows[i].category.len <= CATEGORY_BYTES_MAX);
    }
    return count;
}

static int32_t orders(struct data_reader *reader, struct fc_str text)
{
    int32_t count;
    const struct data_order *rows = data_orders_read(reader, text, &count);

    for (int32_t i = 0; i < count; i++) {
        FC_ASSERT(rows[i].user_id >= 1 && rows[i].user_id <= ID_MAX);
        FC_ASSERT(rows[i].number.len >= 1 && rows[i].number.len <= 64);
        FC_ASSERT(rows[i].line_count >= 1 && rows[i].line_count <= ORDER_LINES_MAX);
        for (int32_t k = 0; k < rows[i].line_count; k++)
            FC_ASSERT(rows[i].lines[k].product_id >= 1 && rows[i].lines[k].quantity >= 1 &&
                      rows[i].lines[k].quantity <= QUANTITY_MAX);
    }
    return count;
}

static int32_t tops(struct data_reader *reader, struct fc_str text)
{
    int32_t count;
    const struct data_top *rows = data_tops_read(reader, text, &count);

    for (int32_t i = 0; i < count; i++)
        FC_ASSERT(rows[i].by_quantity_count >= 0 && rows[i].by_quantity_count <= DATA_TOP &&
                  rows[i].by_orders_count >= 0 && rows[i].by_orders_count <= DATA_TOP);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* As data_reader_init takes it, but once. */
    static _Alignas(16) char memory[1024 * 1024 + INPUT_BYTES_MAX * 8];
    struct data_reader reader = {.fault = on_fault};
    struct fc_str text = fuzz_text(data, size);
    struct fc_str word = fuzz_word(&text);
    int32_t lines = cli_line_count(text);
    int32_t good;

    if (size > INPUT_BYTES_MAX || (size_t)lines * 512 > INPUT_BYTES_MAX)
        return 0;
    fc_arena_init(&reader.arena, memory, 1024 * 1024 + text.len * 8 + (size_t)lines * 512);
    if (fc_str_eq(word, FC_STR("products")))
        good = products(&reader, text);
    else if (fc_str_eq(word, FC_STR("orders")))
        good = orders(&reader, text);
    else if (fc_str_eq(word, FC_STR("tops")))
        good = tops(&reader, text);
    else
        return 0;
    FC_ASSERT(good + reader.fault_count == lines);
    return 0;
}
