#include "producer/cli/load_work.h"

#include "base/assert.h"

#define ADMIN_ID 1
#define PRICE_WON 1000

static const char *const names[LOAD_KIND_COUNT] = {
    "orders", "issues",   "charges",  "status",    "get",
    "users",  "balances", "products", "templates", "commands",
};

const char *load_kind_name(enum load_kind kind)
{
    FC_ASSERT(kind < LOAD_KIND_COUNT);
    return names[kind];
}

bool load_kind_of(struct fc_str word, enum load_kind *ret_kind)
{
    for (int32_t i = LOAD_ORDERS; i <= LOAD_GET; i++) {
        if (fc_str_eq(word, fc_str_of(names[i]))) {
            *ret_kind = (enum load_kind)i;
            return true;
        }
    }
    return false;
}

static void put_member(struct fc_buf *buf, struct fc_str before, int64_t value)
{
    fc_buf_put(buf, before);
    fc_buf_put_i64(buf, value);
}

static void put_path(struct load_request *request, struct fc_str before, int64_t id,
                     struct fc_str after)
{
    put_member(&request->path, before, id);
    fc_buf_put(&request->path, after);
}

/* --- orders ----------------------------------------------------------------------------------- */

/* Distinct options, in the order in which they were drawn. */
static void choose_options(struct load_work *work, int64_t count, int64_t ret_options[])
{
    const struct load_world *world = work->world;

    for (int64_t chosen = 0; chosen < count;) {
        int64_t option =
            generate_between(&work->chance, world->first_option,
                             world->first_option + (world->hot ? 1 : world->options) - 1);
        int64_t at = 0;

        while (at < chosen && ret_options[at] != option)
            at++;
        if (at == chosen)
            ret_options[chosen++] = option;
    }
}

static int64_t any_user(struct load_work *work)
{
    const struct load_world *world = work->world;

    return generate_between(&work->chance, world->first_user, world->first_user + world->users - 1);
}

static void next_order(struct load_work *work, struct load_request *request)
{
    const struct load_world *world = work->world;
    int64_t most = world->lines < world->options ? world->lines : world->options;
    int64_t options[LOAD_LINES_MAX];

    FC_ASSERT(world->lines >= 1 && world->lines <= LOAD_LINES_MAX);
    request->user_id = any_user(work);
    int64_t count = world->hot ? 1 : generate_between(&work->chance, 1, most);

    choose_options(work, count, options);
    fc_buf_put(&request->path, FC_STR("/v1/orders"));
    put_member(&request->body, FC_STR("{\"user_id\":"), request->user_id);
    fc_buf_put(&request->body, FC_STR(",\"lines\":["));
    for (int64_t i = 0; i < count; i++) {
        put_member(&request->body, i == 0 ? FC_STR("{\"option_id\":") : FC_STR(",{\"option_id\":"),
                   options[i]);
        fc_buf_put(&request->body, FC_STR(",\"quantity\":1}"));
    }
    fc_buf_put(&request->body, FC_STR("]}"));
}

/* --- the others ------------------------------------------------------------------------------- */

static void next_issue(const struct load_world *world, int64_t number, struct load_request *request)
{
    request->user_id = world->first_user + number / world->templates;
    put_path(request, FC_STR("/v1/coupon-templates/"),
             world->first_template + number % world->templates, FC_STR("/issues"));
    put_member(&request->body, FC_STR("{\"user_id\":"), request->user_id);
    fc_buf_put(&request->body, FC_STR("}"));
}

static void next_charge(int64_t user_id, int64_t amount, struct load_request *request)
{
    request->user_id = user_id;
    put_path(request, FC_STR("/v1/users/"), user_id, FC_STR("/charges"));
    put_member(&request->body, FC_STR("{\"amount\":"), amount);
    fc_buf_put(&request->body, FC_STR("}"));
}

static void next_status(struct load_work *work, struct load_request *request)
{
    const struct load_world *world = work->world;
    const struct load_id *id = &world->ids[generate_between(&work->chance, 0, world->id_count - 1)];

    request->is_get = true;
    request->user_id = id->user_id;
    fc_buf_put(&request->path, FC_STR("/v1/commands/"));
    fc_buf_put_text(&request->path, id->text);
}

