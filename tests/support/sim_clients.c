#include "support/sim_clients.h"

#include "base/assert.h"
#include "wire/command.h"

#include <stdio.h>
#include <string.h>

static struct fc_uuid new_id(struct sim_world *world)
{
    return fc_uuid_v8(world->now, world->id_count++ % 4096, sim_draw(world, UINT32_MAX));
}

static void remember(struct sim_world *world, const struct wire_command *command, bool repeats)
{
    FC_ASSERT(world->asked_count < SIM_ASKED_MAX);
    struct sim_asked *asked = &world->asked[world->asked_count++];

    asked->id = command->command.id;
    (void)fc_str_copy(command->key, asked->key, sizeof(asked->key));
    asked->family = wire_command_family(command->command.type);
    asked->repeats = repeats;
}

static void publish(struct sim_world *world, struct wire_command *command, bool repeats)
{
    static char bytes[65536];
    static char body_bytes[4096];
    struct fc_buf buf = fc_buf_of(bytes, sizeof(bytes));
    struct fc_buf body = fc_buf_of(body_bytes, sizeof(body_bytes));
    enum wire_family family = wire_command_family(command->command.type);
    int32_t partition = wire_route_partition(command->key, SIM_PARTITIONS);

    wire_body_put(&body, &command->command);
    command->body = fc_buf_str(&body);
    wire_command_put(&buf, command);
    FC_ASSERT(!body.overflow && !buf.overflow);
    sim_queue_publish(&world->queues[family][partition], fc_buf_str(&buf));
    remember(world, command, repeats);
}

/* As a client, with the weaknesses of clients: the same message twice, the same key anew. */
static void ask(struct sim_world *world, struct command *body, const char *key)
{
    struct wire_command command = {.command = *body, .key = fc_str_of(key)};
    char idempotency_key[16];

    command.command.id = new_id(world);
    command.command.accepted_at = world->now;
    if (sim_percent(world, 40)) {
        (void)snprintf(idempotency_key, sizeof(idempotency_key), "k%u", sim_draw(world, 40));
        command.idempotency_key = fc_str_of(idempotency_key);
    }
    if (!wire_command_key_parse(command.key, &command.command.key))
        FC_UNREACHABLE("a simulated key is a key");
    publish(world, &command, false);
    if (sim_percent(world, 10))
        publish(world, &command, true);
    if (command.idempotency_key.len > 0 && sim_percent(world, 30)) {
        command.command.id = new_id(world);
        publish(world, &command, false);
    }
}

static void ask_register(struct sim_world *world, int64_t user_id)
{
    struct command body = {.type = COMMAND_USER_REGISTER, .actor_id = user_id};
    char key[32];

    body.body.user_register.user_id = user_id;
    (void)snprintf(key, sizeof(key), "user:%lld", (long long)user_id);
    ask(world, &body, key);
}

static void ask_charge(struct sim_world *world)
{
    int64_t user_id = 1 + sim_draw(world, SIM_USERS);
    struct command body = {.type = COMMAND_WALLET_CHARGE, .actor_id = user_id};
    char key[32];

    body.body.wallet_charge.user_id = user_id;
    body.body.wallet_charge.amount = KRW(sim_draw(world, 5) * 1000);
    (void)snprintf(key, sizeof(key), "user:%lld", (long long)user_id);
    ask(world, &body, key);
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
    ask(world, &body, key);
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
    ask(world, &body, key);
}

static void ask_issue(struct sim_world *world)
{
    int64_t user_id = 1 + sim_draw(world, SIM_USERS);
    int64_t template_id = 1 + sim_draw(world, SIM_TEMPLATES);
    struct command body = {.type = COMMAND_COUPON_ISSUE, .actor_id = user_id};
    char key[32];

    body.body.coupon_issue = (struct coupon_issue){template_id, user_id};
    (void)snprintf(key, sizeof(key), "template:%lld", (long long)template_id);
    ask(world, &body, key);
}

