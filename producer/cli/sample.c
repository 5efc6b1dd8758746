#include "base/assert.h"
#include "producer/cli/cli.h"
#include "producer/cli/commands.h"
#include "producer/cli/generate.h"
#include "producer/cli/report.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define LINE_BYTES 65536
#define PATH_BYTES 4096

/* A file that is being written, a line at a time. */
struct writer {
    FILE *file;
    char path[PATH_BYTES];
    char line[LINE_BYTES];
    struct fc_buf buf;
    struct wire_json json;
};

static enum fc_rc writer_open(struct writer *writer, const char *folder, const char *name,
                              struct fc_err *ret_err)
{
    int len = snprintf(writer->path, sizeof(writer->path), "%s/%s", folder, name);

    if (len < 0 || len >= PATH_BYTES)
        return fc_err_set(ret_err, FC_CURE_PARK, name, "the folder's name is too long");
    writer->file = fopen(writer->path, "we");
    if (writer->file == NULL)
        return fc_err_set_sys(ret_err, FC_CURE_PARK, name, errno);
    return FC_OK;
}

static void line_begin(struct writer *writer)
{
    writer->buf = fc_buf_of(writer->line, sizeof(writer->line));
    wire_json_init(&writer->json, &writer->buf);
    wire_json_object_begin(&writer->json);
}

static void line_end(struct writer *writer)
{
    wire_json_object_end(&writer->json);
    fc_buf_put_char(&writer->buf, '\n');
    FC_ASSERT(!writer->buf.overflow);
    (void)fwrite(writer->buf.ptr, 1, writer->buf.len, writer->file);
}

static enum fc_rc writer_close(struct writer *writer, struct fc_err *ret_err)
{
    bool bad = ferror(writer->file) != 0;

    if (fclose(writer->file) != 0 || bad)
        return fc_err_set_sys(ret_err, FC_CURE_PARK, writer->path, errno);
    return FC_OK;
}

static void put_int(struct writer *writer, const char *key, int64_t value)
{
    wire_json_key(&writer->json, key);
    wire_json_i64(&writer->json, value);
}

static void put_str(struct writer *writer, const char *key, struct fc_str value)
{
    wire_json_key(&writer->json, key);
    wire_json_str(&writer->json, value);
}

static enum fc_rc write_products(struct writer *writer, const char *folder,
                                 const struct sample *sample, struct fc_err *ret_err)
{
    if (writer_open(writer, folder, "products.jsonl", ret_err) != FC_OK)
        return FC_FAIL;
    for (int32_t i = 0; i < sample->product_count; i++) {
        const struct data_product *product = &sample->products[i];

        line_begin(writer);
        put_int(writer, "id", product->id);
        put_str(writer, "name", product->name);
        put_int(writer, "price", product->price.won);
        put_int(writer, "stock", product->stock);
        put_str(writer, "category", product->category);
        put_str(writer, "sku", product->sku);
        line_end(writer);
    }
    return writer_close(writer, ret_err);
}

/* "2024-03-01T08:00:00Z": the files have no fractions. */
static void put_timestamp(struct writer *writer, struct fc_instant at)
{
    char memory[FC_INSTANT_TEXT_BYTES + 1];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    fc_instant_put(&buf, at);
    buf.len = sizeof("2024-03-01T08:00:00") - 1;
    fc_buf_put_char(&buf, 'Z');
    put_str(writer, "timestamp", fc_buf_str(&buf));
}

static enum fc_rc write_orders(struct writer *writer, const char *folder,
                               const struct sample *sample, struct fc_err *ret_err)
{
    if (writer_open(writer, folder, "orders.jsonl", ret_err) != FC_OK)
        return FC_FAIL;
    for (int32_t i = 0; i < sample->order_count; i++) {
        const struct data_order *order = &sample->orders[i];

        line_begin(writer);
        put_str(writer, "order", order->number);
        put_int(writer, "user", order->user_id);
        wire_json_key(&writer->json, "guest");
        wire_json_bool(&writer->json, order->user_id > 1000000);
        put_timestamp(writer, order->at);
        wire_json_key(&writer->json, "lines");
        wire_json_array_begin(&writer->json);
        for (int32_t k = 0; k < order->line_count; k++) {
            wire_json_object_begin(&writer->json);
            put_int(writer, "product", order->lines[k].product_id);
            put_int(writer, "quantity", order->lines[k].quantity);
            wire_json_object_end(&writer->json);
        }
        wire_json_array_end(&writer->json);
        line_end(writer);
    }
    return writer_close(writer, ret_err);
}

