#include "support/sim_db.h"

#include "base/assert.h"
#include "base/index.h"

#include <string.h>

void sim_db_reset(struct sim_db *db, struct fc_arena *memory)
{
    fc_arena_reset(memory);
    db->memory = memory;
    sim_leases_reset(&db->leases);
    memset(db->wallets, 0, sizeof(db->wallets));
    memset(db->products, 0, sizeof(db->products));
    memset(db->options, 0, sizeof(db->options));
    memset(db->templates, 0, sizeof(db->templates));
    db->coupon_count = db->order_count = db->journal_count = 0;
    db->parked_count = db->attempt_count = db->event_count = 0;
    memset(db->journal_places, 0, sizeof(db->journal_places));
    memset(db->counters, 0, sizeof(db->counters));
    memset(db->sold, 0, sizeof(db->sold));
    memset(db->brought, 0, sizeof(db->brought));
    db->charged = db->transferred = 0;
    shop_init(&db->replayed, memory, 8);
}

struct fc_str sim_db_keep(struct sim_db *db, struct fc_str text)
{
    struct fc_str copy;

    if (!fc_arena_copy(db->memory, text, &copy))
        FC_UNREACHABLE("a world's memory is large enough");
    return copy;
}

/* Where the row of that id stands in the places, or would. */
static uint32_t place_of(const struct sim_db *db, const struct fc_uuid *command_id)
{
    uint32_t place = (uint32_t)fc_hash_uuid(command_id) % SIM_JOURNAL_PLACES;

    while (db->journal_places[place] != 0 &&
           !fc_uuid_eq(&db->journal[db->journal_places[place] - 1].command_id, command_id))
        place = (place + 1) % SIM_JOURNAL_PLACES;
    return place;
}

const struct sim_row *sim_db_find(const struct sim_db *db, const struct fc_uuid *command_id)
{
    int16_t at = db->journal_places[place_of(db, command_id)];

    return at == 0 ? NULL : &db->journal[at - 1];
}

struct sim_row *sim_db_put(struct sim_db *db, const struct fc_uuid *command_id)
{
    uint32_t place = place_of(db, command_id);

    FC_ASSERT(db->journal_places[place] == 0);
    FC_ASSERT(db->journal_count < SIM_JOURNAL_MAX);
    struct sim_row *row = &db->journal[db->journal_count++];

    db->journal_places[place] = (int16_t)db->journal_count;
    *row = (struct sim_row){.command_id = *command_id};
    return row;
}

bool sim_db_is_parked(const struct sim_db *db, const struct fc_uuid *command_id)
{
    for (int32_t i = 0; i < db->parked_count; i++)
        if (db->parked[i].has_id && fc_uuid_eq(&db->parked[i].id, command_id))
            return true;
    return false;
}

bool sim_db_is_set_aside(const struct sim_db *db, const struct fc_uuid *command_id)
{
    for (int32_t i = 0; i < db->parked_count; i++)
        if (db->parked[i].has_id && !db->parked[i].decided &&
            fc_uuid_eq(&db->parked[i].id, command_id))
            return true;
    return false;
}

struct sim_attempt *sim_db_attempt(struct sim_db *db, const struct fc_uuid *command_id)
{
    for (int32_t i = 0; i < db->attempt_count; i++)
        if (fc_uuid_eq(&db->attempts[i].command_id, command_id))
            return &db->attempts[i];
    return NULL;
}

void sim_db_attempt_clear(struct sim_db *db, const struct fc_uuid *command_id)
{
    struct sim_attempt *attempt = sim_db_attempt(db, command_id);

    if (attempt != NULL)
        *attempt = db->attempts[--db->attempt_count];
}

static void load_orders(const struct sim_db *db, struct shop *shop)
{
    for (int32_t i = 0; i < db->order_count; i++) {
        const struct order *there = &db->orders[i];
        struct order *order = shop_put_order(shop, &there->terms.order_id);

        *order = *there;
        order->items = shop_take(shop, there->item_count, sizeof(*order->items));
        memcpy(order->items, there->items, (size_t)there->item_count * sizeof(*order->items));
    }
}

/* The simulated shop is small. What loads too much hides no mistake here, the real load is shown
 * against PostgreSQL. */
void sim_db_load(const struct sim_db *db, struct shop *shop)
{
    for (int32_t i = 0; i < SIM_USERS; i++)
        if (db->wallets[i].user.exists)
            *shop_put_wallet(shop, db->wallets[i].user_id) = db->wallets[i];
    for (int32_t i = 0; i < SIM_PRODUCTS; i++)
        if (db->products[i].row.exists)
            *shop_put_product(shop, db->products[i].product_id, db->products[i].name) =
                db->products[i];
    for (int32_t i = 0; i < SIM_OPTIONS; i++)
        if (db->options[i].row.exists)
            *shop_put_option(shop, db->options[i].option_id, db->options[i].product_id) =
                db->options[i];
    for (int32_t i = 0; i < SIM_TEMPLATES; i++)
        if (db->templates[i].row.exists)
            *shop_put_template(shop, db->templates[i].template_id) = db->templates[i];
    for (int32_t i = 0; i < db->coupon_count; i++)
        *shop_put_coupon(shop, &db->coupons[i].coupon_id, db->coupons[i].template_id,
                         db->coupons[i].user_id) = db->coupons[i];
    load_orders(db, shop);
}
