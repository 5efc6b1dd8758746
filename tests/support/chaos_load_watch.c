#include "support/chaos_load.h"

#include "base/assert.h"

#include <json-c/json_object.h>
#include <stdio.h>
#include <string.h>

#define LOOK_MS_MIN 50
#define LOOK_MS_MAX 5000
/* A verdict that is told stays what it is: of a hundred, so many are looked at once more. */
#define LOOK_AGAIN_PERCENT 5
#define LOOK_AGAIN_MS 10000
#define WAIT_S_MAX 10
#define PARKED "parked"

static int32_t slot_of(const struct chaos_watch *watch)
{
    return (int32_t)(watch - chaos_load.watches);
}

static void due_in(const struct chaos_watch *watch, int64_t ms)
{
    chaos_due_set(&chaos_load.watch_due, slot_of(watch), chaos_now_us() + ms * 1000);
}

void chaos_watch_begin(const struct chaos_op *op, const struct chaos_lane *lane,
                       const struct fc_uuid *id)
{
    struct chaos_choice *choice = &chaos_load.choice;
    struct chaos_watch *watch = &chaos_load.watches[chaos_free_take(&chaos_load.free_watches)];

    *watch = (struct chaos_watch){.used = true,
                                  .attempt = lane->attempt,
                                  .number = op->number,
                                  .sent_us = lane->sent_us,
                                  .id = *id,
                                  .wish = op->wish};
    fc_backoff_init_between(&watch->backoff, LOOK_MS_MIN, LOOK_MS_MAX,
                            (uint64_t)chance_below(&choice->chance, INT64_C(1) << 50));
    due_in(watch, fc_backoff_next_ms(&watch->backoff));
    cli_histogram_add(&chaos_load.tally.answer_us, chaos_now_us() - lane->sent_us);
}

static void watch_end(struct chaos_watch *watch)
{
    watch->used = false;
    chaos_free_give(&chaos_load.free_watches, slot_of(watch));
}

void chaos_watch_due(int32_t slot)
{
    struct chance *chance = &chaos_load.choice.chance;
    struct chaos_watch *watch = &chaos_load.watches[slot];
    int32_t lane = chaos_http_free_lane();
    struct call call = {.method = "GET",
                        .user_id = watch->wish.user_id,
                        .admin = chaos_is_admins(watch->wish.kind)};
    struct fc_buf path = fc_buf_of(call.path, sizeof(call.path) - 1);

    FC_ASSERT(watch->used && !watch->flying && lane >= 0);
    fc_buf_put_text(&path, "/v1/commands/");
    fc_uuid_put(&path, &watch->id);
    if (!watch->decided && chance_one_in(chance, 2))
        call.wait_s = (int32_t)chance_below(chance, WAIT_S_MAX) + 1;
    watch->flying = true;
    chaos_load.polls_flying++;
    chaos_load.tally.polls++;
    chaos_load.lanes[lane] = (struct chaos_lane){.flying = true, .is_poll = true, .slot = slot};
    chaos_http_send(lane, &call, (int32_t)chance_below(chance, chaos_http_url_count()));
}

/* --- verdicts --------------------------------------------------------------------------------- */

/* Later wishes may name what came of this one. */
static void learn(const struct chaos_decided *decided)
{
    struct chaos_choice *choice = &chaos_load.choice;
    const struct chaos_wish *wish = decided->wish;
    struct chaos_kept kept = {.user_id = wish->user_id, .key = wish->key};

    if (strcmp(decided->code, "coupon_sold_out") == 0)
        chaos_template_is_sold_out(choice, wish->subject_id);
    if (!decided->succeeded || decided->replayed)
        return;
    if (wish->kind == CHAOS_COUPON) {
        kept.id = told_uuid(decided->body, "coupon_id");
        chaos_keep(choice, &choice->coupons, &kept);
    } else if (wish->kind == CHAOS_ORDER) {
        kept.id = told_uuid(decided->body, "order_id");
        chaos_keep(choice, &choice->orders, &kept);
    }
}

