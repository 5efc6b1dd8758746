#include "producer/cli/bodies.h"

#include "base/assert.h"
#include "base/index.h"
#include "producer/cli/ask.h"
#include "wire/json.h"

#include <string.h>

static void path_put(struct cli_request *request, const char *before, int64_t id, const char *after)
{
    struct fc_buf buf = fc_buf_of(request->path, sizeof(request->path) - 1);

    fc_buf_put_text(&buf, before);
    if (id != 0)
        fc_buf_put_i64(&buf, id);
    fc_buf_put_text(&buf, after);
    FC_ASSERT(!buf.overflow);
    request->path[buf.len] = '\0';
}

static struct fc_buf key_begin(struct cli_request *request, const char *kind, const char *run)
{
    struct fc_buf buf = fc_buf_of(request->idempotency_key, sizeof(request->idempotency_key) - 1);
    struct fc_str name = fc_str_of(run);

    if (name.len > CLI_RUN_BYTES_MAX)
        name.len = CLI_RUN_BYTES_MAX;
    fc_buf_put_text(&buf, kind);
    fc_buf_put_char(&buf, '-');
    fc_buf_put(&buf, name);
    return buf;
}

static void key_end(struct cli_request *request, const struct fc_buf *buf)
{
    FC_ASSERT(!buf->overflow);
    request->idempotency_key[buf->len] = '\0';
}

static void ask_as(struct cli_request *request, int64_t user_id, bool admin)
{
    request->method = CLI_POST;
    request->user_id = user_id;
    request->admin = admin;
}

static void int_put(struct wire_json *json, const char *key, int64_t value)
{
    wire_json_key(json, key);
    wire_json_i64(json, value);
}

static void str_put(struct wire_json *json, const char *key, struct fc_str value)
{
    wire_json_key(json, key);
    wire_json_str(json, value);
}

static void instant_put(struct wire_json *json, const char *key, struct fc_instant at)
{
    wire_json_key(json, key);
    wire_json_instant(json, at);
}

