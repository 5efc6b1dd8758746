#include "support/sim_session.h"

#include "base/assert.h"
#include "shop/shop_job.h"
#include "skeleton/settle.h"
#include "support/sim_commit.h"
#include "support/sim_fault.h"
#include "support/sim_world.h"

static struct sim_db *db_of(const struct sim_session *session)
{
    return &session->worker->world->db;
}

static enum fc_rc lost(const char *what, struct fc_err *ret_err)
{
    return fc_err_set(ret_err, FC_CURE_RECONNECT, what, "the session is gone");
}

static bool is_alive(const struct sim_session *session)
{
    return !session->broken && sim_session_is_alive(&db_of(session)->leases, session->id);
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
        slot->verdict = row->verdict;
        slot->result = row->result;
        slot->events = row->events;
        slot->is_replay = row->is_replay;
        slot->replay_of = row->replay_of;
    }
}

static bool is_asked(const struct command_range *range, const struct sim_row *row)
{
    for (int32_t i = 0; i < range->slot_count; i++)
        if (slot_key_scope(&range->slots[i]) == row->actor_id &&
            fc_str_eq(range->slots[i].asked->idempotency_key, row->idempotency_key))
            return true;
    return false;
}

static void recall_keys(const struct sim_db *db, struct command_range *range)
{
    struct key_owner *owners =
        fc_arena_take(range->arena, (size_t)db->journal_count, sizeof(*owners));
    int32_t count = 0;

    FC_ASSERT(owners != NULL);
    for (int32_t i = 0; i < db->journal_count; i++) {
        const struct sim_row *row = &db->journal[i];

        if (row->idempotency_key.len == 0 || !is_asked(range, row))
            continue;
        owners[count++] =
            (struct key_owner){row->actor_id, row->idempotency_key, row->command_id, row->type,
                               row->body,     row->verdict,         row->result};
    }
    range->owners = owners;
    range->owner_count = count;
}

static enum fc_rc session_load(void *arg, struct command_range *range, bool locked,
                               struct fc_err *ret_err)
{
    struct sim_session *session = arg;
    const struct sim_db *db = db_of(session);

    (void)locked;
    if (!sim_fault_at(session->worker, SIM_AT_LOAD) || !is_alive(session))
        return lost("load", ret_err);
    if (range->ask) {
        recall(db, range);
        recall_keys(db, range);
    }
    shop_init(&session->shop, range->arena,
              SIM_USERS + db->coupon_count + db->order_count + range->slot_count * 4);
    sim_db_load(db, &session->shop);
    return FC_OK;
}

/* Whoever decides poison dies; but it must have been taken for what it is. */
static void die_of_poison(struct sim_session *session, const struct command_range *range,
                          const struct fc_uuid *id)
{
    struct sim_worker *worker = session->worker;
    const struct batch *batch = &worker->cycle.batch;

    for (int32_t i = 0; i < batch->delivery_count && !range->careful; i++)
        if (batch->deliveries[i].delivery_count >= POISON_SUSPECT_DELIVERIES)
            sim_violate(worker->world, "a delivery that is suspect is not decided alone");
    if (range->careful && sim_db_is_parked(&worker->world->db, id))
        sim_violate(worker->world, "a command that is parked is tried again");
    worker->world->ingress.poison_deaths++;
    sim_count(worker->world, SIM_POISON_DEATHS);
    sim_trace(worker->world, "worker %d dies of poison", worker->at);
    longjmp(worker->grave, 1);
}

static void session_decide(void *arg, const struct command_range *range, struct command_slot *slot)
{
    struct sim_session *session = arg;

    if (sim_ingress_is_poison(&session->worker->world->ingress, &slot->asked->command.id))
        die_of_poison(session, range, &slot->asked->command.id);
    sim_fault_within(session->worker, SIM_AT_DECIDE);
    shop_job_decide(&session->shop, &session->policy, range, slot);
    if (slot->doubtful)
        sim_count(session->worker->world, SIM_DOUBTS);
}

/* The client has given up, and everybody knows but the server: it commits what it has got. */
static enum fc_rc commit_late(struct sim_session *session, sim_commit_fn *commit, void *arg,
                              struct fc_err *ret_err)
{
    struct sim_worker *worker = session->worker;
    struct sim_world *world = worker->world;

    sim_worker_cut_broker(worker);
    sim_world_go_on(world);
    if (is_alive(session) && commit(arg)) {
        sim_count(world, SIM_COMMITS_LATE);
        sim_trace(world, "worker %d: committed late", worker->at);
    }
    sim_session_end(&world->db.leases, session->id);
    return lost("commit", ret_err);
}

