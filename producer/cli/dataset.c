#include "producer/cli/dataset.h"

#include "base/assert.h"
#include "base/index.h"
#include "base/limits.h"
#include "producer/cli/cli.h"
#include "producer/cli/jsonl.h"

/* Of a line whatever it says: its row and its places in two indexes. */
#define LINE_BYTES 512
#define RESERVE_BYTES (1024 * 1024)

bool data_reader_init(struct data_reader *reader, struct fc_str text)
{
    size_t size = RESERVE_BYTES + text.len * 8 + (size_t)cli_line_count(text) * LINE_BYTES;
    void *memory = cli_memory(size);

    if (memory == NULL)
        return false;
    fc_arena_init(&reader->arena, memory, size);
    reader->fault_count = 0;
    return true;
}

/* True when the record was good; else the line is told. */
static bool record_end(struct data_reader *reader, struct cli_record *record, int32_t number)
{
    bool good = !record->faulty;

    if (!good) {
        reader->fault_count++;
        reader->fault(reader->arg, number, record->fault);
    }
    cli_record_close(record);
    return good;
}

static void *rows_take(struct data_reader *reader, struct fc_str text, size_t size)
{
    void *rows = fc_arena_take(&reader->arena, (size_t)cli_line_count(text) + 1, size);

    FC_ASSERT(rows != NULL);
    return rows;
}

static struct fc_index index_take(struct data_reader *reader, int32_t count_max)
{
    struct fc_index index;

    if (!fc_index_init(&index, &reader->arena, count_max + 1))
        FC_UNREACHABLE("the reserve holds an index of all lines");
    return index;
}

/* --- products --------------------------------------------------------------------------------- */

static void product_read(struct data_reader *reader, struct cli_record *record,
                         struct data_product *product)
{
    product->id = cli_record_int(record, NULL, "id", 1, ID_MAX);
    product->name = cli_record_text(record, NULL, "name", &reader->arena, false);
    product->price = KRW(cli_record_int(record, NULL, "price", 0, PRICE_KRW_MAX));
    product->stock = cli_record_int(record, NULL, "stock", 0, STOCK_MAX);
    product->category = cli_record_text(record, NULL, "category", &reader->arena, true);
    product->sku = cli_record_text(record, NULL, "sku", &reader->arena, true);
    if (product->name.len > NAME_BYTES_MAX)
        cli_record_fault(record, "\"name\" is longer than %d bytes", NAME_BYTES_MAX);
    if (product->category.len > CATEGORY_BYTES_MAX)
        cli_record_fault(record, "\"category\" is longer than %d bytes", CATEGORY_BYTES_MAX);
}

static bool name_is_known(const struct fc_index *names, const struct data_product *products,
                          struct fc_str name)
{
    uint32_t cursor = 0;
    int32_t at;

    while ((at = fc_index_next(names, fc_hash_str(name), &cursor)) != FC_INDEX_NONE)
        if (fc_str_eq(products[at].name, name))
            return true;
    return false;
}

/* The shop's names are unique: a later product of a name is told apart by its sku, or its id. */
static void name_settle(struct data_reader *reader, struct cli_record *record,
                        const struct fc_index *names, const struct data_product *products,
                        struct data_product *product)
{
    if (record->faulty || !name_is_known(names, products, product->name))
        return;
    for (int32_t try = product->sku.len > 0 ? 0 : 1; try < 2; try++) {
        struct fc_buf buf = fc_arena_buf_begin(&reader->arena);
        struct fc_str name;

        fc_buf_put(&buf, product->name);
        if (try == 0)
            fc_buf_put_fmt(&buf, " (" FC_STR_FMT ")", FC_STR_ARG(product->sku));
        else
            fc_buf_put_fmt(&buf, " (#%lld)", (long long)product->id);
        if (!fc_arena_buf_end(&reader->arena, &buf, &name))
            FC_UNREACHABLE("the arena is larger than the text");
        if (name.len <= NAME_BYTES_MAX && !name_is_known(names, products, name)) {
            product->name = name;
            return;
        }
    }
    cli_record_fault(record, "\"name\" is another product's, and there is no room to tell them "
                             "apart");
}

