#include "skeleton/journal.h"

#include "base/assert.h"
#include "base/index.h"
#include "host/fault.h"
#include "skeleton/facts.h"
#include "skeleton/record.h"
#include "skeleton/settle.h"
#include "sql/queries.h"

static int32_t send_recall(struct exchange *exchange, const struct command_range *range)
{
    struct db_params params;

    db_params_init(&params, exchange->arena);
    db_array_begin(&params, DB_UUID);
    for (int32_t i = 0; i < range->slot_count; i++)
        db_array_uuid(&params, &range->slots[i].asked->command.id);
    db_array_end(&params);
    return exchange_send(exchange, &sql_journal_recall, &params);
}

static bool asks_for_key(const struct command_slot *slot)
{
    return slot->asked->idempotency_key.len > 0 && slot_key_scope(slot) != 0;
}

static bool range_asks_for_keys(const struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++)
        if (asks_for_key(&range->slots[i]))
            return true;
    return false;
}

/* The place of the answer; -1: nobody asks for a key. */
static int32_t send_recall_keys(struct exchange *exchange, const struct command_range *range)
{
    struct db_params params;

    if (!range_asks_for_keys(range))
        return -1;
    db_params_init(&params, exchange->arena);
    db_array_begin(&params, DB_I64);
    for (int32_t i = 0; i < range->slot_count; i++)
        if (asks_for_key(&range->slots[i]))
            db_array_i64(&params, slot_key_scope(&range->slots[i]));
    db_array_end(&params);
    db_array_begin(&params, DB_TEXT);
    for (int32_t i = 0; i < range->slot_count; i++)
        if (asks_for_key(&range->slots[i]))
            db_array_text(&params, range->slots[i].asked->idempotency_key);
    db_array_end(&params);
    db_array_begin(&params, DB_I32);
    for (int32_t i = 0; i < range->slot_count; i++)
        if (asks_for_key(&range->slots[i]))
            db_array_i32(&params, (int32_t)range->slots[i].asked->body.len);
    db_array_end(&params);
    return exchange_send(exchange, &sql_journal_recall_keys, &params);
}

/* A row's text, kept for as long as the batch. */
static struct fc_str keep(struct fc_arena *arena, struct fc_str text)
{
    struct fc_str copy;

    if (!fc_arena_copy(arena, text, &copy))
        FC_UNREACHABLE("the gather leaves room for what is recalled");
    return copy;
}

static void take_recalled(const struct command_range *range, const struct db_rows *rows)
{
    struct fc_index by_id;

    if (!fc_index_init(&by_id, range->arena, db_rows_count(rows)))
        FC_UNREACHABLE("the gather leaves room for an index");
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        struct fc_uuid id = db_uuid(rows, row, 0);

        fc_index_add(&by_id, fc_hash_uuid(&id), row);
    }
    for (int32_t i = 0; i < range->slot_count; i++) {
        struct command_slot *slot = &range->slots[i];
        const struct fc_uuid *id = &slot->asked->command.id;
        uint32_t cursor = 0;
        int32_t row;

        while ((row = fc_index_next(&by_id, fc_hash_uuid(id), &cursor)) != FC_INDEX_NONE) {
            struct fc_uuid found = db_uuid(rows, row, 0);

            if (!fc_uuid_eq(&found, id))
                continue;
            slot->state = SLOT_RECALLED;
            slot->decided_at = db_instant(rows, row, 2);
            slot->verdict = keep(range->arena, db_text(rows, row, 3));
            slot->result = keep(range->arena, db_text(rows, row, 4));
            slot->events = keep(range->arena, db_text(rows, row, 5));
            slot->traceparent = keep(range->arena, db_text(rows, row, 6));
            slot->is_replay = !db_is_null(rows, row, 7);
            slot->replay_of = db_uuid(rows, row, 7);
        }
    }
}

static void take_owners(struct command_range *range, const struct db_rows *rows)
{
    struct key_owner *owners =
        fc_arena_take(range->arena, (size_t)db_rows_count(rows), sizeof(*owners));

    FC_ASSERT(owners != NULL);
    for (int32_t row = 0; row < db_rows_count(rows); row++)
        owners[row] = (struct key_owner){
            db_i64(rows, row, 0),
            keep(range->arena, db_text(rows, row, 1)),
            db_uuid(rows, row, 2),
            keep(range->arena, db_text(rows, row, 3)),
            keep(range->arena, db_text(rows, row, 4)),
            keep(range->arena, db_text(rows, row, 5)),
            keep(range->arena, db_text(rows, row, 6)),
        };
    range->owners = owners;
    range->owner_count = db_rows_count(rows);
}

