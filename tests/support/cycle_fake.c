#include "support/cycle_fake.h"

#include "support/expect.h"

#include <string.h>

static _Alignas(16) char memory[8 * GATHER_BYTES_MAX];
struct fc_arena arena;
struct cycle_fake fake;
struct cycle cycle;
struct fc_instant now;

static enum fc_rc fake_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                            struct fc_err *ret_err)
{
    (void)arg;
    if (fake.next_fails)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "next", "gone");
    *ret_got = fake.left > 0;
    if (!*ret_got)
        return FC_OK;
    fake.left--;
    fake.tag++;
    *ret_delivery = (struct mq_delivery){
        .source = (int32_t)(fake.tag % 2), .tag = fake.tag, .delivery_count = fake.delivery_count};
    if (fake.tag == fake.suspect)
        ret_delivery->delivery_count = POISON_SUSPECT_DELIVERIES;
    return FC_OK;
}

static enum fc_rc fake_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    (void)arg;
    if (fake.ack_fails)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "ack", "gone");
    fc_buf_put_fmt(&fake.acked, "%d:%llu ", (int)source, (unsigned long long)tag);
    return FC_OK;
}

static void fake_begin(void *arg, struct batch *batch)
{
    (void)arg;
    assert_int_equal(batch->item_count, 0);
    assert_int_equal(batch->now.us, now.us);
    fake.begins++;
    fake.taken = 0;
}

static void fake_take(void *arg, struct batch *batch, const struct mq_delivery *delivery)
{
    (void)arg;
    (void)delivery;
    fake.taken++;
    batch->item_count += fake.items_each;
    if (fake.bytes_each > 0)
        assert_non_null(fc_arena_take(batch->arena, 1, fake.bytes_each));
}

static enum fc_rc trouble(enum fc_cure cure, struct fc_err *ret_err)
{
    return cure == FC_CURE_COUNT ? FC_OK : fc_err_set(ret_err, cure, "fake", "trouble");
}

static enum fc_rc fake_commit(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    (void)arg;
    (void)batch;
    fake.commits++;
    return trouble(fake.commit_trouble, ret_err);
}

static enum fc_rc fake_announce(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    (void)arg;
    fake.announces++;
    fake.sent++;
    if (!batch->sent_only)
        fake.confirmed = fake.sent;
    return trouble(fake.announce_trouble, ret_err);
}

static enum fc_rc fake_send(void *arg, uint64_t *ret_mark, struct fc_err *ret_err)
{
    (void)arg;
    *ret_mark = fake.sent;
    return trouble(fake.send_trouble, ret_err);
}

static enum fc_rc fake_look(void *arg, uint64_t *ret_mark, struct fc_err *ret_err)
{
    (void)arg;
    *ret_mark = fake.confirmed;
    return trouble(fake.confirm_trouble, ret_err);
}

static enum fc_rc fake_wait(void *arg, struct fc_err *ret_err)
{
    (void)arg;
    fake.waits++;
    fake.confirmed = fake.sent;
    return trouble(fake.confirm_trouble, ret_err);
}

int cycle_fake_setup(void **state)
{
    const struct queue_port queue = {NULL, fake_next, fake_ack};
    const struct job_port job = {NULL, fake_begin, fake_take, fake_commit, fake_announce};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    memset(&fake, 0, sizeof(fake));
    memset(&cycle, 0, sizeof(cycle));
    now.us = 1000;
    fake.items_each = 1;
    fake.commit_trouble = fake.announce_trouble = FC_CURE_COUNT;
    fake.send_trouble = fake.confirm_trouble = FC_CURE_COUNT;
    fake.acked = fc_buf_of(fake.acks, sizeof(fake.acks));
    cycle_init(&cycle, &queue, &job, &arena, 1);
    return 0;
}

int cycle_fake_setup_owing(void **state)
{
    (void)cycle_fake_setup(state);
    cycle.confirms = (struct confirm_port){NULL, fake_send, fake_look, fake_wait};
    return 0;
}

struct cycle_step step_ok(void)
{
    struct cycle_step step;
    struct fc_err err;

    assert_int_equal(cycle_do_step(&cycle, now, &step, &err), FC_OK);
    return step;
}

struct cycle_step step_trouble(enum fc_cure cure)
{
    struct cycle_step step;
    struct fc_err err;

    assert_int_equal(cycle_do_step(&cycle, now, &step, &err), FC_FAIL);
    assert_int_equal(err.cure, cure);
    return step;
}