/* Product 1 is first-come: its orders stand in its line. Sometimes one is sent the wrong way. */
static void ask_order(struct sim_world *world)
{
    static struct order_line lines[2];
    int64_t user_id = 1 + sim_draw(world, SIM_USERS);
    struct command body = {.type = COMMAND_ORDER_PLACE, .actor_id = user_id};
    struct order_place *place = &body.body.order_place;
    bool first_come;
    char key[32];

    lines[0] = (struct order_line){1 + sim_draw(world, SIM_OPTIONS), 0, 1 + sim_draw(world, 2)};
    lines[1] = (struct order_line){1 + sim_draw(world, SIM_OPTIONS), 0, 1};
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
    ask(world, &body, key);
}

/* Something about an order or a coupon that is there: the gateway, the clock and administrators
 * ask at any time, and often too late. */
static void ask_later(struct sim_world *world)
{
    static struct order_line line;
    struct command body = {.actor_id = 99};
    const struct order *order;
    struct fc_uuid id;
    char key[ROUTE_KEY_BYTES_MAX] = "";
    struct fc_buf buf = fc_buf_of(key, sizeof(key) - 1);

    if (world->db.order_count == 0)
        return;
    order = &world->db.orders[sim_draw(world, (uint32_t)world->db.order_count)];
    id = order->terms.order_id;
    line = (struct order_line){.option_id = 1 + sim_draw(world, SIM_OPTIONS),
                               .quantity = 1 + sim_draw(world, 2)};
    wire_command_key_put(&buf, order->terms.key);
    switch (sim_draw(world, 7)) {
    case 0:
        body.type = COMMAND_ORDER_CANCEL;
        body.body.order_cancel = (struct order_cancel){id, FC_STR("changed my mind")};
        break;
    case 1:
        body.type = COMMAND_ORDER_CHANGE;
        body.body.order_change = (struct order_change){id, &line, 1};
        break;
    case 2:
        body.type = COMMAND_ORDER_SHIP;
        line.option_id = order->items[0].sold.option_id;
        body.body.order_ship = (struct order_ship){id, &line, 1};
        break;
    case 3:
        body.type = COMMAND_ORDER_EXPIRE;
        body.body.order_expire = (struct order_expire){id};
        break;
    default:
        body.type = COMMAND_PAYMENT_SETTLE;
        body.body.payment_settle =
            (struct payment_settle){id, (enum payment_outcome)sim_draw(world, 3), FC_STR("p")};
        break;
    }
    ask(world, &body, key);
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
    ask(world, &body, key);
}

static void ask_restock(struct sim_world *world)
{
    struct command body = {.type = COMMAND_OPTION_RESTOCK, .actor_id = 99};
    int64_t option_id = 1 + sim_draw(world, SIM_OPTIONS);
    char key[32];

    body.body.option_restock = (struct option_restock){option_id, 1 + sim_draw(world, 3)};
    (void)snprintf(key, sizeof(key), "product:%lld", (long long)option_id);
    ask(world, &body, key);
}

static void send_rubbish(struct sim_world *world)
{
    enum wire_family family = sim_percent(world, 50) ? WIRE_FAMILY_ORDER : WIRE_FAMILY_COUPON;

    sim_queue_publish(&world->queues[family][sim_draw(world, SIM_PARTITIONS)],
                      sim_percent(world, 50) ? FC_STR("{\"no\":\"command\"}") : FC_STR("[1,"));
}

void sim_clients_open_shop(struct sim_world *world)
{
    for (int64_t id = 1; id <= SIM_PRODUCTS; id++)
        ask_product(world, id, id == 1);
    for (int64_t id = 1; id <= SIM_TEMPLATES; id++)
        ask_template(world, id);
    for (int64_t id = 1; id <= SIM_USERS - 1; id++)
        ask_register(world, id);
}

void sim_clients_ask(struct sim_world *world)
{
    uint32_t what = sim_draw(world, 100);

    if (what < 20)
        ask_charge(world);
    else if (what < 45)
        ask_order(world);
    else if (what < 60)
        ask_later(world);
    else if (what < 63)
        ask_revoke(world);
    else if (what < 85)
        ask_issue(world);
    else if (what < 90)
        ask_restock(world);
    else if (what < 94)
        ask_register(world, 1 + sim_draw(world, SIM_USERS));
    else if (what < 97)
        ask_product(world, 1 + sim_draw(world, SIM_PRODUCTS), false);
    else
        send_rubbish(world);
}
