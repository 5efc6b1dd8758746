#include "support/sim_db.h"

#include "base/assert.h"
#include "shop/needs.h"
#include "shop/shop_job.h"
#include "skeleton/settle.h"
#include "support/sim_commit.h"

#include <stdlib.h>
#include <string.h>

void sim_db_init(struct sim_db *db)
{
    memset(db, 0, sizeof(*db));
}

void sim_db_reset(struct sim_db *db)
{
    for (int32_t i = 0; i < db->journal_count; i++) {
        struct sim_row *row = &db->journal[i];

        free(row->idempotency_key);
        free(row->type);
        free(row->body);
        free(row->verdict);
        free(row->result);
        free(row->events);
    }
    for (int32_t i = 0; i < db->order_count; i++)
        free(db->orders[i].items);
    for (int32_t i = 0; i < SIM_PRODUCTS; i++)
        free((void *)(uintptr_t)db->products[i].name.ptr);
    for (int32_t i = 0; i < SIM_OPTIONS; i++)
        free((void *)(uintptr_t)db->options[i].name.ptr);
    for (int32_t i = 0; i < SIM_TEMPLATES; i++)
        free((void *)(uintptr_t)db->templates[i].name.ptr);
    sim_db_init(db);
}

const struct sim_row *sim_db_find(const struct sim_db *db, const struct fc_uuid *command_id)
{
    for (int32_t i = 0; i < db->journal_count; i++)
        if (fc_uuid_eq(&db->journal[i].command_id, command_id))
            return &db->journal[i];
    return NULL;
}

static void recall(const struct sim_db *db, struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++) {
        struct command_slot *slot = &range->slots[i];
        const struct sim_row *row = sim_db_find(db, &slot->asked->command.id);

        if (row == NULL)
            continue;
        slot->state = SLOT_RECALLED;
        slot->decided_at = row->decided_at;
        slot->verdict = fc_str_of(row->verdict);
        slot->result = fc_str_of(row->result);
        slot->events = fc_str_of(row->events);
        slot->is_replay = row->is_replay;
        slot->replay_of = row->replay_of;
    }
}

static void recall_keys(const struct sim_db *db, struct command_range *range)
{
    struct key_owner *owners =
        fc_arena_take(range->arena, (size_t)db->journal_count, sizeof(*owners));
    int32_t count = 0;

    FC_ASSERT(owners != NULL);
    for (int32_t i = 0; i < db->journal_count; i++) {
        const struct sim_row *row = &db->journal[i];

        if (row->idempotency_key == NULL)
            continue;
        owners[count++] = (struct key_owner){
            row->actor_id,          fc_str_of(row->idempotency_key),
            row->command_id,        fc_str_of(row->type),
            fc_str_of(row->body),   fc_str_of(row->verdict),
            fc_str_of(row->result),
        };
    }
    range->owners = owners;
    range->owner_count = count;
}

/* Everything there is: the simulated shop is small. What loads too much hides no mistake here, the
 * real load is shown against PostgreSQL. */
static void load_rows(const struct sim_db *db, struct shop *shop)
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
    for (int32_t i = 0; i < db->order_count; i++) {
        const struct order *there = &db->orders[i];
        struct order *order = shop_put_order(shop, &there->terms.order_id);

        *order = *there;
        order->items = shop_take(shop, there->item_count, sizeof(*order->items));
        memcpy(order->items, there->items, (size_t)there->item_count * sizeof(*order->items));
    }
}

static enum fc_rc session_load(void *arg, struct command_range *range, bool locked,
                               struct fc_err *ret_err)
{
    struct sim_session *session = arg;

    (void)locked;
    (void)ret_err;
    recall(session->db, range);
    recall_keys(session->db, range);
    shop_init(&session->shop, range->arena, SIM_COUPONS_MAX + range->slot_count * 4);
    load_rows(session->db, &session->shop);
    return FC_OK;
}

static void session_decide(void *arg, const struct command_range *range, struct command_slot *slot)
{
    struct sim_session *session = arg;

    shop_job_decide(&session->shop, &session->policy, range->now, slot);
}

static enum fc_rc session_store(void *arg, struct command_range *range, struct fc_err *ret_err)
{
    struct sim_session *session = arg;
    enum sim_fate fate = session->fate(session->fate_arg);

    if (fate == SIM_LOST_BEFORE)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "store", "lost before the commit");
    if (fate == SIM_CONFLICTS || !sim_commit(session->db, &session->shop, range))
        return fc_err_set(ret_err, FC_CURE_RETRY, "store", "somebody else's change");
    if (fate == SIM_LOST_AFTER)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "store", "lost after the commit");
    return FC_OK;
}

static enum fc_rc session_attempt(void *arg, const struct fc_uuid *command_id,
                                  int32_t *ret_attempts, struct fc_err *ret_err)
{
    (void)arg;
    (void)command_id;
    (void)ret_err;
    /* No simulated command kills: an innocent must never be parked. */
    *ret_attempts = 1;
    return FC_OK;
}

static enum fc_rc session_forgive(void *arg, const struct fc_uuid *command_id,
                                  struct fc_err *ret_err)
{
    (void)arg;
    (void)command_id;
    (void)ret_err;
    return FC_OK;
}

struct command_store sim_session_store(struct sim_session *session)
{
    return (struct command_store){session,       session_load,    session_decide,
                                  session_store, session_attempt, session_forgive};
}
