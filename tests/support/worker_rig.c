#include "support/worker_rig.h"

#include "base/assert.h"
#include "skeleton/links.h"
#include "support/expect.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLD_BYTES (32U * 1024 * 1024)
#define STEPS_MAX 100000
#define COMMAND_BYTES (256 * 1024)

/* --- ports ------------------------------------------------------------------------------------ */

static enum fc_rc queue_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                             struct fc_err *ret_err)
{
    struct worker_rig *rig = arg;

    (void)ret_err;
    *ret_got = sim_queue_next(&rig->queue, rig->source, ret_delivery);
    return FC_OK;
}

static enum fc_rc queue_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    struct worker_rig *rig = arg;

    (void)ret_err;
    assert_int_equal(source, rig->source);
    sim_queue_ack(&rig->queue, tag);
    return FC_OK;
}

static enum fc_rc announce_put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    struct worker_rig *rig = arg;
    const struct fc_str parts[] = {
        message->exchange,
        message->routing_key,
        message->type,
        message->transient ? FC_STR("transient") : FC_STR("durable"),
    };

    (void)ret_err;
    for (size_t i = 0; i < FC_ARRAY_COUNT(parts); i++) {
        fc_buf_put(&rig->told, parts[i]);
        fc_buf_put_char(&rig->told, '|');
    }
    fc_buf_put(&rig->told, message->body);
    fc_buf_put_char(&rig->told, '\n');
    assert_false(rig->told.overflow);
    return FC_OK;
}

static enum fc_rc announce_wait(void *arg, struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    return FC_OK;
}

/* --- the store, with a door ------------------------------------------------------------------- */

static enum fc_rc rig_load(void *arg, struct command_range *range, bool locked,
                           struct fc_err *ret_err)
{
    struct worker_rig *rig = arg;

    return rig->store.load(rig->store.arg, range, locked, ret_err);
}

static void rig_decide(void *arg, const struct command_range *range, struct command_slot *slot)
{
    struct worker_rig *rig = arg;

    rig->store.decide(rig->store.arg, range, slot);
}

static bool has_poison(const struct worker_rig *rig, const struct command_range *range)
{
    char text[FC_UUID_TEXT_BYTES + 1];
    struct fc_uuid poison;

    (void)snprintf(text, sizeof(text), WORKER_ID_FMT, (unsigned)rig->poison);
    assert_true(fc_uuid_parse(fc_str_of(text), &poison));
    for (int32_t i = 0; i < range->slot_count; i++)
        if (range->slots[i].state == SLOT_DECIDED &&
            fc_uuid_eq(&range->slots[i].asked->command.id, &poison))
            return true;
    return false;
}

static enum fc_rc rig_store(void *arg, struct command_range *range, struct fc_err *ret_err)
{
    struct worker_rig *rig = arg;
    void (*step_in)(void *arg) = rig->step_in;

    rig->step_in = NULL;
    if (step_in != NULL)
        step_in(rig->step_in_arg);
    if (rig->lost_stores > 0) {
        rig->lost_stores--;
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "test", "lost before the store");
    }
    if (rig->poison != 0 && has_poison(rig, range))
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "test", "died of command %d", rig->poison);
    return rig->store.store(rig->store.arg, range, ret_err);
}

static enum fc_rc rig_attempt(void *arg, const struct fc_uuid *command_id, int32_t *ret_attempts,
                              struct fc_err *ret_err)
{
    struct worker_rig *rig = arg;

    return rig->store.attempt(rig->store.arg, command_id, ret_attempts, ret_err);
}

static enum fc_rc rig_forgive(void *arg, const struct fc_uuid *command_id, struct fc_err *ret_err)
{
    struct worker_rig *rig = arg;

    return rig->store.forgive(rig->store.arg, command_id, ret_err);
}

/* --- life ------------------------------------------------------------------------------------- */

static void rig_connect(struct worker_rig *rig)
{
    rig->db = testdb_open(LINKS_SESSION_OPTIONS);
    rig->journal.db = rig->db;
}

static void *rig_memory(size_t size)
{
    void *memory = aligned_alloc(4096, size); /* heap: at start */

    assert_non_null(memory);
    return memory;
}

void worker_rig_open(struct worker_rig *rig, enum wire_family family, const char *name)
{
    struct queue_port queue = {rig, queue_next, queue_ack};

    *rig = (struct worker_rig){.now = worker_instant(0)};
    rig->told = fc_buf_of(rig_memory(TOLD_BYTES), TOLD_BYTES);
    fc_arena_init(&rig->arena, rig_memory(BATCH_ARENA_BYTES), BATCH_ARENA_BYTES);
    shop_job_init(&rig->shop);
    rig->journal = (struct journal){
        .rows = shop_job_rows(&rig->shop),
        .family = wire_family_name(family),
        .worker = name,
    };
    rig->store = journal_store(&rig->journal);
    rig->job = (struct command_job){
        .store = {rig, rig_load, rig_decide, rig_store, rig_attempt, rig_forgive},
        .announcer = {rig, announce_put, announce_wait, announce_wait},
        .family = family,
        .partitions = 1,
    };
    struct job_port job = command_job_port(&rig->job);

    cycle_init(&rig->cycle, &queue, &job, &rig->arena, 1);
    rig_connect(rig);
}

