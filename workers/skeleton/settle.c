#include "skeleton/settle.h"

#include "base/assert.h"
#include "base/index.h"

/* Who owned each key before, and who came to own one in this range. */
struct key_table {
    struct fc_index index; /* hashed (actor, key): owners first, then slots behind them */
};

static uint64_t key_hash(int64_t actor_id, struct fc_str key)
{
    return fc_hash_pair(actor_id, (int64_t)fc_hash_str(key));
}

int64_t slot_key_scope(const struct command_slot *slot)
{
    const struct command *command = &slot->asked->command;

    return command->actor_id != 0 ? command->actor_id : command_user_id(command);
}

static void refuse(struct command_range *range, struct command_slot *slot, enum verdict verdict)
{
    const struct wire_problem *problem = wire_problem_of(verdict);
    char sentence[256];
    struct fc_buf detail = fc_buf_of(sentence, sizeof(sentence));
    struct fc_buf buf;

    wire_problem_detail(&detail, verdict, 0);
    buf = fc_arena_buf_begin(range->arena);
    wire_problem_put(&buf, problem, fc_buf_str(&detail), NULL);
    if (!fc_arena_buf_end(range->arena, &buf, &slot->result))
        FC_UNREACHABLE("the gather leaves room for verdicts");
    slot->verdict = fc_str_of(problem->code);
}

static bool same_request(struct fc_str type, struct fc_str body, const struct command_slot *slot)
{
    const char *name = wire_command_type_name(slot->asked->command.type);

    return fc_str_eq(type, fc_str_of(name)) && fc_str_eq(body, slot->asked->body);
}

/* The slot repeats a key: the first one's verdict, or a refusal when it asks for something else. */
static void repeat_of(struct command_range *range, struct command_slot *slot,
                      const struct key_owner *owner)
{
    if (!same_request(owner->type, owner->body, slot)) {
        refuse(range, slot, VERDICT_IDEMPOTENCY_KEY_REUSED);
        return;
    }
    slot->verdict = owner->verdict;
    slot->result = owner->result;
    slot->is_replay = true;
    slot->replay_of = owner->command_id;
}

/* The store lists an owner once for each time that its key is asked for, with its body for those
 * of its length. */
static bool find_owner(const struct command_range *range, const struct key_table *keys,
                       const struct command_slot *slot, struct key_owner *ret_owner)
{
    int64_t scope = slot_key_scope(slot);
    uint32_t cursor = 0;
    bool found = false;
    int32_t at;

    while ((at = fc_index_next(&keys->index, key_hash(scope, slot->asked->idempotency_key),
                               &cursor)) != FC_INDEX_NONE) {
        struct key_owner owner;

        if (at < range->owner_count) {
            owner = range->owners[at];
        } else {
            const struct command_slot *first = &range->slots[at - range->owner_count];

            owner = (struct key_owner){
                slot_key_scope(first),
                first->asked->idempotency_key,
                first->asked->command.id,
                fc_str_of(wire_command_type_name(first->asked->command.type)),
                first->asked->body,
                first->verdict,
                first->result,
            };
        }
        if (owner.actor_id != scope || !fc_str_eq(owner.key, slot->asked->idempotency_key))
            continue;
        *ret_owner = owner;
        found = true;
        if (owner.body.len == slot->asked->body.len)
            break;
    }
    return found;
}

static void settle_slot(struct command_job *job, struct command_range *range, int32_t at,
                        struct key_table *keys)
{
    struct command_slot *slot = &range->slots[at];
    bool has_key = slot->asked->idempotency_key.len > 0 && slot_key_scope(slot) != 0;
    struct key_owner owner;

    slot->state = SLOT_DECIDED;
    slot->decided_at = range->now;
    slot->traceparent = slot->asked->traceparent;
    /* It may be sent again by the right way: a misrouted command takes no key. */
    if (slot->misrouted) {
        refuse(range, slot, VERDICT_MISROUTED);
        return;
    }
    if (has_key && find_owner(range, keys, slot, &owner)) {
        repeat_of(range, slot, &owner);
        return;
    }
    job->store.decide(job->store.arg, range, slot);
    slot->owns_key =
        has_key && !fc_str_eq(slot->verdict, fc_str_of(wire_problem_of(VERDICT_MISROUTED)->code));
    /* Its row has no key that the index could refuse, but the key may have an owner. */
    if (has_key && !slot->owns_key && !range->ask)
        slot->doubtful = true;
    if (slot->owns_key)
        fc_index_add(&keys->index, key_hash(slot_key_scope(slot), slot->asked->idempotency_key),
                     range->owner_count + at);
}

bool settle_slots(struct command_job *job, struct command_range *range)
{
    struct fc_index by_id;
    struct key_table keys;

    if (!fc_index_init(&by_id, range->arena, range->slot_count) ||
        !fc_index_init(&keys.index, range->arena, range->owner_count + range->slot_count))
        FC_UNREACHABLE("the gather leaves room for two indexes");
    for (int32_t i = 0; i < range->owner_count; i++)
        fc_index_add(&keys.index, key_hash(range->owners[i].actor_id, range->owners[i].key), i);
    for (int32_t i = 0; i < range->slot_count; i++) {
        struct command_slot *slot = &range->slots[i];
        const struct fc_uuid *id = &slot->asked->command.id;
        uint32_t cursor = 0;
        int32_t first;

        while ((first = fc_index_next(&by_id, fc_hash_uuid(id), &cursor)) != FC_INDEX_NONE)
            if (fc_uuid_eq(&range->slots[first].asked->command.id, id))
                break;
        if (first != FC_INDEX_NONE) {
            slot->state = SLOT_SAME;
            slot->same_as = first;
            continue;
        }
        fc_index_add(&by_id, fc_hash_uuid(id), i);
        if (slot->state == SLOT_OPEN)
            settle_slot(job, range, i, &keys);
        FC_ASSERT(slot->state != SLOT_OPEN);
        if (slot->doubtful) {
            FC_ASSERT(!range->ask);
            return false;
        }
    }
    return true;
}
