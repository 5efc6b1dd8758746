#include "shop/shop_job.h"

#include "base/assert.h"
#include "shop/shop_store.h"
#include "wire/event.h"

void shop_job_init(struct shop_job *job)
{
    *job = (struct shop_job){0};
    shop_policy_init(&job->policy);
}

static void send_locks(void *arg, const struct command_range *range, struct exchange *exchange)
{
    struct shop_job *job = arg;

    shop_needs_collect(&job->needs, range->arena, range);
    shop_load_lock(&job->needs, exchange);
}

static void send_load(void *arg, const struct command_range *range, struct exchange *exchange)
{
    struct shop_job *job = arg;

    shop_needs_collect(&job->needs, range->arena, range);
    shop_policy_send(&job->policy, exchange);
    shop_load_send(&job->load, &job->needs, exchange);
}

static enum fc_rc take_load(void *arg, const struct command_range *range, const struct db *db,
                            struct fc_err *ret_err)
{
    struct shop_job *job = arg;
    /* Most commands bring one row of a kind into being; where one brings more, there grows room for
     * it. One more, as a batch may be of nothing but bytes that are no command. */
    int32_t born = range->slot_count + 1;

    shop_init(&job->shop, range->arena, shop_load_rows(&job->load, db) + born);
    shop_load_take(&job->load, db, &job->shop);
    return shop_policy_take(&job->policy, db, &job->shop, ret_err);
}

static void write_refusal(struct fc_arena *arena, const struct decision *decision,
                          struct command_slot *slot)
{
    const struct wire_problem *problem = wire_problem_of(decision->verdict);
    char sentence[256];
    struct fc_buf detail = fc_buf_of(sentence, sizeof(sentence));
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_problem_detail(&detail, decision->verdict, decision->culprit);
    wire_problem_put(&buf, problem, fc_buf_str(&detail), NULL);
    if (!fc_arena_buf_end(arena, &buf, &slot->result))
        FC_UNREACHABLE("the gather leaves room for verdicts");
    slot->verdict = fc_str_of(problem->code);
}

static void write_success(const struct shop *shop, const struct decision *decision,
                          struct command_slot *slot)
{
    struct fc_buf buf = fc_arena_buf_begin(shop->arena);

    wire_result_put(&buf, &slot->asked->command, decision, shop);
    if (!fc_arena_buf_end(shop->arena, &buf, &slot->result))
        FC_UNREACHABLE("the gather leaves room for results");
    buf = fc_arena_buf_begin(shop->arena);
    wire_events_put(&buf, decision->events, decision->event_count);
    if (!fc_arena_buf_end(shop->arena, &buf, &slot->events))
        FC_UNREACHABLE("the gather leaves room for events");
}

/* Orders and coupons bear the id of the command that brought them: a second one of that id cannot
 * be decided on a shop that has them. (Options do as well, and are put again under it.) */
static bool is_there(const struct shop *shop, const struct fc_uuid *command_id)
{
    return shop_find_order(shop, command_id) != NULL || shop_find_coupon(shop, command_id) != NULL;
}

void shop_job_decide(struct shop *shop, const struct policy *policy,
                     const struct command_range *range, struct command_slot *slot)
{
    struct decision decision;

    if (!range->ask && is_there(shop, &slot->asked->command.id)) {
        slot->doubtful = true;
        return;
    }
    slot->user_id = shop_user_id(shop, &slot->asked->command);
    shop_decide(shop, policy, &slot->asked->command, range->now, &decision);
    if (decision.verdict != VERDICT_SUCCEEDED) {
        write_refusal(shop->arena, &decision, slot);
        return;
    }
    for (int32_t i = 0; i < decision.event_count; i++)
        shop_apply(shop, &decision.events[i]);
    write_success(shop, &decision, slot);
}

static void decide(void *arg, const struct command_range *range, struct command_slot *slot)
{
    struct shop_job *job = arg;

    shop_job_decide(&job->shop, &job->policy.policy, range, slot);
    shop_policy_note(&job->policy, &job->shop);
}

static void send_store(void *arg, const struct command_range *range, struct exchange *exchange)
{
    struct shop_job *job = arg;

    shop_policy_store(&job->policy, range->now, exchange);
    shop_store_send(&job->shop, range->now, exchange);
}

struct job_rows shop_job_rows(struct shop_job *job)
{
    return (struct job_rows){job, send_locks, send_load, take_load, decide, send_store};
}
