#include "base/limits.h"
#include "producer/cli/bodies.h"
#include "producer/cli/commands.h"
#include "producer/cli/dataset.h"
#include "producer/cli/jsonl.h"
#include "producer/cli/session.h"

struct import {
    const char *run;
    int64_t ratio;
    int64_t window;
    const struct data_product *products;
    int32_t count;
    int32_t at;
    int64_t stock; /* pieces, after the ratio */
};

static void on_fault(void *arg, int32_t line_number, const char *fault)
{
    const struct cli *cli = arg;

    cli_say(cli, "%s:%d: %s", cli->arguments[0], (int)line_number, fault);
}

static enum cli_next on_next(void *arg, struct cli_request *request)
{
    struct import *import = arg;

    if (import->at == import->count)
        return CLI_NEXT_DONE;
    const struct data_product *product = &import->products[import->at];
    const struct cli_option_row option = {
        .option_id = product->id,
        .name = FC_STR("default"),
        .stock = product->stock * import->ratio / 100,
    };
    const struct cli_product_row row = {
        .product_id = product->id,
        .name = product->name,
        .price = product->price,
        .category = product->category,
        .options = &option,
        .option_count = 1,
    };

    import->at++;
    import->stock += option.stock;
    cli_request_product(request, &row, import->run);
    return CLI_NEXT_SEND;
}

static bool read_products(struct cli *cli, struct import *import, int *ret_exit)
{
    struct data_reader reader = {.fault = on_fault, .arg = cli};
    struct fc_str text;
    struct fc_err err;

    if (cli_file_read(cli->arguments[0], &text, &err) != FC_OK) {
        *ret_exit = cli_trouble(cli, &err);
        return false;
    }
    if (!data_reader_init(&reader, text)) {
        cli_say(cli, "out of memory");
        *ret_exit = FC_EXIT_LATER;
        return false;
    }
    import->products = data_products_read(&reader, text, &import->count);
    if (reader.fault_count > 0) {
        cli_say(cli, "%d malformed lines; nothing was imported", (int)reader.fault_count);
        *ret_exit = FC_EXIT_FAILED;
        return false;
    }
    return true;
}

int cli_catalog_import(struct cli *cli)
{
    static struct cli_tally tally;
    struct import import = {.run = "1", .ratio = 100, .window = 64};
    const struct cli_option options[] = {
        {"--stock-ratio", CLI_NUMBER, &import.ratio, 0, 1000, "PERCENT",
         "of the file's stock, rounded down (100)"},
        {"--window", CLI_NUMBER, &import.window, 1, 1024, "N", "requests in flight (64)"},
        {"--run", CLI_TEXT, &import.run, 0, 0, "NAME",
         "repeats under one name do nothing twice (1)"},
    };
    struct cli_report report;
    struct cli_client *client = NULL;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit) ||
        !cli_run_check(cli, import.run, &exit) || !read_products(cli, &import, &exit) ||
        !cli_session_open(cli, (int32_t)import.window, &client, &exit))
        return exit;
    struct cli_stage stage = {
        .label = "products",
        .total = import.count,
        .asker = {.next = on_next, .arg = &import, .width = (int32_t)import.window},
        .tally = &tally,
    };

    cli_stage_run(cli, client, &stage);
    cli_client_close(client);
    exit = cli_stage_exit(cli, &stage, FC_STR_NONE);
    if (cli_report_begin(&report, cli->json)) {
        cli_tally_put(&tally, &report, "products", "products");
        cli_report_int(&report, "stock", "pieces in stock", import.stock);
        cli_report_end(&report);
    }
    return exit;
}