struct data_product *data_products_read(struct data_reader *reader, struct fc_str text,
                                        int32_t *ret_count)
{
    struct data_product *products = rows_take(reader, text, sizeof(*products));
    struct fc_index ids = index_take(reader, cli_line_count(text));
    struct fc_index names = index_take(reader, cli_line_count(text));
    struct fc_str line;
    int32_t number = 0;
    int32_t count = 0;

    while (cli_line_next(&text, &number, &line)) {
        struct data_product *product = &products[count];
        struct cli_record record;

        cli_record_open(&record, line);
        product_read(reader, &record, product);
        if (!record.faulty && fc_index_find(&ids, (uint64_t)product->id) != FC_INDEX_NONE)
            cli_record_fault(&record, "product %lld stands in the file twice",
                             (long long)product->id);
        name_settle(reader, &record, &names, products, product);
        if (!record_end(reader, &record, number))
            continue;
        fc_index_put(&ids, (uint64_t)product->id, count);
        fc_index_add(&names, fc_hash_str(product->name), count);
        count++;
    }
    *ret_count = count;
    return products;
}

/* --- orders ----------------------------------------------------------------------------------- */

static void order_read(struct data_reader *reader, struct cli_record *record,
                       struct data_order *order)
{
    struct json_object *list = NULL;

    order->number = cli_record_text(record, NULL, "order", &reader->arena, false);
    order->user_id = cli_record_int(record, NULL, "user", 1, ID_MAX);
    order->at = cli_record_instant(record, "timestamp");
    order->line_count = cli_record_list(record, "lines", ORDER_LINES_MAX, &list);
    if (order->line_count == 0)
        cli_record_fault(record, "\"lines\" is empty");
    if (order->number.len > 64)
        cli_record_fault(record, "\"order\" is longer than 64 bytes");
    for (size_t i = 0; i < order->number.len; i++)
        if (order->number.ptr[i] < 0x21 || order->number.ptr[i] > 0x7E ||
            order->number.ptr[i] == '"' || order->number.ptr[i] == '\\')
            cli_record_fault(record, "\"order\" holds a character that no key may have");
    if (record->faulty)
        return;
    order->lines = fc_arena_take(&reader->arena, (size_t)order->line_count, sizeof(*order->lines));
    FC_ASSERT(order->lines != NULL);
    for (int32_t i = 0; i < order->line_count && !record->faulty; i++) {
        struct json_object *item = cli_record_item(record, list, i);

        order->lines[i].product_id = cli_record_int(record, item, "product", 1, ID_MAX);
        order->lines[i].quantity = cli_record_int(record, item, "quantity", 1, QUANTITY_MAX);
    }
}

struct data_order *data_orders_read(struct data_reader *reader, struct fc_str text,
                                    int32_t *ret_count)
{
    struct data_order *orders = rows_take(reader, text, sizeof(*orders));
    struct fc_index numbers = index_take(reader, cli_line_count(text));
    struct fc_str line;
    int32_t number = 0;
    int32_t count = 0;

    while (cli_line_next(&text, &number, &line)) {
        struct data_order *order = &orders[count];
        struct cli_record record;
        uint32_t cursor = 0;
        int32_t at;

        cli_record_open(&record, line);
        order_read(reader, &record, order);
        while (!record.faulty &&
               (at = fc_index_next(&numbers, fc_hash_str(order->number), &cursor)) != FC_INDEX_NONE)
            if (fc_str_eq(orders[at].number, order->number))
                cli_record_fault(&record, "order " FC_STR_FMT " stands in the file twice",
                                 FC_STR_ARG(order->number));
        if (!record_end(reader, &record, number))
            continue;
        fc_index_add(&numbers, fc_hash_str(order->number), count);
        count++;
    }
    *ret_count = count;
    return orders;
}

/* --- top five --------------------------------------------------------------------------------- */

static int32_t ranks_read(struct cli_record *record, const char *name, struct data_rank *ranks)
{
    struct json_object *list = NULL;
    int32_t count = cli_record_list(record, name, DATA_TOP, &list);

    for (int32_t i = 0; i < count && !record->faulty; i++) {
        struct json_object *item = cli_record_item(record, list, i);

        ranks[i].product_id = cli_record_int(record, item, "product", 1, ID_MAX);
        ranks[i].count = cli_record_int(record, item, "n", 1, INT64_MAX);
    }
    return count;
}

struct data_top *data_tops_read(struct data_reader *reader, struct fc_str text, int32_t *ret_count)
{
    struct data_top *tops = rows_take(reader, text, sizeof(*tops));
    struct fc_str line;
    int32_t number = 0;
    int32_t count = 0;

    while (cli_line_next(&text, &number, &line)) {
        struct data_top *top = &tops[count];
        struct cli_record record;

        cli_record_open(&record, line);
        top->day = cli_record_day(&record, "day");
        top->by_quantity_count = ranks_read(&record, "by_quantity", top->by_quantity);
        top->by_orders_count = ranks_read(&record, "by_orders", top->by_orders);
        count += record_end(reader, &record, number);
    }
    *ret_count = count;
    return tops;
}
