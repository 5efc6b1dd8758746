#include "support/sim_clients.h"

#include "support/sim_world.h"

#include <stdio.h>

static int64_t any_user(struct sim_world *world)
{
    return 1 + sim_draw(world, (uint32_t)world->size.users);
}

/* A product has one option, with its own id. */
static int64_t any_product(struct sim_world *world)
{
    return 1 + sim_draw(world, (uint32_t)world->size.products);
}

static int64_t any_template(struct sim_world *world)
{
    return 1 + sim_draw(world, (uint32_t)world->size.templates);
}

static void ask_register(struct sim_world *world, int64_t user_id)
{
    struct command body = {.type = COMMAND_USER_REGISTER, .actor_id = user_id};
    char key[32];

    body.body.user_register.user_id = user_id;
    (void)snprintf(key, sizeof(key), "user:%lld", (long long)user_id);
    sim_ingress_ask(world, &body, key);
}

static void ask_charge(struct sim_world *world, int64_t user_id)
{
    struct command body = {.type = COMMAND_WALLET_CHARGE, .actor_id = user_id};
    char key[32];

    body.body.wallet_charge.user_id = user_id;
    body.body.wallet_charge.amount = KRW(sim_draw(world, 6) * 1500);
    (void)snprintf(key, sizeof(key), "user:%lld", (long long)user_id);
    sim_ingress_ask(world, &body, key);
}

static void ask_product(struct sim_world *world, int64_t product_id, bool first_come)
{
    static struct option_put option;
    struct command body = {.type = COMMAND_PRODUCT_PUT, .actor_id = 99};
    struct product_put *put = &body.body.product_put;
    char key[32];
    char name[32];

    (void)snprintf(name, sizeof(name), "thing %lld", (long long)product_id);
    option = (struct option_put){.option_id = product_id, .name = FC_STR("one"), .stock = 6};
    put->product_id = product_id;
    put->name = fc_str_of(name);
    put->price = KRW(500 * product_id);
    put->first_come = first_come;
    put->options = &option;
    put->option_count = 1;
    (void)snprintf(key, sizeof(key), "product:%lld", (long long)product_id);
    sim_ingress_ask(world, &body, key);
}

static void ask_template(struct sim_world *world, int64_t template_id)
{
    struct command body = {.type = COMMAND_TEMPLATE_PUT, .actor_id = 99};
    struct template_put *put = &body.body.template_put;
    char key[32];

    put->template_id = template_id;
    put->name = FC_STR("rush");
    put->discount = (struct discount){DISCOUNT_RATE, 1000 * template_id};
    put->limited = true;
    put->quantity = 3;
    put->issue_from = (struct fc_instant){0};
    put->issue_until = (struct fc_instant){INT64_C(4000000000000000)};
    (void)snprintf(key, sizeof(key), "template:%lld", (long long)template_id);
    sim_ingress_ask(world, &body, key);
}

static void ask_issue(struct sim_world *world)
{
    int64_t user_id = any_user(world);
    int64_t template_id = any_template(world);
    struct command body = {.type = COMMAND_COUPON_ISSUE, .actor_id = user_id};
    char key[32];

    body.body.coupon_issue = (struct coupon_issue){template_id, user_id};
    (void)snprintf(key, sizeof(key), "template:%lld", (long long)template_id);
    sim_ingress_ask(world, &body, key);
}

/* Product 1 is first-come: its orders stand in its line. Sometimes one is sent the wrong way. */
static void ask_order(struct sim_world *world)
{
    static struct order_line lines[2];
    int64_t user_id = any_user(world);
    struct command body = {.type = COMMAND_ORDER_PLACE, .actor_id = user_id};
    struct order_place *place = &body.body.order_place;
    bool first_come;
    char key[32];

    lines[0] = (struct order_line){any_product(world), 0, 1 + sim_draw(world, 2)};
    lines[1] = (struct order_line){any_product(world), 0, 1};
    place->user_id = user_id;
    place->lines = lines;
    place->line_count = 1 + (int32_t)sim_draw(world, 2);
    if (world->db.coupon_count > 0 && sim_percent(world, 40)) {
        place->has_coupon = true;
        place->coupon_id =
            world->db.coupons[sim_draw(world, (uint32_t)world->db.coupon_count)].coupon_id;
    }
    if (sim_percent(world, 30)) {
        place->payment = PAYMENT_BANK_TRANSFER;
        place->from_balance = KRW(sim_draw(world, 3) * 400);
    }
    first_come = lines[0].option_id == 1 || (place->line_count == 2 && lines[1].option_id == 1);
    if (sim_percent(world, 5))
        first_come = !first_come;
    if (first_come)
        (void)snprintf(key, sizeof(key), "product:1");
    else
        (void)snprintf(key, sizeof(key), "user:%lld", (long long)user_id);
    sim_ingress_ask(world, &body, key);
}