static void put_ranks(struct writer *writer, const char *key, const struct data_rank *ranks,
                      int32_t count)
{
    wire_json_key(&writer->json, key);
    wire_json_array_begin(&writer->json);
    for (int32_t i = 0; i < count; i++) {
        wire_json_object_begin(&writer->json);
        put_int(writer, "product", ranks[i].product_id);
        put_int(writer, "n", ranks[i].count);
        wire_json_object_end(&writer->json);
    }
    wire_json_array_end(&writer->json);
}

static enum fc_rc write_tops(struct writer *writer, const char *folder, const struct sample *sample,
                             struct fc_err *ret_err)
{
    if (writer_open(writer, folder, "top5.jsonl", ret_err) != FC_OK)
        return FC_FAIL;
    for (int32_t i = 0; i < sample->top_count; i++) {
        const struct data_top *top = &sample->tops[i];

        line_begin(writer);
        wire_json_key(&writer->json, "day");
        wire_json_day(&writer->json, top->day);
        put_ranks(writer, "by_quantity", top->by_quantity, top->by_quantity_count);
        put_ranks(writer, "by_orders", top->by_orders, top->by_orders_count);
        line_end(writer);
    }
    return writer_close(writer, ret_err);
}

static void tell(const struct cli *cli, const struct sample *sample, int64_t seed)
{
    struct cli_report report;
    int64_t lines = 0;

    for (int32_t i = 0; i < sample->order_count; i++)
        lines += sample->orders[i].line_count;
    if (!cli_report_begin(&report, cli->json))
        return;
    cli_report_str(&report, "folder", "folder", fc_str_of(cli->arguments[0]));
    cli_report_int(&report, "seed", "seed", seed);
    cli_report_int(&report, "products", "products", sample->product_count);
    cli_report_int(&report, "orders", "orders", sample->order_count);
    cli_report_int(&report, "lines", "lines", lines);
    cli_report_int(&report, "days", "days", sample->top_count);
    cli_report_end(&report);
}

int cli_sample_generate(struct cli *cli)
{
    static struct writer writer;
    int64_t seed = 1;
    int64_t orders = 1500;
    int64_t products = 300;
    int64_t days = 20;
    const struct cli_option options[] = {
        {"--orders", CLI_NUMBER, &orders, 1, 1000000, "N", "how many (1500)"},
        {"--products", CLI_NUMBER, &products, 1, GENERATE_PRODUCTS_MAX, "N", "how many (300)"},
        {"--days", CLI_NUMBER, &days, 1, 3650, "N", "how many, from 2024-03-01 on (20)"},
        {"--seed", CLI_NUMBER, &seed, 0, INT64_MAX, "N", "another one gives another sample (1)"},
    };
    struct fc_arena arena;
    struct sample sample;
    struct fc_err err;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit))
        return exit;
    const struct sample_settings settings = {(uint64_t)seed, (int32_t)products, (int32_t)orders,
                                             (int32_t)days};
    size_t bytes = sample_bytes(&settings);
    void *memory = cli_memory(bytes);
    const char *folder = cli->arguments[0];

    if (memory == NULL)
        return FC_EXIT_LATER;
    fc_arena_init(&arena, memory, bytes);
    if (!sample_make(&settings, &arena, &sample)) {
        cli_say(cli, "the sample is larger than its memory");
        return FC_EXIT_FAILED;
    }
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        (void)fc_err_set_sys(&err, FC_CURE_PARK, folder, errno);
        return cli_trouble(cli, &err);
    }
    if (write_products(&writer, folder, &sample, &err) != FC_OK ||
        write_orders(&writer, folder, &sample, &err) != FC_OK ||
        write_tops(&writer, folder, &sample, &err) != FC_OK)
        return cli_trouble(cli, &err);
    tell(cli, &sample, seed);
    return FC_EXIT_OK;
}
