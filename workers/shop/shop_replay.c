#include "shop/shop_replay.h"

#include "base/assert.h"
#include "core/decide.h"
#include "shop/replay_compare.h"
#include "shop/shop_load.h"
#include "sql/queries.h"
#include "wire/event.h"

/* Of the statements in sql/queries/replay. */
#define PAGE_IDS_MAX 500

/* Ids of one kind, ascending. */
struct page {
    int64_t number_ids[PAGE_IDS_MAX];
    struct fc_uuid uuid_ids[PAGE_IDS_MAX];
    struct id_list numbers;
    struct uuid_list uuids;
    int32_t count;
    int64_t last_number;
    struct fc_uuid last_uuid;
};

enum column { COLUMN_SEQ, COLUMN_EVENTS };

/* Events whose texts the state goes on to point at. */
static bool is_kept(struct fc_str type)
{
    static const enum event_type kept[] = {EVENT_PRODUCT_PUT,    EVENT_TEMPLATE_PUT,
                                           EVENT_POLICY_APPLIED, EVENT_ORDER_PLACED,
                                           EVENT_ORDER_PAID,     EVENT_ORDER_CHANGED};

    for (size_t i = 0; i < FC_ARRAY_COUNT(kept); i++)
        if (fc_str_eq(type, fc_str_of(wire_event_type_name(kept[i]))))
            return true;
    return false;
}

static bool keeps_any(struct fc_str events)
{
    struct fc_str event;

    while (wire_events_next(&events, &event))
        if (is_kept(wire_event_short_type(event)))
            return true;
    return false;
}

static enum fc_rc apply_row(struct shop_replay *replay, const struct db_rows *rows, int32_t row,
                            struct fc_err *ret_err)
{
    struct fc_str text = db_text(rows, row, COLUMN_EVENTS);
    bool kept = keeps_any(text);
    struct fc_arena *arena = kept ? replay->shop->arena : replay->scratch;
    struct event *events;
    const char *reason;
    int32_t count;

    fc_arena_reset(replay->scratch);
    if (!wire_events_parse(text, arena, &events, &count, &reason))
        return fc_err_set(ret_err, FC_CURE_PARK, "replay", "row %lld of the journal: %s",
                          (long long)db_i64(rows, row, COLUMN_SEQ), reason);
    for (int32_t i = 0; i < count; i++)
        shop_apply(replay->shop, &events[i]);
    replay->commands++;
    replay->events += count;
    return FC_OK;
}

static enum fc_rc cursor_open(struct shop_replay *replay, struct fc_instant until,
                              struct fc_err *ret_err)
{
    struct db_params params;

    fc_arena_reset(replay->scratch);
    db_params_init(&params, replay->scratch);
    db_param_instant(&params, until);
    db_send(replay->db, &sql_replay_begin, NULL);
    db_send(replay->db, &sql_replay_journal, &params);
    return db_exchange(replay->db, ret_err);
}

enum fc_rc shop_replay_run(struct shop_replay *replay, struct fc_instant until,
                           struct fc_err *ret_err)
{
    int32_t count;

    if (cursor_open(replay, until, ret_err) == FC_FAIL)
        return FC_FAIL;
    do {
        db_send(replay->db, &sql_replay_next, NULL);
        if (db_exchange(replay->db, ret_err) == FC_FAIL)
            return FC_FAIL;
        const struct db_rows *rows = db_rows(replay->db, 0);

        count = db_rows_count(rows);
        for (int32_t row = 0; row < count; row++)
            if (apply_row(replay, rows, row, ret_err) == FC_FAIL)
                return FC_FAIL;
    } while (count > 0);
    db_send(replay->db, &sql_replay_close, NULL);
    return db_exchange(replay->db, ret_err);
}

/* ---- against the tables, a page of ids after another */

struct page_kind {
    const struct sql_query *ids;
    bool by_uuid;
    void (*need)(struct shop_needs *needs, const struct page *page);
    void (*compare)(struct comparison *comparison);
};

static void need_users(struct shop_needs *needs, const struct page *page)
{
    needs->users = page->numbers;
}

static void need_products(struct shop_needs *needs, const struct page *page)
{
    needs->products = page->numbers;
}

static void need_templates(struct shop_needs *needs, const struct page *page)
{
    needs->templates = page->numbers;
}

static void need_coupons(struct shop_needs *needs, const struct page *page)
{
    needs->coupons = page->uuids;
}

static void need_orders(struct shop_needs *needs, const struct page *page)
{
    needs->orders = page->uuids;
}

