/* Money, to the won: wallets from the journal, and once more from the orders. */
#include "support/history_check_judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* A change of a wallet, as the journal or an order has it. */
struct entry {
    int64_t user_id;
    int64_t version; /* of an event */
    int64_t balance; /* change */
    int64_t held;    /* change */
    int64_t after;   /* balance told */
    int32_t row;
};

struct entries {
    struct entry *entrys;
    int64_t entry_count;
    int64_t entry_room;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;

    return left->user_id != right->user_id ? ORDER(left->user_id, right->user_id)
                                           : ORDER(left->version, right->version);
}

static int compare_wallets(const void *a, const void *b)
{
    const struct evidence_wallet *left = a;
    const struct evidence_wallet *right = b;

    return ORDER(left->user_id, right->user_id);
}

static void sort_entries(struct entries *entries)
{
    if (entries->entry_count > 0)
        qsort(entries->entrys, (size_t)entries->entry_count, sizeof(*entries->entrys),
              compare_entries);
}

/* Each wallet against the sum of its entries. */
static void compare(const struct evidence *evidence, struct entries *entries, const char *what,
                    struct history_check *check)
{
    struct evidence_wallet *wallets = array_new(evidence->wallet_count, sizeof(*wallets));
    int64_t at = 0;

    for (int64_t i = 0; i < evidence->wallet_count; i++)
        wallets[i] = evidence->wallets[i];
    qsort(wallets, (size_t)evidence->wallet_count, sizeof(*wallets), compare_wallets);
    sort_entries(entries);
    for (int64_t i = 0; i < evidence->wallet_count; i++) {
        const struct evidence_wallet *wallet = &wallets[i];
        int64_t balance = 0;
        int64_t held = 0;

        for (; at < entries->entry_count && entries->entrys[at].user_id < wallet->user_id; at++)
            violated(check, "user %" PRId64 " has no wallet", entries->entrys[at].user_id);
        for (; at < entries->entry_count && entries->entrys[at].user_id == wallet->user_id; at++) {
            balance += entries->entrys[at].balance;
            held += entries->entrys[at].held;
        }
        if (wallet->balance != balance || wallet->held != held)
            violated(check,
                     "the wallet of user %" PRId64 " has %" PRId64 " won, %" PRId64
                     " of them held; its %s come to %" PRId64 " and %" PRId64,
                     wallet->user_id, wallet->balance, wallet->held, what, balance, held);
    }
    for (; at < entries->entry_count; at++)
        violated(check, "user %" PRId64 " has no wallet", entries->entrys[at].user_id);
    check->compared += evidence->wallet_count;
    free(wallets);
}

/* --- from the journal ------------------------------------------------------------------------- */

static bool entry_of(const struct evidence_event *event, struct entry *ret_entry)
{
    struct entry entry = {.user_id = event->user_id,
                          .version = event->version,
                          .after = event->after,
                          .row = event->row};

    if (event->told == TOLD_WALLET_CHARGED || event->told == TOLD_WALLET_REFUNDED) {
        entry.balance = event->amount;
    } else if (event->told == TOLD_WALLET_USED) {
        entry.balance = -event->amount;
        entry.held = event->from_held ? -event->amount : 0;
    } else if (event->told == TOLD_WALLET_HELD) {
        entry.held = event->amount;
    } else if (event->told == TOLD_WALLET_RELEASED) {
        entry.held = -event->amount;
    } else {
        return false;
    }
    *ret_entry = entry;
    return true;
}

/* Each entry of a wallet follows from the one before it. */
static void judge_runs(const struct court *court, const struct entries *entries,
                       struct history_check *check)
{
    int64_t balance = 0;
    int64_t held = 0;

    for (int64_t i = 0; i < entries->entry_count; i++) {
        const struct entry *entry = &entries->entrys[i];
        const struct entry *before = i > 0 ? entry - 1 : NULL;
        bool first = before == NULL || before->user_id != entry->user_id;

        balance = (first ? 0 : balance) + entry->balance;
        held = (first ? 0 : held) + entry->held;
        if (!first && entry->version <= before->version)
            violated(check, "the wallet of user %" PRId64 " has version %" PRId64 " twice: %s, %s",
                     entry->user_id, entry->version,
                     say_row(court, &court->evidence->rows[before->row]),
                     say_row(court, &court->evidence->rows[entry->row]));
        if (entry->after != balance || held < 0 || held > balance) {
            violated(check,
                     "the wallet of user %" PRId64 " was told to have %" PRId64
                     " won, comes to %" PRId64 " with %" PRId64 " held: %s",
                     entry->user_id, entry->after, balance, held,
                     say_row(court, &court->evidence->rows[entry->row]));
            balance = entry->after;
        }
    }
    check->compared += entries->entry_count;
}

void judge_wallet_events(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct entries entries = {.entrys = NULL};
    struct entry entry;

    for (int64_t i = 0; i < evidence->event_count; i++)
        if (entry_of(&evidence->events[i], &entry))
            *ARRAY_ADD(&entries, entry) = entry;
    compare(evidence, &entries, "events", check);
    judge_runs(court, &entries, check);
    free(entries.entrys);
}

/* --- from the orders -------------------------------------------------------------------------- */

/* What was paid elsewhere for an order, as it was when it was paid. */
static int64_t transferred(const struct fc_uuid *order_id, const struct evidence_event *paid_events,
                           int64_t count)
{
    int64_t low = 0;
    int64_t high = count;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        if (fc_uuid_cmp(&paid_events[middle].id, order_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == count || !fc_uuid_eq(&paid_events[low].id, order_id) || !paid_events[low].transfer)
        return 0;
    return paid_events[low].amount - paid_events[low].after;
}

static int compare_events(const void *a, const void *b)
{
    const struct evidence_event *left = a;
    const struct evidence_event *right = b;

    return fc_uuid_cmp(&left->id, &right->id);
}

void judge_wallet_orders(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct evidence_event *paid = array_new(evidence->event_count, sizeof(*paid));
    struct entries entries = {.entrys = NULL};
    int64_t count = 0;

    for (int64_t i = 0; i < evidence->event_count; i++) {
        const struct evidence_event *event = &evidence->events[i];

        if (event->told == TOLD_ORDER_PAID)
            paid[count++] = *event;
        if (event->told == TOLD_WALLET_CHARGED)
            *ARRAY_ADD(&entries, entry) =
                (struct entry){.user_id = event->user_id, .balance = event->amount};
    }
    qsort(paid, (size_t)count, sizeof(*paid), compare_events);
    for (int64_t i = 0; i < evidence->order_count; i++) {
        const struct evidence_order *order = &evidence->orders[i];
        bool waits = evidence_is(evidence, order->status, "pending_payment");
        int64_t elsewhere = transferred(&order->id, paid, count);

        *ARRAY_ADD(&entries, entry) = (struct entry){
            .user_id = order->user_id,
            .balance = order->was_paid ? elsewhere + order->refunded - order->paid : 0,
            .held = waits ? order->from_balance : 0,
        };
    }
    compare(evidence, &entries, "charges and orders", check);
    check->compared += evidence->order_count;
    free(entries.entrys);
    free(paid);
}