static enum fc_rc journal_load(void *arg, struct command_range *range, bool locked,
                               struct fc_err *ret_err)
{
    struct journal *journal = arg;
    struct exchange exchange = {journal->db, range->arena, 0};

    if (!range->begun)
        (void)exchange_send(&exchange, &sql_transaction_begin, NULL);
    if (locked)
        journal->rows.send_locks(journal->rows.arg, range, &exchange);
    /* Behind the locks: what another session decided of the same keys is seen then. */
    int32_t recall_at = range->ask ? send_recall(&exchange, range) : -1;
    int32_t keys_at = range->ask ? send_recall_keys(&exchange, range) : -1;

    journal->rows.send_load(journal->rows.arg, range, &exchange);
    FC_CRASH_WHEN_SENT(LOAD_SENT);
    if (db_exchange(journal->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(LOAD_AFTER);
    if (recall_at >= 0)
        take_recalled(range, db_rows(journal->db, recall_at));
    if (keys_at >= 0)
        take_owners(range, db_rows(journal->db, keys_at));
    return journal->rows.take_load(journal->rows.arg, range, journal->db, ret_err);
}

static void journal_decide(void *arg, const struct command_range *range, struct command_slot *slot)
{
    struct journal *journal = arg;

    journal->rows.decide(journal->rows.arg, range, slot);
}

static enum fc_rc journal_store_range(void *arg, struct command_range *range,
                                      struct fc_err *ret_err)
{
    struct journal *journal = arg;
    struct exchange exchange = {journal->db, range->arena, 0};

    /* First of all: where a repeat was not asked for, this is what fails. */
    record_slots(&exchange, range);
    struct parked_list parked = record_parked(&exchange, range, journal->family, journal->worker);

    /* What is parked keeps its history, and does not get another try when it comes again. */
    if (range->careful && range->slots[0].state != SLOT_PARKED)
        record_attempt_clear(&exchange, &range->slots[0].asked->command.id);
    journal->rows.send_store(journal->rows.arg, range, &exchange);
    (void)exchange_send(&exchange, &sql_transaction_commit, NULL);
    FC_CRASH_POINT(COMMIT_BEFORE);
    FC_CRASH_WHEN_SENT(COMMIT_SENT);
    if (db_exchange(journal->db, ret_err) == FC_FAIL) {
        range->repeated =
            !range->ask && db_err_is(ret_err, "23505") && db_err_of(ret_err, &sql_journal_record);
        return FC_FAIL;
    }
    facts_log_parked(parked.rows, parked.count);
    facts_log_slots(range);
    return FC_OK;
}

static enum fc_rc journal_attempt(void *arg, const struct fc_uuid *command_id,
                                  int32_t *ret_attempts, struct fc_err *ret_err)
{
    struct journal *journal = arg;
    struct fc_arena arena;
    struct db_params params;
    _Alignas(16) char block[1024];

    fc_arena_init(&arena, block, sizeof(block));
    db_params_init(&params, &arena);
    db_param_uuid(&params, command_id);
    db_param_text(&params, fc_str_of(journal->worker));
    db_send(journal->db, &sql_park_attempt, &params);
    if (db_exchange(journal->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    *ret_attempts = (int32_t)db_i64(db_rows(journal->db, 0), 0, 0);
    return FC_OK;
}

static enum fc_rc journal_forgive(void *arg, const struct fc_uuid *command_id,
                                  struct fc_err *ret_err)
{
    struct journal *journal = arg;
    struct fc_arena arena;
    struct db_params params;
    _Alignas(16) char block[64];

    fc_arena_init(&arena, block, sizeof(block));
    db_params_init(&params, &arena);
    db_param_uuid(&params, command_id);
    db_send(journal->db, &sql_park_attempt_forgive, &params);
    return db_exchange(journal->db, ret_err);
}

struct command_store journal_store(struct journal *journal)
{
    return (struct command_store){journal,         journal_load,
                                  journal_decide,  journal_store_range,
                                  journal_attempt, journal_forgive};
}