enum fc_rc sim_session_commit(struct sim_session *session, sim_commit_fn *commit, void *arg,
                              struct fc_err *ret_err)
{
    struct sim_worker *worker = session->worker;
    struct sim_world *world = worker->world;

    if (!sim_fault_at(worker, SIM_AT_STORE)) {
        sim_count(world, SIM_COMMITS_LOST_BEFORE);
        return lost("commit", ret_err);
    }
    if (!is_alive(session) && world->mistake != SIM_COMMITS_UNFENCED) {
        sim_count(world, SIM_COMMITS_FENCED);
        return lost("commit", ret_err);
    }
    if (sim_fault_now(worker) && sim_percent(world, 50) && world->depth < SIM_DEPTH_MAX)
        return commit_late(session, commit, arg, ret_err);
    if ((sim_fault_now(worker) && sim_percent(world, 50)) || !commit(arg)) {
        sim_count(world, SIM_CONFLICTS);
        return fc_err_set(ret_err, FC_CURE_RETRY, "store", "somebody else's change");
    }
    if (!sim_fault_at(worker, SIM_AT_STORED)) {
        sim_count(world, SIM_COMMITS_LOST_AFTER);
        return lost("commit", ret_err);
    }
    return FC_OK;
}

struct store {
    struct sim_session *session;
    struct command_range *range;
    bool repeated;
};

static bool commit_store(void *arg)
{
    struct store *store = arg;

    store->repeated = !sim_commit_journal_holds(&store->session->worker->world->db, store->range);
    return sim_commit(store->session->worker, &store->session->shop, store->range);
}

static enum fc_rc session_store(void *arg, struct command_range *range, struct fc_err *ret_err)
{
    struct sim_session *session = arg;
    struct store store = {session, range, false};

    if (sim_session_commit(session, commit_store, &store, ret_err) == FC_FAIL) {
        range->repeated = !range->ask && store.repeated && ret_err->cure == FC_CURE_RETRY;
        if (range->repeated)
            sim_count(session->worker->world, SIM_HOPES_LOST);
        return FC_FAIL;
    }
    if (!range->ask)
        sim_count(session->worker->world, SIM_HOPES_HELD);
    session->trying = false;
    return FC_OK;
}

static enum fc_rc session_attempt(void *arg, const struct fc_uuid *command_id,
                                  int32_t *ret_attempts, struct fc_err *ret_err)
{
    struct sim_session *session = arg;
    struct sim_world *world = session->worker->world;
    struct sim_attempt *attempt;

    if (!sim_fault_at(session->worker, SIM_AT_ATTEMPT) || !is_alive(session))
        return lost("attempt", ret_err);
    attempt = sim_db_attempt(&world->db, command_id);
    if (attempt == NULL) {
        FC_ASSERT(world->db.attempt_count < SIM_ATTEMPTS_MAX);
        attempt = &world->db.attempts[world->db.attempt_count++];
        *attempt = (struct sim_attempt){*command_id, 0};
    }
    *ret_attempts = ++attempt->attempts;
    sim_trace(world, "worker %d: attempt %d", session->worker->at, attempt->attempts);
    session->trying = true;
    session->tried = *command_id;
    if (!sim_ingress_is_poison(&world->ingress, command_id))
        sim_count(world, SIM_INNOCENTS_TRIED_ALONE);
    if (!sim_fault_at(session->worker, SIM_AT_ATTEMPTED))
        return lost("attempt", ret_err);
    return FC_OK;
}

static enum fc_rc session_forgive(void *arg, const struct fc_uuid *command_id,
                                  struct fc_err *ret_err)
{
    struct sim_session *session = arg;
    struct sim_world *world = session->worker->world;
    struct sim_attempt *attempt;

    /* The one loss that is not told on: the next who asks for something meets it again. */
    if (!sim_fault_at(session->worker, SIM_AT_FORGIVE))
        session->broken = true;
    if (!is_alive(session))
        return lost("forgive", ret_err);
    session->trying = false;
    attempt = sim_db_attempt(&world->db, command_id);
    if (attempt == NULL)
        return FC_OK;
    sim_count(world, SIM_FORGIVEN);
    sim_trace(world, "worker %d takes attempt %d back", session->worker->at, attempt->attempts);
    if (--attempt->attempts == 0)
        sim_db_attempt_clear(&world->db, command_id);
    return FC_OK;
}

struct command_store sim_session_store(struct sim_session *session)
{
    return (struct command_store){session,       session_load,    session_decide,
                                  session_store, session_attempt, session_forgive};
}