static const struct page_kind page_kinds[] = {
    {&sql_replay_users, false, need_users, replay_compare_users},
    {&sql_replay_products, false, need_products, replay_compare_products},
    {&sql_replay_templates, false, need_templates, replay_compare_templates},
    {&sql_replay_coupons, true, need_coupons, replay_compare_coupons},
    {&sql_replay_orders, true, need_orders, replay_compare_orders},
};

/* The next ids behind those of the page before; none at the end. */
static enum fc_rc page_next(struct shop_replay *replay, const struct page_kind *kind,
                            struct page *page, struct fc_err *ret_err)
{
    struct db_params params;

    fc_arena_reset(replay->scratch);
    db_params_init(&params, replay->scratch);
    if (kind->by_uuid)
        db_param_uuid(&params, &page->last_uuid);
    else
        db_param_i64(&params, page->last_number);
    db_send(replay->db, kind->ids, &params);
    if (db_exchange(replay->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    const struct db_rows *rows = db_rows(replay->db, 0);

    page->count = db_rows_count(rows);
    FC_ASSERT(page->count <= PAGE_IDS_MAX);
    for (int32_t row = 0; row < page->count; row++) {
        if (kind->by_uuid)
            page->last_uuid = page->uuid_ids[row] = db_uuid(rows, row, 0);
        else
            page->last_number = page->number_ids[row] = db_i64(rows, row, 0);
    }
    page->numbers = (struct id_list){page->number_ids, page->count, page->count};
    page->uuids = (struct uuid_list){page->uuid_ids, page->count, page->count};
    return FC_OK;
}

/* The rows themselves, by the statements that load a batch. */
static enum fc_rc page_load(struct comparison *comparison, const struct page_kind *kind,
                            const struct page *page, struct fc_err *ret_err)
{
    struct shop_replay *replay = comparison->replay;
    struct exchange exchange = {replay->db, replay->scratch, 0};
    struct shop_needs needs = {0};
    struct shop_load load;

    kind->need(&needs, page);
    shop_load_send(&load, &needs, &exchange);
    if (db_exchange(replay->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    shop_init(&comparison->tables, replay->scratch, shop_load_rows(&load, replay->db) + 1);
    shop_load_take(&load, replay->db, &comparison->tables);
    return FC_OK;
}

static enum fc_rc compare_kind(struct comparison *comparison, const struct page_kind *kind,
                               struct fc_err *ret_err)
{
    static struct page page;

    page.last_number = -1;
    page.last_uuid = (struct fc_uuid){{0}};
    for (;;) {
        if (page_next(comparison->replay, kind, &page, ret_err) == FC_FAIL)
            return FC_FAIL;
        if (page.count == 0)
            return FC_OK;
        if (page_load(comparison, kind, &page, ret_err) == FC_FAIL)
            return FC_FAIL;
        kind->compare(comparison);
    }
}

static enum fc_rc compare_policy(struct comparison *comparison, struct fc_err *ret_err)
{
    struct shop_replay *replay = comparison->replay;
    struct db_params params;

    fc_arena_reset(replay->scratch);
    db_params_init(&params, replay->scratch);
    db_param_i64(&params, 0);
    db_send(replay->db, &sql_policy_newest, &params);
    if (db_exchange(replay->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    const struct db_rows *rows = db_rows(replay->db, 0);

    if (db_rows_count(rows) == 0)
        replay_compare_policy(comparison, 0, FC_STR_NONE);
    else
        replay_compare_policy(comparison, db_i64(rows, 0, 0), db_text(rows, 0, 1));
    return FC_OK;
}

enum fc_rc shop_replay_compare(struct shop_replay *replay, shop_differs_fn *differs, void *arg,
                               int64_t *ret_differences, struct fc_err *ret_err)
{
    struct comparison comparison = {.replay = replay, .differs = differs, .arg = arg};

    for (size_t i = 0; i < FC_ARRAY_COUNT(page_kinds); i++)
        if (compare_kind(&comparison, &page_kinds[i], ret_err) == FC_FAIL)
            return FC_FAIL;
    if (compare_policy(&comparison, ret_err) == FC_FAIL)
        return FC_FAIL;
    replay_compare_rest(&comparison);
    *ret_differences = comparison.differences;
    return FC_OK;
}

enum fc_rc shop_replay_end(struct shop_replay *replay, struct fc_err *ret_err)
{
    db_send(replay->db, &sql_transaction_commit, NULL);
    return db_exchange(replay->db, ret_err);
}
