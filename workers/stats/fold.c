#include "stats/fold.h"

#include "base/assert.h"
#include "sql/queries.h"

/* What a line does to the counters of gross sales; that of a cancellation counts beside them. */
enum sign { SIGN_NO_LONGER = -1, SIGN_CANCELLED = 0, SIGN_SOLD = 1 };

/* The lines of one event that count alike. */
struct lines {
    int32_t event; /* its place in the part, from 1 */
    enum sign sign;
    const struct sold_line *first;
    int32_t count;
};

struct lines_list {
    struct lines *items;
    int32_t count;
};

static void lines_add(struct lines_list *list, int32_t event, enum sign sign,
                      const struct sold_line *first, int32_t count)
{
    list->items[list->count++] = (struct lines){event, sign, first, count};
}

static struct lines_list list_lines(struct fc_arena *arena, const struct fold_part *part)
{
    struct lines_list list = {fc_arena_take(arena, 2 * (size_t)part->count, sizeof(*list.items)),
                              0};

    FC_ASSERT(list.items != NULL);
    for (int32_t i = 0; i < part->count; i++) {
        const struct wire_order_event *event = part->events[i];

        switch (event->kind) {
        case WIRE_SALE_PAID:
            lines_add(&list, i + 1, SIGN_SOLD, event->lines, event->line_count);
            continue;
        case WIRE_SALE_CANCELLED:
            lines_add(&list, i + 1, SIGN_CANCELLED, event->lines, event->line_count);
            continue;
        case WIRE_SALE_CHANGED:
            lines_add(&list, i + 1, SIGN_SOLD, event->lines, event->line_count);
            lines_add(&list, i + 1, SIGN_NO_LONGER, event->previous, event->previous_count);
            continue;
        case WIRE_SALE_DAY_CLOSED:
            break;
        }
        FC_UNREACHABLE("a closing is no sale");
    }
    return list;
}

/* One array over the events of a part: `event` is in scope of `put`. */
#define EVENT_COLUMN(params, type, part, put)                         \
    do {                                                              \
        db_array_begin(params, type);                                 \
        for (int32_t i = 0; i < (part)->count; i++) {                 \
            const struct wire_order_event *event = (part)->events[i]; \
            put;                                                      \
        }                                                             \
        db_array_end(params);                                         \
    } while (0)

/* One array over all lines of a list: `lines` and `line` are in scope of `put`. */
#define LINE_COLUMN(params, type, list, put)                                                      \
    do {                                                                                          \
        db_array_begin(params, type);                                                             \
        for (const struct lines *lines = (list)->items; lines < (list)->items + (list)->count;    \
             lines++)                                                                             \
            for (const struct sold_line *line = lines->first; line < lines->first + lines->count; \
                 line++)                                                                          \
                put;                                                                              \
        db_array_end(params);                                                                     \
    } while (0)

static int64_t revenue(const struct sold_line *line)
{
    struct krw amount;

    if (!krw_times(line->unit_price, line->quantity, &amount))
        FC_UNREACHABLE("a line's bounds keep its amount in 64 bits");
    return amount.won;
}

void fold_sales(struct db *db, struct fc_arena *arena, const struct fold_part *part)
{
    struct lines_list list = list_lines(arena, part);
    struct db_params params;

    FC_ASSERT(part->count > 0);
    db_params_init(&params, arena);
    EVENT_COLUMN(&params, DB_UUID, part, db_array_uuid(&params, &event->event_id));
    EVENT_COLUMN(&params, DB_DAY, part, db_array_day(&params, event->day));
    LINE_COLUMN(&params, DB_I32, &list, db_array_i32(&params, lines->event));
    LINE_COLUMN(&params, DB_I16, &list, db_array_i16(&params, (int16_t)lines->sign));
    LINE_COLUMN(&params, DB_I64, &list, db_array_i64(&params, line->product_id));
    LINE_COLUMN(&params, DB_I64, &list, db_array_i64(&params, line->option_id));
    LINE_COLUMN(&params, DB_TEXT, &list, db_array_text(&params, line->category));
    LINE_COLUMN(&params, DB_I64, &list, db_array_i64(&params, line->quantity));
    LINE_COLUMN(&params, DB_I64, &list, db_array_i64(&params, revenue(line)));
    db_send(db, &sql_stats_count, &params);
}

static void send_closings(struct db *db, struct fc_arena *arena, const struct fold_part *part,
                          const struct sql_query *query)
{
    struct db_params params;

    FC_ASSERT(part->count > 0);
    db_params_init(&params, arena);
    EVENT_COLUMN(&params, DB_UUID, part, db_array_uuid(&params, &event->event_id));
    EVENT_COLUMN(&params, DB_DAY, part, db_array_day(&params, event->day));
    EVENT_COLUMN(&params, DB_INSTANT, part, db_array_instant(&params, event->at));
    db_send(db, query, &params);
}

void fold_closings(struct db *db, struct fc_arena *arena, const struct fold_part *part)
{
    send_closings(db, arena, part, &sql_stats_close);
}

void fold_old_closings(struct db *db, struct fc_arena *arena, const struct fold_part *part)
{
    send_closings(db, arena, part, &sql_rebuild_closings);
}