void worker_rig_close(struct worker_rig *rig)
{
    db_close(rig->db);
    sim_queue_reset(&rig->queue);
    free(rig->told.ptr);
    free(rig->arena.ptr);
    *rig = (struct worker_rig){0};
}

void worker_rig_die(struct worker_rig *rig)
{
    rig->job.has_survived = false;
    worker_rig_reconnect(rig);
}

void worker_rig_reconnect(struct worker_rig *rig)
{
    db_close(rig->db);
    cycle_drop(&rig->cycle);
    sim_queue_return(&rig->queue);
    rig_connect(rig);
}

struct policy *worker_rig_policy(struct worker_rig *rig)
{
    return &rig->shop.policy.policy;
}

/* --- asking ----------------------------------------------------------------------------------- */

void worker_rig_publish(struct worker_rig *rig, const char *bytes)
{
    sim_queue_publish(&rig->queue, fc_str_of(bytes));
}

/* The command as JSON, but for its end. */
static char *put_command(int n, const char *type, const char *key, const char *accepted_at)
{
    static char texts[8][COMMAND_BYTES];
    static size_t next;
    char *text = texts[next++ % FC_ARRAY_COUNT(texts)];

    (void)snprintf(text, COMMAND_BYTES,
                   "{\"id\":\"" WORKER_ID_FMT "\",\"type\":\"%s\",\"key\":\"%s\","
                   "\"accepted_at\":\"%s\",\"body\":",
                   (unsigned)n, type, key, accepted_at);
    return text;
}

static const char *end_command(char *text, const char *body, const char *more)
{
    size_t begun = strlen(text);
    int len = snprintf(text + begun, COMMAND_BYTES - begun, "%s%s}", body, more);

    assert_in_range(len, 1, COMMAND_BYTES - begun - 1);
    return text;
}

const char *worker_rig_command(int n, const char *type, const char *key, const char *body,
                               const char *more)
{
    return end_command(put_command(n, type, key, WORKER_ACCEPTED_AT), body, more);
}

void worker_rig_ask(struct worker_rig *rig, int n, const char *type, const char *key,
                    const char *body, const char *more)
{
    const char *at = rig->accepted_at != NULL ? rig->accepted_at : WORKER_ACCEPTED_AT;

    worker_rig_publish(rig, end_command(put_command(n, type, key, at), body, more));
}

/* --- running ---------------------------------------------------------------------------------- */

static bool rig_step(struct worker_rig *rig)
{
    struct cycle_step step;

    return cycle_do_step(&rig->cycle, rig->now, &step, &rig->err) == FC_OK;
}

/* One step that may fail with RETRY only. */
static void rig_step_well(struct worker_rig *rig)
{
    if (rig_step(rig))
        return;
    if (rig->err.cure != FC_CURE_RETRY)
        fail_msg("%s: %s (%s)", rig->err.where, rig->err.text, rig->err.code);
    rig->retries++;
    assert_in_range(rig->retries, 1, STEPS_MAX);
}

void worker_rig_run_to(struct worker_rig *rig, enum cycle_phase phase)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        rig_step_well(rig);
        if (rig->cycle.phase == phase)
            return;
    }
    fail_msg("the cycle never comes to %s", cycle_phase_name(phase));
}

void worker_rig_run(struct worker_rig *rig)
{
    while (!sim_queue_is_empty(&rig->queue) || !cycle_is_between(&rig->cycle))
        rig_step_well(rig);
}

void worker_rig_run_into(struct worker_rig *rig, enum fc_cure cure)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        if (rig_step(rig))
            continue;
        if (rig->err.cure != cure)
            fail_msg("%s: %s (%s)", rig->err.where, rig->err.text, rig->err.code);
        return;
    }
    fail_msg("no step fails");
}

static void run_other(void *arg)
{
    worker_rig_run(arg);
}

void worker_rig_meet(struct worker_rig *rig, struct worker_rig *other)
{
    rig->step_in = run_other;
    rig->step_in_arg = other;
    worker_rig_run(rig);
    assert_null(rig->step_in);
    assert_int_equal(other->retries, 0);
}

void worker_rig_expect_conflict(const struct worker_rig *rig, const char *code)
{
    assert_int_equal(rig->retries, 1);
    assert_string_equal(rig->err.code, code);
    assert_int_equal(rig->job.stats.conflicts, 1);
}

struct fc_str worker_rig_told(struct worker_rig *rig)
{
    struct fc_str told = fc_buf_str(&rig->told);

    rig->told.len = 0;
    return told;
}
