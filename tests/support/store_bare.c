#include "support/store_bare.h"

#include "base/assert.h"
#include "host/clock.h"
#include "skeleton/links.h"

#include <stdlib.h>

#define JSON_BYTES 2048

/* Statements of the first exchange, by place. */
enum { BEGIN, WALLETS, COMMANDS, KEYS, OPTIONS };

struct statement {
    const char *name;
    const char *text;
};

/* The locks are taken in the shop's one global order: wallets first, options last; these by the
 * update itself, whose rows come sorted. Arrays are unnested in the select list: in FROM each would
 * be written into a tuplestore first. */
static const struct statement statements[] = {
    {"begin", "begin"},
    {"commit", "commit"},
    {"rollback", "rollback"},
    {"wallets", "select user_id, balance, version from wallet where user_id = any ($1::bigint[])"
                " order by user_id for no key update"},
    {"commands", "select command_id from journal where command_id = any ($1::uuid[])"},
    {"keys", "select j.command_id from unnest($1::bigint[], $2::text[]) as asked (actor_id, key)"
             " join journal j on j.actor_id = asked.actor_id and j.idempotency_key = asked.key"},
    {"options", "select o.option_id, o.product_id, p.price + o.surcharge, o.total - o.reserved,"
                " p.category from product_option o join product p using (product_id)"
                " where o.option_id = any ($1::bigint[]) order by o.option_id"},
    {"journal", "insert into journal (command_id, type, partition, key, actor_id, user_id,"
                " idempotency_key, accepted_at, decided_at, body, result, events)"
                " select unnest($1::uuid[]), 'order.place', unnest($2::smallint[]),"
                " unnest($3::text[]), unnest($4::bigint[]), unnest($4::bigint[]),"
                " unnest($5::text[]), unnest($6::timestamptz[]), unnest($7::timestamptz[]),"
                " unnest($8::text[]), unnest($9::text[]), unnest($10::text[])"},
    {"pay", "update wallet w set balance = new.balance, version = new.version"
            " from (select unnest($1::bigint[]) as user_id, unnest($2::bigint[]) as balance,"
            " unnest($3::bigint[]) as version) new where w.user_id = new.user_id"},
    {"orders", "insert into orders (order_id, user_id, key, status, total, discount, paid,"
               " payment_method, ordered_at, paid_at, version)"
               " select unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::text[]), 'paid',"
               " unnest($4::bigint[]), 0, unnest($4::bigint[]), 'balance',"
               " unnest($5::timestamptz[]), unnest($6::timestamptz[]), 1"},
    {"lines", "insert into order_line (order_id, option_id, product_id, quantity, unit_price,"
              " category) select unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::bigint[]),"
              " unnest($4::integer[]), unnest($5::bigint[]), unnest($6::text[])"},
    {"take", "update product_option o set total = o.total - new.taken, ordered = true"
             " from (select unnest($1::bigint[]) as option_id, unnest($2::bigint[]) as taken) new"
             " where o.option_id = new.option_id"},
};

void store_bare_open(struct store_bare *bare, const char *conninfo)
{
    *bare = (struct store_bare){0};
    bare_open(&bare->pipe, conninfo, LINKS_SESSION_OPTIONS);
    for (size_t i = 0; i < FC_ARRAY_COUNT(statements); i++)
        bare_prepare(&bare->pipe, statements[i].name, statements[i].text);
}

