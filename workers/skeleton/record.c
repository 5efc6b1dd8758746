#include "skeleton/record.h"

#include "base/assert.h"
#include "skeleton/settle.h"
#include "sql/queries.h"

/* The slots that get a row. */
struct decided {
    const struct command_slot **slots;
    int32_t count;
};

static struct decided list_decided(const struct command_range *range)
{
    struct decided decided = {
        fc_arena_take(range->arena, (size_t)range->slot_count, sizeof(*decided.slots)), 0};

    FC_ASSERT(decided.slots != NULL);
    for (int32_t i = 0; i < range->slot_count; i++)
        if (range->slots[i].state == SLOT_DECIDED)
            decided.slots[decided.count++] = &range->slots[i];
    return decided;
}

/* One column over the decided slots: `slot` is in scope of `put`. NULLs alone are not sent. */
#define COLUMN(type, put)                                          \
    do {                                                           \
        db_array_begin(params, type);                              \
        for (int32_t row = 0; row < decided->count; row++) {       \
            const struct command_slot *slot = decided->slots[row]; \
            put;                                                   \
        }                                                          \
        db_array_end_sparse(params);                               \
    } while (0)

static void put_id(struct db_params *params, int64_t id)
{
    if (id == 0)
        db_array_null(params);
    else
        db_array_i64(params, id);
}

static void put_text(struct db_params *params, struct fc_str text)
{
    if (text.len == 0)
        db_array_null(params);
    else
        db_array_text(params, text);
}

static void put_replay_of(struct db_params *params, const struct command_slot *slot)
{
    if (slot->is_replay)
        db_array_uuid(params, &slot->replay_of);
    else
        db_array_null(params);
}

static void put_order_id(struct db_params *params, const struct command_slot *slot)
{
    const struct fc_uuid *order_id = command_order_id(&slot->asked->command);

    if (order_id != NULL)
        db_array_uuid(params, order_id);
    else
        db_array_null(params);
}

/* What was not decided on the shop's rows is known by its body alone. */
static int64_t user_of(const struct command_slot *slot)
{
    return slot->user_id != 0 ? slot->user_id : command_user_id(&slot->asked->command);
}

static struct fc_str type_name(const struct command_slot *slot)
{
    return fc_str_of(wire_command_type_name(slot->asked->command.type));
}

static struct fc_str owned_key(const struct command_slot *slot)
{
    return slot->owns_key ? slot->asked->idempotency_key : FC_STR_NONE;
}

void record_slots(struct exchange *exchange, const struct command_range *range)
{
    struct db_params statement;
    struct db_params *params = &statement;
    struct decided list = list_decided(range);
    const struct decided *decided = &list;

    if (decided->count == 0)
        return;
    db_params_init(params, exchange->arena);
    COLUMN(DB_UUID, db_array_uuid(params, &slot->asked->command.id));
    COLUMN(DB_TEXT, db_array_text(params, type_name(slot)));
    COLUMN(DB_I16, db_array_i16(params, (int16_t)slot->partition));
    COLUMN(DB_TEXT, db_array_text(params, slot->asked->key));
    COLUMN(DB_I64, put_id(params, slot_key_scope(slot)));
    COLUMN(DB_I64, put_id(params, user_of(slot)));
    COLUMN(DB_TEXT, put_text(params, owned_key(slot)));
    COLUMN(DB_INSTANT, db_array_instant(params, slot->asked->command.accepted_at));
    db_param_instant(params, range->now);
    COLUMN(DB_TEXT, put_text(params, slot->verdict));
    COLUMN(DB_TEXT, db_array_text(params, slot->asked->body));
    COLUMN(DB_TEXT, db_array_text(params, slot->result));
    COLUMN(DB_TEXT, put_text(params, slot->events));
    COLUMN(DB_TEXT, put_text(params, slot->traceparent));
    COLUMN(DB_UUID, put_replay_of(params, slot));
    COLUMN(DB_UUID, put_order_id(params, slot));
    (void)exchange_send(exchange, &sql_journal_record, params);
}

static struct fc_str queue_name(struct fc_arena *arena, const char *family, int32_t partition)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct fc_str name;

    fc_buf_put_fmt(&buf, "%s.%d", family, (int)partition);
    if (!fc_arena_buf_end(arena, &buf, &name))
        FC_UNREACHABLE("the gather leaves room for names");
    return name;
}

static struct fc_str command_bytes(struct fc_arena *arena, const struct command_slot *slot)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct fc_str bytes;

    wire_command_put(&buf, slot->asked);
    if (!fc_arena_buf_end(arena, &buf, &bytes))
        FC_UNREACHABLE("the gather leaves room for one command");
    return bytes;
}

static int32_t list_parked(const struct command_range *range, const char *family,
                           struct parked_row *rows)
{
    int32_t count = 0;

    for (int32_t i = 0; i < range->reject_count; i++) {
        const struct command_reject *put = &range->rejects[i];

        rows[count++] = (struct parked_row){
            .queue = queue_name(range->arena, family, put->partition),
            .id = put->reject->has_id ? &put->reject->id : NULL,
            .reason = put->reject->reason,
            .bytes = put->reject->bytes,
            .delivery_count = put->delivery_count,
        };
    }
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command_slot *slot = &range->slots[i];

        if (slot->state != SLOT_PARKED)
            continue;
        rows[count++] = (struct parked_row){
            .queue = queue_name(range->arena, family, slot->partition),
            .id = &slot->asked->command.id,
            .reason = slot->parked_why,
            .bytes = command_bytes(range->arena, slot),
        };
    }
    return count;
}

void record_parked_rows(struct exchange *exchange, const struct parked_row *rows, int32_t count,
                        const char *worker)
{
    struct db_params params;

    if (count == 0)
        return;
    db_params_init(&params, exchange->arena);
    db_array_begin(&params, DB_TEXT);
    for (int32_t i = 0; i < count; i++)
        db_array_text(&params, rows[i].queue);
    db_array_end(&params);
    db_array_begin(&params, DB_UUID);
    for (int32_t i = 0; i < count; i++) {
        if (rows[i].id != NULL)
            db_array_uuid(&params, rows[i].id);
        else
            db_array_null(&params);
    }
    db_array_end(&params);
    db_array_begin(&params, DB_TEXT);
    for (int32_t i = 0; i < count; i++)
        db_array_text(&params, rows[i].reason);
    db_array_end(&params);
    db_array_begin(&params, DB_BYTES);
    for (int32_t i = 0; i < count; i++)
        db_array_bytes(&params, rows[i].bytes);
    db_array_end(&params);
    db_array_begin(&params, DB_I64);
    for (int32_t i = 0; i < count; i++)
        db_array_i64(&params, rows[i].delivery_count);
    db_array_end(&params);
    db_param_text(&params, fc_str_of(worker));
    (void)exchange_send(exchange, &sql_park_insert, &params);
}

struct parked_list record_parked(struct exchange *exchange, const struct command_range *range,
                                 const char *family, const char *worker)
{
    struct parked_row *rows = fc_arena_take(
        exchange->arena, (size_t)range->reject_count + (size_t)range->slot_count, sizeof(*rows));

    FC_ASSERT(rows != NULL);
    struct parked_list list = {rows, list_parked(range, family, rows)};

    record_parked_rows(exchange, list.rows, list.count, worker);
    return list;
}

void record_attempt_clear(struct exchange *exchange, const struct fc_uuid *command_id)
{
    struct db_params params;

    db_params_init(&params, exchange->arena);
    db_param_uuid(&params, command_id);
    (void)exchange_send(exchange, &sql_park_attempt_clear, &params);
}
