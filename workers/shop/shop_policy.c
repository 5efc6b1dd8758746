#include "shop/shop_policy.h"

#include "base/assert.h"
#include "sql/queries.h"
#include "wire/policy.h"

void shop_policy_init(struct shop_policy *policy)
{
    *policy = (struct shop_policy){.policy = policy_default()};
}

void shop_policy_send(struct shop_policy *policy, struct exchange *exchange)
{
    struct db_params params;

    policy->rows = NULL;
    policy->row_count = 0;
    policy->row_count_max = 0;
    db_params_init(&params, exchange->arena);
    db_param_i64(&params, policy->policy.version);
    policy->place = exchange_send(exchange, &sql_policy_newest, &params);
}

static enum fc_rc unreadable(int64_t version, const struct wire_faults *faults,
                             struct fc_err *ret_err)
{
    /* There is room for a policy in a batch's arena, whatever the batch. */
    FC_ASSERT(faults->count > 0);
    const struct wire_fault *first = &faults->items[0];

    return fc_err_set(
        ret_err, FC_CURE_EXIT, "policy",
        "version %lld cannot be decided by: " FC_STR_FMT "%s" FC_STR_FMT "; %d faults in all",
        (long long)version, FC_STR_ARG(first->pointer), first->pointer.len > 0 ? " " : "",
        FC_STR_ARG(first->detail), (int)faults->count);
}

static enum fc_rc take_row(struct shop_policy *policy, const struct db_rows *rows,
                           struct fc_arena *arena, struct fc_err *ret_err)
{
    size_t mark = fc_arena_mark(arena);
    int64_t version = db_i64(rows, 0, 0);
    enum fc_rc rc = FC_OK;
    struct wire_faults faults;
    struct policy newer;

    wire_faults_init(&faults, arena);
    if (wire_policy_parse(db_text(rows, 0, 1), arena, &newer, &faults)) {
        newer.version = version;
        policy->policy = newer;
    } else {
        rc = unreadable(version, &faults, ret_err);
    }
    fc_arena_rewind(arena, mark);
    return rc;
}

enum fc_rc shop_policy_take(struct shop_policy *policy, const struct db *db, struct shop *shop,
                            struct fc_err *ret_err)
{
    const struct db_rows *rows = db_rows(db, policy->place);

    if (db_rows_count(rows) > 0 && take_row(policy, rows, shop->arena, ret_err) == FC_FAIL)
        return FC_FAIL;
    shop->policy.version = policy->policy.version;
    shop->policy.version_loaded = policy->policy.version;
    return FC_OK;
}

void shop_policy_note(struct shop_policy *policy, const struct shop *shop)
{
    int64_t known = policy->row_count > 0 ? policy->rows[policy->row_count - 1].version
                                          : shop->policy.version_loaded;

    if (shop->policy.version == known)
        return;
    FC_ASSERT(shop->policy.version == known + 1);
    if (policy->row_count == policy->row_count_max) {
        int32_t count_max = policy->row_count_max == 0 ? 4 : policy->row_count_max * 2;
        struct shop_policy_row *rows = fc_arena_take(shop->arena, (size_t)count_max, sizeof(*rows));

        FC_ASSERT(rows != NULL);
        for (int32_t i = 0; i < policy->row_count; i++)
            rows[i] = policy->rows[i];
        policy->rows = rows;
        policy->row_count_max = count_max;
    }
    policy->rows[policy->row_count++] =
        (struct shop_policy_row){shop->policy.version, shop->policy.document};
}

void shop_policy_store(const struct shop_policy *policy, struct fc_instant now,
                       struct exchange *exchange)
{
    struct db_params params;

    if (policy->row_count == 0)
        return;
    db_params_init(&params, exchange->arena);
    db_array_begin(&params, DB_I64);
    for (int32_t i = 0; i < policy->row_count; i++)
        db_array_i64(&params, policy->rows[i].version);
    db_array_end(&params);
    db_array_begin(&params, DB_TEXT);
    for (int32_t i = 0; i < policy->row_count; i++)
        db_array_text(&params, policy->rows[i].document);
    db_array_end(&params);
    db_param_instant(&params, now);
    (void)exchange_send(exchange, &sql_policy_insert, &params);
}