static void next_get(const struct load_world *world, struct load_request *request)
{
    request->is_get = true;
    request->user_id = world->first_user;
    fc_buf_put_text(&request->path, world->path);
}

/* --- prepare ---------------------------------------------------------------------------------- */

static void next_user(const struct load_world *world, int64_t number, struct load_request *request)
{
    request->user_id = world->first_user + number;
    fc_buf_put(&request->path, FC_STR("/v1/users"));
    put_member(&request->body, FC_STR("{\"user_id\":"), request->user_id);
    fc_buf_put(&request->body, FC_STR("}"));
}

/* Put as a whole: what is there already becomes the same once more. */
static void next_product(const struct load_world *world, int64_t number,
                         struct load_request *request)
{
    int64_t id = world->first_option + number;

    request->user_id = ADMIN_ID;
    request->admin = true;
    fc_buf_put(&request->path, FC_STR("/v1/products"));
    fc_buf_put_fmt(&request->body,
                   "{\"product_id\":%lld,\"name\":\"Load product %lld\",\"price\":%d,"
                   "\"status\":\"on_sale\",\"first_come\":false,\"options\":[{\"option_id\":%lld,"
                   "\"name\":\"one\",\"surcharge\":0,\"stock\":%lld}]}",
                   (long long)id, (long long)id, PRICE_WON, (long long)id, (long long)world->stock);
}

static void next_template(const struct load_world *world, int64_t number,
                          struct load_request *request)
{
    int64_t id = world->first_template + number;

    request->user_id = ADMIN_ID;
    request->admin = true;
    fc_buf_put(&request->path, FC_STR("/v1/coupon-templates"));
    fc_buf_put_fmt(&request->body,
                   "{\"template_id\":%lld,\"name\":\"Load coupon %lld\",\"discount\":"
                   "{\"type\":\"amount\",\"value\":%d},\"quantity\":%lld,"
                   "\"issue_from\":\"2020-01-01T00:00:00Z\","
                   "\"issue_until\":\"2120-01-01T00:00:00Z\"}",
                   (long long)id, (long long)id, PRICE_WON, (long long)world->quantity);
}

int64_t load_work_user(const struct load_world *world, int64_t number)
{
    return world->first_user + number % world->users;
}

int64_t load_work_count(const struct load_work *work)
{
    const struct load_world *world = work->world;

    switch (work->kind) {
    case LOAD_ISSUES:
        return world->users * world->templates < LOAD_COUNT_MAX ? world->users * world->templates
                                                                : LOAD_COUNT_MAX;
    case LOAD_PREPARE_USERS:
    case LOAD_PREPARE_BALANCES:
        return world->users;
    case LOAD_PREPARE_PRODUCTS:
        return world->options;
    case LOAD_PREPARE_TEMPLATES:
        return world->templates;
    case LOAD_ORDERS:
    case LOAD_CHARGES:
    case LOAD_STATUS:
    case LOAD_GET:
    case LOAD_PREPARE_IDS:
    case LOAD_KIND_COUNT:
        break;
    }
    return LOAD_COUNT_MAX;
}

void load_work_next(struct load_work *work, int64_t number, struct load_request *request)
{
    const struct load_world *world = work->world;

    switch (work->kind) {
    case LOAD_ORDERS:
        next_order(work, request);
        return;
    case LOAD_ISSUES:
        next_issue(world, number, request);
        return;
    case LOAD_CHARGES:
        next_charge(any_user(work), 1, request);
        return;
    case LOAD_STATUS:
        next_status(work, request);
        return;
    case LOAD_GET:
        next_get(world, request);
        return;
    case LOAD_PREPARE_USERS:
        next_user(world, number, request);
        return;
    case LOAD_PREPARE_BALANCES:
        next_charge(world->first_user + number, world->balance, request);
        return;
    case LOAD_PREPARE_PRODUCTS:
        next_product(world, number, request);
        return;
    case LOAD_PREPARE_TEMPLATES:
        next_template(world, number, request);
        return;
    case LOAD_PREPARE_IDS:
        next_charge(load_work_user(world, number), 1, request);
        return;
    case LOAD_KIND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such kind of load");
}