static void options_put(struct wire_json *json, const struct cli_product_row *product)
{
    wire_json_key(json, "options");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < product->option_count; i++) {
        const struct cli_option_row *option = &product->options[i];

        wire_json_object_begin(json);
        int_put(json, "option_id", option->option_id);
        str_put(json, "name", option->name);
        int_put(json, "surcharge", option->surcharge);
        int_put(json, "stock", option->stock);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

void cli_request_product(struct cli_request *request, const struct cli_product_row *product,
                         const char *run)
{
    struct wire_json json;
    struct fc_buf key;

    ask_as(request, CLI_ADMIN_ID, true);
    path_put(request, "/v1/products", 0, "");
    request->body.len = 0;
    wire_json_init(&json, &request->body);
    wire_json_object_begin(&json);
    int_put(&json, "product_id", product->product_id);
    str_put(&json, "name", product->name);
    int_put(&json, "price", product->price.won);
    if (product->category.len > 0)
        str_put(&json, "category", product->category);
    wire_json_key(&json, "status");
    wire_json_str(&json, FC_STR("on_sale"));
    wire_json_key(&json, "first_come");
    wire_json_bool(&json, product->first_come);
    options_put(&json, product);
    wire_json_object_end(&json);
    /* The same product with other content is another command. */
    key = key_begin(request, "product", run);
    fc_buf_put_fmt(&key, "-%lld-%016llx", (long long)product->product_id,
                   (unsigned long long)fc_hash_str(fc_buf_str(&request->body)));
    key_end(request, &key);
}

void cli_request_user(struct cli_request *request, int64_t user_id)
{
    struct wire_json json;
    struct fc_buf key = key_begin(request, "register", "user");

    ask_as(request, user_id, false);
    path_put(request, "/v1/users", 0, "");
    key_end(request, &key);
    request->body.len = 0;
    wire_json_init(&json, &request->body);
    wire_json_object_begin(&json);
    int_put(&json, "user_id", user_id);
    wire_json_object_end(&json);
}

void cli_request_charge(struct cli_request *request, int64_t user_id, struct krw amount,
                        int32_t part, const char *run)
{
    struct wire_json json;
    struct fc_buf key = key_begin(request, "charge", run);

    ask_as(request, user_id, false);
    path_put(request, "/v1/users/", user_id, "/charges");
    fc_buf_put_fmt(&key, "-%lld-%d", (long long)amount.won, (int)part);
    key_end(request, &key);
    request->body.len = 0;
    wire_json_init(&json, &request->body);
    wire_json_object_begin(&json);
    int_put(&json, "amount", amount.won);
    wire_json_object_end(&json);
}

void cli_request_template(struct cli_request *request, const struct cli_template_row *template,
                          const char *run)
{
    struct wire_json json;
    struct fc_buf key = key_begin(request, "template", run);

    ask_as(request, CLI_ADMIN_ID, true);
    path_put(request, "/v1/coupon-templates", 0, "");
    fc_buf_put_fmt(&key, "-%lld", (long long)template->template_id);
    key_end(request, &key);
    request->body.len = 0;
    wire_json_init(&json, &request->body);
    wire_json_object_begin(&json);
    if (template->template_id != 0)
        int_put(&json, "template_id", template->template_id);
    str_put(&json, "name", template->name);
    wire_json_key(&json, "discount");
    wire_json_object_begin(&json);
    str_put(&json, "type", FC_STR("amount"));
    int_put(&json, "value", template->discount_won);
    wire_json_object_end(&json);
    int_put(&json, "quantity", template->quantity);
    instant_put(&json, "issue_from", template->issue_from);
    instant_put(&json, "issue_until", template->issue_until);
    wire_json_object_end(&json);
}

void cli_request_issue(struct cli_request *request, int64_t template_id, int64_t user_id,
                       int64_t number)
{
    struct wire_json json;
    struct fc_buf key = key_begin(request, "issue", "race");

    ask_as(request, user_id, false);
    path_put(request, "/v1/coupon-templates/", template_id, "/issues");
    fc_buf_put_fmt(&key, "-%lld-%lld", (long long)template_id, (long long)number);
    key_end(request, &key);
    request->body.len = 0;
    wire_json_init(&json, &request->body);
    wire_json_object_begin(&json);
    int_put(&json, "user_id", user_id);
    wire_json_object_end(&json);
}

void cli_request_order(struct cli_request *request, const struct cli_order_row *order,
                       const char *run)
{
    struct wire_json json;
    struct fc_buf key = key_begin(request, "order", run);

    ask_as(request, order->user_id, order->has_ordered_at);
    path_put(request, "/v1/orders", 0, "");
    fc_buf_put_char(&key, '-');
    fc_buf_put(&key, order->number);
    key_end(request, &key);
    request->body.len = 0;
    wire_json_init(&json, &request->body);
    wire_json_object_begin(&json);
    int_put(&json, "user_id", order->user_id);
    wire_json_key(&json, "lines");
    wire_json_array_begin(&json);
    for (int32_t i = 0; i < order->line_count; i++) {
        wire_json_object_begin(&json);
        int_put(&json, order->by_option ? "option_id" : "product_id", order->product_ids[i]);
        int_put(&json, "quantity", order->quantities[i]);
        wire_json_object_end(&json);
    }
    wire_json_array_end(&json);
    if (!fc_uuid_is_zero(&order->coupon_id)) {
        wire_json_key(&json, "coupon_id");
        wire_json_uuid(&json, &order->coupon_id);
    }
    if (order->has_ordered_at)
        instant_put(&json, "ordered_at", order->ordered_at);
    wire_json_object_end(&json);
}

void cli_request_verdict(struct cli_request *request, const struct fc_uuid *command_id,
                         int64_t user_id)
{
    struct fc_buf path = fc_buf_of(request->path, sizeof(request->path) - 1);

    ask_as(request, user_id, false);
    request->method = CLI_GET;
    fc_buf_put_text(&path, "/v1/commands/");
    fc_uuid_put(&path, command_id);
    FC_ASSERT(!path.overflow);
    request->path[path.len] = '\0';
}