void store_bare_close(struct store_bare *bare)
{
    bare_close(&bare->pipe);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void send_reads(struct store_bare *bare)
{
    struct bare_pipe *pipe = &bare->pipe;

    bare_send(pipe, "begin");
    bare_column(pipe, BARE_I64);
    for (int32_t i = 0; i < bare->order_count; i++)
        bare_i64(pipe, bare->orders[i].wish->user_id);
    bare_send(pipe, "wallets");
    bare_column(pipe, BARE_UUID);
    for (int32_t i = 0; i < bare->order_count; i++)
        bare_uuid(pipe, &bare->orders[i].wish->id);
    bare_send(pipe, "commands");
    bare_column(pipe, BARE_I64);
    for (int32_t i = 0; i < bare->order_count; i++)
        bare_i64(pipe, bare->orders[i].wish->user_id);
    bare_column(pipe, BARE_TEXT);
    for (int32_t i = 0; i < bare->order_count; i++)
        bare_text(pipe, fc_str_of(bare->orders[i].wish->idempotency_key));
    bare_send(pipe, "keys");
    bare_column(pipe, BARE_I64);
    for (int32_t i = 0; i < bare->order_count; i++)
        for (int32_t line = 0; line < bare->orders[i].wish->line_count; line++)
            bare_i64(pipe, bare->orders[i].wish->option_ids[line]);
    bare_send(pipe, "options");
}

static void take_reads(struct store_bare *bare)
{
    const struct bare_pipe *pipe = &bare->pipe;

    FC_ASSERT(bare_rows(pipe, COMMANDS) == 0);
    FC_ASSERT(bare_rows(pipe, KEYS) == 0);
    bare->wallet_count = bare_rows(pipe, WALLETS);
    bare->option_count = bare_rows(pipe, OPTIONS);
    for (int32_t i = 0; i < bare->wallet_count; i++)
        bare->wallets[i] = (struct bare_wallet){
            bare_get_i64(pipe, WALLETS, i, 0),
            bare_get_i64(pipe, WALLETS, i, 1),
            bare_get_i64(pipe, WALLETS, i, 2),
        };
    for (int32_t i = 0; i < bare->option_count; i++)
        bare->options[i] = (struct bare_option){
            .option_id = bare_get_i64(pipe, OPTIONS, i, 0),
            .product_id = bare_get_i64(pipe, OPTIONS, i, 1),
            .price = bare_get_i64(pipe, OPTIONS, i, 2),
            .free = bare_get_i64(pipe, OPTIONS, i, 3),
            .category = bare_get_text(pipe, OPTIONS, i, 4),
        };
}

/* --- deciding --------------------------------------------------------------------------------- */

/* By the id that each begins with. */
static int compare_ids(const void *a, const void *b)
{
    const int64_t *one = a;
    const int64_t *other = b;

    return (*one > *other) - (*one < *other);
}

static void decide(struct store_bare *bare, struct bare_order *order)
{
    const struct store_wish *wish = order->wish;
    struct bare_wallet *wallet = bsearch(&wish->user_id, bare->wallets, (size_t)bare->wallet_count,
                                         sizeof(*wallet), compare_ids);

    FC_ASSERT(wallet != NULL);
    order->total = 0;
    for (int32_t line = 0; line < wish->line_count; line++) {
        struct bare_option *option =
            bsearch(&wish->option_ids[line], bare->options, (size_t)bare->option_count,
                    sizeof(*option), compare_ids);

        FC_ASSERT(option != NULL);
        FC_ASSERT(option->taken < option->free);
        option->taken++;
        order->options[line] = option;
        order->total += option->price;
    }
    FC_ASSERT(wallet->balance >= order->total);
    wallet->balance -= order->total;
    wallet->version++;
    order->balance = wallet->balance;
    order->version = wallet->version;
}

/* --- as text ---------------------------------------------------------------------------------- */

static void put_result(struct fc_buf *buf, const struct bare_order *order, struct fc_str id,
                       struct fc_str now)
{
    fc_buf_put_fmt(buf,
                   "{\"order_id\":\"" FC_STR_FMT "\",\"status\":\"paid\",\"total\":%lld,"
                   "\"discount\":0,\"paid\":%lld,\"balance\":%lld,\"paid_at\":\"" FC_STR_FMT "\"}",
                   FC_STR_ARG(id), (long long)order->total, (long long)order->total,
                   (long long)order->balance, FC_STR_ARG(now));
}

static void put_taken(struct fc_buf *buf, const struct bare_order *order)
{
    for (int32_t line = 0; line < order->wish->line_count; line++)
        fc_buf_put_fmt(buf, "%s{\"option_id\":%lld,\"quantity\":1}", line == 0 ? "" : ",",
                       (long long)order->options[line]->option_id);
}

static void put_sold(struct fc_buf *buf, const struct bare_order *order)
{
    for (int32_t line = 0; line < order->wish->line_count; line++)
        fc_buf_put_fmt(buf,
                       "%s{\"option_id\":%lld,\"product_id\":%lld,\"quantity\":1,"
                       "\"unit_price\":%lld,\"category\":\"" FC_STR_FMT "\"}",
                       line == 0 ? "" : ",", (long long)order->options[line]->option_id,
                       (long long)order->options[line]->product_id,
                       (long long)order->options[line]->price,
                       FC_STR_ARG(order->options[line]->category));
}

static void put_events(struct fc_buf *buf, const struct bare_order *order, struct fc_str id,
                       struct fc_str now)
{
    const struct store_wish *wish = order->wish;

    fc_buf_put_fmt(buf,
                   "[{\"type\":\"wallet.used\",\"subject\":\"%s\",\"version\":%lld,\"data\":{"
                   "\"user_id\":%lld,\"amount\":%lld,\"balance\":%lld,\"order_id\":\"" FC_STR_FMT
                   "\"}},\n{\"type\":\"stock.taken\",\"subject\":\"order:" FC_STR_FMT
                   "\",\"version\":0,\"data\":{\"order_id\":\"" FC_STR_FMT "\",\"lines\":[",
                   wish->key, (long long)order->version, (long long)wish->user_id,
                   (long long)order->total, (long long)order->balance, FC_STR_ARG(id),
                   FC_STR_ARG(id), FC_STR_ARG(id));
    put_taken(buf, order);
    fc_buf_put_fmt(buf,
                   "]}},\n{\"type\":\"order.paid\",\"subject\":\"order:" FC_STR_FMT
                   "\",\"version\":1,\"data\":{\"order_id\":\"" FC_STR_FMT
                   "\",\"user_id\":%lld,\"key\":\"%s\",\"total\":%lld,\"discount\":0,\"paid\":%lld,"
                   "\"payment\":{\"method\":\"balance\"},\"ordered_at\":\"",
                   FC_STR_ARG(id), FC_STR_ARG(id), (long long)wish->user_id, wish->key,
                   (long long)order->total, (long long)order->total);
    fc_instant_put(buf, wish->accepted_at);
    fc_buf_put(buf, FC_STR("\",\"day\":\""));
    fc_day_put(buf, fc_day_seoul(wish->accepted_at));
    fc_buf_put_fmt(buf, "\",\"paid_at\":\"" FC_STR_FMT "\",\"lines\":[", FC_STR_ARG(now));
    put_sold(buf, order);
    fc_buf_put(buf, FC_STR("]}}]"));
}

/* --- writing ---------------------------------------------------------------------------------- */

/* One column over the orders: `order` and `wish` are in scope of `put`. */
#define ORDER_COLUMN(type, put)                                \
    do {                                                       \
        bare_column(pipe, type);                               \
        for (int32_t i = 0; i < bare->order_count; i++) {      \
            const struct bare_order *order = &bare->orders[i]; \
            const struct store_wish *wish = order->wish;       \
                                                               \
            put;                                               \
            (void)wish;                                        \
        }                                                      \
    } while (0)

/* One column over the lines of all orders: `option` and `wish` are in scope of `put`. */
#define LINE_COLUMN(type, put)                                          \
    ORDER_COLUMN(                                                       \
        type, for (int32_t line = 0; line < wish->line_count; line++) { \
            const struct bare_option *option = order->options[line];    \
                                                                        \
            put;                                                        \
            (void)option;                                               \
        })

static void send_journal(struct store_bare *bare, struct fc_instant now)
{
    struct bare_pipe *pipe = &bare->pipe;
    char text[FC_INSTANT_TEXT_BYTES];
    struct fc_buf at = fc_buf_of(text, sizeof(text));
    char id[FC_UUID_TEXT_BYTES];
    char json[JSON_BYTES];
    struct fc_buf buf;

    fc_instant_put(&at, now);
    ORDER_COLUMN(BARE_UUID, bare_uuid(pipe, &wish->id));
    ORDER_COLUMN(BARE_I16, bare_i16(pipe, (int16_t)wish->partition));
    ORDER_COLUMN(BARE_TEXT, bare_text(pipe, fc_str_of(wish->key)));
    ORDER_COLUMN(BARE_I64, bare_i64(pipe, wish->user_id));
    ORDER_COLUMN(BARE_TEXT, bare_text(pipe, fc_str_of(wish->idempotency_key)));
    ORDER_COLUMN(BARE_INSTANT, bare_instant(pipe, wish->accepted_at));
    ORDER_COLUMN(BARE_INSTANT, bare_instant(pipe, now));
    ORDER_COLUMN(BARE_TEXT, {
        buf = fc_buf_of(json, sizeof(json));
        store_wish_body_put(&buf, wish);
        bare_text(pipe, fc_buf_str(&buf));
    });
    ORDER_COLUMN(BARE_TEXT, {
        struct fc_buf id_buf = fc_buf_of(id, sizeof(id));

        fc_uuid_put(&id_buf, &wish->id);
        buf = fc_buf_of(json, sizeof(json));
        put_result(&buf, order, fc_buf_str(&id_buf), fc_buf_str(&at));
        bare_text(pipe, fc_buf_str(&buf));
    });
    ORDER_COLUMN(BARE_TEXT, {
        struct fc_buf id_buf = fc_buf_of(id, sizeof(id));

        fc_uuid_put(&id_buf, &wish->id);
        buf = fc_buf_of(json, sizeof(json));
        put_events(&buf, order, fc_buf_str(&id_buf), fc_buf_str(&at));
        FC_ASSERT(!buf.overflow);
        bare_text(pipe, fc_buf_str(&buf));
    });
    bare_send(pipe, "journal");
}

static void send_wallets(struct store_bare *bare)
{
    struct bare_pipe *pipe = &bare->pipe;

    bare_column(pipe, BARE_I64);
    for (int32_t i = 0; i < bare->wallet_count; i++)
        bare_i64(pipe, bare->wallets[i].user_id);
    bare_column(pipe, BARE_I64);
    for (int32_t i = 0; i < bare->wallet_count; i++)
        bare_i64(pipe, bare->wallets[i].balance);
    bare_column(pipe, BARE_I64);
    for (int32_t i = 0; i < bare->wallet_count; i++)
        bare_i64(pipe, bare->wallets[i].version);
    bare_send(pipe, "pay");
}

static void send_orders(struct store_bare *bare, struct fc_instant now)
{
    struct bare_pipe *pipe = &bare->pipe;

    ORDER_COLUMN(BARE_UUID, bare_uuid(pipe, &wish->id));
    ORDER_COLUMN(BARE_I64, bare_i64(pipe, wish->user_id));
    ORDER_COLUMN(BARE_TEXT, bare_text(pipe, fc_str_of(wish->key)));
    ORDER_COLUMN(BARE_I64, bare_i64(pipe, order->total));
    ORDER_COLUMN(BARE_INSTANT, bare_instant(pipe, wish->accepted_at));
    ORDER_COLUMN(BARE_INSTANT, bare_instant(pipe, now));
    bare_send(pipe, "orders");
    LINE_COLUMN(BARE_UUID, bare_uuid(pipe, &wish->id));
    LINE_COLUMN(BARE_I64, bare_i64(pipe, option->option_id));
    LINE_COLUMN(BARE_I64, bare_i64(pipe, option->product_id));
    LINE_COLUMN(BARE_I32, bare_i32(pipe, 1));
    LINE_COLUMN(BARE_I64, bare_i64(pipe, option->price));
    LINE_COLUMN(BARE_TEXT, bare_text(pipe, option->category));
    bare_send(pipe, "lines");
}

static void send_options(struct store_bare *bare)
{
    struct bare_pipe *pipe = &bare->pipe;

    bare_column(pipe, BARE_I64);
    for (int32_t i = 0; i < bare->option_count; i++)
        bare_i64(pipe, bare->options[i].option_id);
    bare_column(pipe, BARE_I64);
    for (int32_t i = 0; i < bare->option_count; i++)
        bare_i64(pipe, bare->options[i].taken);
    bare_send(pipe, "take");
}

static bool try_batch(struct store_bare *bare)
{
    struct fc_instant now = fc_clock_now();

    send_reads(bare);
    if (!bare_exchange(&bare->pipe))
        return false;
    take_reads(bare);
    for (int32_t i = 0; i < bare->order_count; i++)
        decide(bare, &bare->orders[i]);
    send_journal(bare, now);
    send_wallets(bare);
    send_orders(bare, now);
    send_options(bare);
    bare_send(&bare->pipe, "commit");
    return bare_exchange(&bare->pipe);
}

void store_bare_run(struct store_bare *bare, const struct store_wish *wishes, int32_t count)
{
    FC_ASSERT(count <= STORE_WISHES_MAX);
    bare->order_count = count;
    for (int32_t i = 0; i < count; i++)
        bare->orders[i] = (struct bare_order){.wish = &wishes[i]};
    while (!try_batch(bare))
        bare->retries++;
}