static void write_verdict(const struct chaos_decided *decided)
{
    const char *body = json_object_to_json_string_ext(
        decided->body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    struct history_line line = {.what = HISTORY_VERDICT,
                                .t_us = chaos_now_us(),
                                .op = decided->number,
                                .attempt = decided->attempt,
                                .has_id = true,
                                .id = decided->id,
                                .succeeded = decided->succeeded,
                                .body = fc_str_of(body)};

    (void)fc_str_copy(fc_str_of(decided->code), line.code, sizeof(line.code));
    chaos_write(&line);
}

void chaos_decided_fill(struct chaos_decided *decided, const struct told *told,
                        struct json_object *problem)
{
    decided->succeeded = strcmp(told->state, "succeeded") == 0;
    decided->replayed = decided->replayed || !fc_uuid_is_zero(&told->replay_of);
    decided->code = strcmp(told->state, PARKED) == 0 ? PARKED : told->code;
    decided->body = decided->succeeded ? told->result : problem;
}

void chaos_decide(const struct chaos_decided *decided)
{
    struct chaos_tally *tally = &chaos_load.tally;

    write_verdict(decided);
    cli_histogram_add(&tally->verdict_us, chaos_now_us() - decided->sent_us);
    tally->succeeded += decided->succeeded;
    tally->refused += !decided->succeeded;
    if (!decided->succeeded)
        chaos_codes_add(&tally->refusals, decided->code);
    learn(decided);
}

/* Told once more: it has to be what it was. */
static void compare(const struct chaos_watch *watch, const struct chaos_decided *again)
{
    bool is_same = again->succeeded == watch->succeeded && strcmp(again->code, watch->code) == 0;

    /* What was set aside may be put back. */
    if (is_same || strcmp(watch->code, PARKED) == 0)
        return;
    chaos_load.tally.changed++;
    write_verdict(again);
}

static void take_verdict(struct chaos_watch *watch, const struct chaos_decided *decided)
{
    if (watch->decided) {
        compare(watch, decided);
        watch_end(watch);
        return;
    }
    chaos_decide(decided);
    watch->decided = true;
    watch->succeeded = decided->succeeded;
    (void)fc_str_copy(fc_str_of(decided->code), watch->code, sizeof(watch->code));
    bool again = chance_below(&chaos_load.choice.chance, 100) < LOOK_AGAIN_PERCENT;

    if (again && !chaos_load.draining)
        due_in(watch, chance_below(&chaos_load.choice.chance, LOOK_AGAIN_MS));
    else
        watch_end(watch);
}

void chaos_watch_answered(const struct chaos_lane *lane, const struct chaos_answer *answer)
{
    struct chaos_watch *watch = &chaos_load.watches[lane->slot];
    bool is_told = !answer->lost && answer->status == 200;
    struct json_object *root = is_told ? told_parse(answer->body) : NULL;
    struct told told;

    FC_ASSERT(watch->used && watch->flying);
    watch->flying = false;
    chaos_load.polls_flying--;
    chaos_load.tally.denied += !answer->lost && answer->status >= 400 && answer->status < 500;
    if (told_read(root, &told) && strcmp(told.state, "accepted") != 0) {
        struct chaos_decided decided = {.wish = &watch->wish,
                                        .number = watch->number,
                                        .attempt = watch->attempt,
                                        .sent_us = watch->sent_us,
                                        .id = watch->id,
                                        .replayed = answer->replayed};

        chaos_decided_fill(&decided, &told, told_member(root, "problem"));
        take_verdict(watch, &decided);
    } else {
        due_in(watch, fc_backoff_next_ms(&watch->backoff));
    }
    (void)json_object_put(root);
}

void chaos_watch_drain(void)
{
    for (int32_t i = 0; i < CHAOS_WATCHES_MAX; i++) {
        struct chaos_watch *watch = &chaos_load.watches[i];

        if (!watch->used || !watch->decided || watch->flying)
            continue;
        chaos_due_clear(&chaos_load.watch_due, i);
        watch_end(watch);
    }
}
