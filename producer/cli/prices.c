#include "producer/cli/prices.h"

#include "base/limits.h"
#include "host/backoff.h"
#include "host/process.h"
#include "producer/cli/ask.h"
#include "producer/cli/jsonl.h"

struct prices {
    struct plan *plan;
    int32_t at;
    struct cli_progress progress;
    struct fc_backoff backoff;
    struct fc_mono began;
    bool failed;
    char trouble[160];
};

static enum cli_next on_next(void *arg, int32_t lane, struct cli_request *request)
{
    struct prices *prices = arg;
    struct fc_buf path = fc_buf_of(request->path, sizeof(request->path) - 1);

    (void)lane;
    if (prices->at == prices->plan->product_count || prices->failed)
        return CLI_NEXT_DONE;
    fc_buf_put_fmt(&path, "/v1/products/%lld",
                   (long long)prices->plan->products[prices->at].product_id);
    request->path[path.len] = '\0';
    request->tag = prices->at++;
    return CLI_NEXT_SEND;
}

/* {"options":[{"price":3000,…}],…} */
static void read_price(struct fc_str body, struct plan_product *product)
{
    struct cli_record record;
    struct json_object *options = NULL;

    cli_record_open(&record, body);
    if (cli_record_list(&record, "options", PRODUCT_OPTIONS_MAX, &options) == 1) {
        product->price = KRW(cli_record_int(&record, cli_record_item(&record, options, 0), "price",
                                            0, 2 * PRICE_KRW_MAX));
        product->known = !record.faulty;
    }
    cli_record_close(&record);
}

static enum cli_then on_answered(void *arg, int32_t lane, struct cli_request *request,
                                 const struct cli_answer *answer)
{
    struct prices *prices = arg;
    bool known = answer->fate == CLI_ANSWERED && answer->status < 500;

    (void)lane;
    if (!known && answer->fate != CLI_STOPPED &&
        fc_clock_ms_since(prices->began) < CLI_RETRY_MS_MAX) {
        request->delay_ms = fc_backoff_next_ms(&prices->backoff);
        request->url++;
        return CLI_THEN_AGAIN;
    }
    if (!known) {
        const char *why = answer->trouble != NULL ? answer->trouble : "it answers 5xx";

        prices->failed = true;
        (void)fc_str_copy(fc_str_of(why), prices->trouble, sizeof(prices->trouble));
    } else if (answer->status == 200) {
        read_price(answer->body, &prices->plan->products[request->tag]);
    }
    cli_progress_add(&prices->progress, 1);
    return CLI_THEN_FREE;
}

enum fc_rc cli_prices_fetch(const struct cli *cli, struct cli_client *client, struct plan *plan,
                            int32_t width, struct fc_err *ret_err)
{
    struct prices prices = {.plan = plan, .began = fc_clock_mono()};
    struct cli_source source = {on_next, on_answered, &prices};

    fc_backoff_init(&prices.backoff, fc_process_chance());
    cli_progress_begin(&prices.progress, "prices", plan->product_count, cli->err_is_tty);
    cli_window_run(client, width, &source);
    cli_progress_end(&prices.progress);
    if (prices.failed || fc_process_stopping())
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "the ingress", "%s",
                          prices.failed ? prices.trouble : "asked to stop");
    return FC_OK;
}