static const struct order *any_order(struct sim_world *world)
{
    return &world->db.orders[sim_draw(world, (uint32_t)world->db.order_count)];
}

static void ask_of_order(struct sim_world *world, const struct order *order, enum command_type type)
{
    static struct order_line line;
    struct command body = {.type = type, .actor_id = 99};
    struct fc_uuid id = order->terms.order_id;
    char key[ROUTE_KEY_BYTES_MAX] = "";
    struct fc_buf buf = fc_buf_of(key, sizeof(key) - 1);

    line = (struct order_line){.option_id = any_product(world), .quantity = 1 + sim_draw(world, 2)};
    wire_command_key_put(&buf, order->terms.key);
    if (type == COMMAND_ORDER_CANCEL)
        body.body.order_cancel = (struct order_cancel){id, FC_STR("changed my mind")};
    if (type == COMMAND_ORDER_CHANGE)
        body.body.order_change = (struct order_change){id, &line, 1};
    if (type == COMMAND_ORDER_SHIP) {
        line.option_id = order->items[0].sold.option_id;
        body.body.order_ship = (struct order_ship){id, &line, 1};
    }
    if (type == COMMAND_ORDER_EXPIRE)
        body.body.order_expire = (struct order_expire){id};
    if (type == COMMAND_PAYMENT_SETTLE)
        body.body.payment_settle =
            (struct payment_settle){id, (enum payment_outcome)sim_draw(world, 3), FC_STR("p")};
    sim_ingress_ask(world, &body, key);
}

/* Something about an order that is there: the gateway, the clock and administrators ask at any
 * time, often too late, and sometimes all at once. */
static void ask_later(struct sim_world *world)
{
    static const enum command_type types[] = {COMMAND_PAYMENT_SETTLE, COMMAND_ORDER_EXPIRE,
                                              COMMAND_ORDER_CANCEL, COMMAND_ORDER_SHIP,
                                              COMMAND_ORDER_CHANGE};
    const struct order *order;
    uint32_t first = sim_draw(world, 3);

    if (world->db.order_count == 0)
        return;
    order = any_order(world);
    if (order->status != ORDER_PENDING_PAYMENT || sim_percent(world, 60)) {
        ask_of_order(world, order, types[sim_draw(world, FC_ARRAY_COUNT(types))]);
        return;
    }
    for (uint32_t i = 0; i < 2 + sim_draw(world, 2); i++)
        ask_of_order(world, order, types[(first + i) % 3]);
}

static void ask_revoke(struct sim_world *world)
{
    struct command body = {.type = COMMAND_COUPON_REVOKE, .actor_id = 99};
    const struct coupon *coupon;
    char key[32];

    if (world->db.coupon_count == 0)
        return;
    coupon = &world->db.coupons[sim_draw(world, (uint32_t)world->db.coupon_count)];
    body.body.coupon_revoke = (struct coupon_revoke){coupon->coupon_id};
    (void)snprintf(key, sizeof(key), "template:%lld", (long long)coupon->template_id);
    sim_ingress_ask(world, &body, key);
}

static void ask_restock(struct sim_world *world)
{
    struct command body = {.type = COMMAND_OPTION_RESTOCK, .actor_id = 99};
    int64_t option_id = any_product(world);
    char key[32];

    body.body.option_restock = (struct option_restock){option_id, 1 + sim_draw(world, 3)};
    (void)snprintf(key, sizeof(key), "product:%lld", (long long)option_id);
    sim_ingress_ask(world, &body, key);
}

void sim_clients_open_shop(struct sim_world *world)
{
    for (int64_t id = 1; id <= world->size.products; id++)
        ask_product(world, id, id == 1);
    for (int64_t id = 1; id <= world->size.templates; id++)
        ask_template(world, id);
    for (int64_t id = 1; id < world->size.users; id++)
        ask_register(world, id);
    for (int64_t id = 1; id < world->size.users; id++)
        ask_charge(world, id);
}

void sim_clients_ask(struct sim_world *world)
{
    uint32_t what = sim_draw(world, 100);

    if (what < 12)
        ask_charge(world, any_user(world));
    else if (what < 42)
        ask_order(world);
    else if (what < 65)
        ask_later(world);
    else if (what < 68)
        ask_revoke(world);
    else if (what < 85)
        ask_issue(world);
    else if (what < 90)
        ask_restock(world);
    else if (what < 94)
        ask_register(world, any_user(world));
    else if (what < 97)
        ask_product(world, any_product(world), false);
    else
        sim_ingress_send_rubbish(world);
}
