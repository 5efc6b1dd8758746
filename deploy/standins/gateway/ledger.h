/*
 * The stand-in gateway's books: one entry an order, whatever is asked about it and how often. What
 * is decided later is decided by the instant at which somebody looks, so that nothing runs in the
 * background. Knows no HTTP.
 */
#ifndef FC_STANDINS_LEDGER_H
#define FC_STANDINS_LEDGER_H

#include "base/err.h"
#include "base/id.h"
#include "base/krw.h"
#include "base/time.h"
#include "common/lines.h"
#include "wire/json.h"

#define LEDGER_ENTRIES_MAX 100000

enum ledger_status {
    LEDGER_UNKNOWN, /* somebody spoke of it; it is no payment */
    LEDGER_PENDING,
    LEDGER_APPROVED,
    LEDGER_DECLINED,
    LEDGER_VOIDED,   /* and nothing was taken */
    LEDGER_REFUNDED, /* it was taken, and given back */
    LEDGER_STATUS_COUNT
};

struct ledger_entry {
    struct fc_uuid order_id;
    int64_t user_id;
    struct krw amount;
    enum ledger_status status;
    bool voided;   /* never to be approved */
    bool declines; /* when it is decided */
    bool late;     /* the money is taken then, even if it was voided before, and given back */
    struct fc_instant decide_at; /* of a pending one */
    int32_t approvals;           /* how often money was taken: never above 1 */
    int32_t asked;               /* how often, like the next two */
    int32_t looked;
    int32_t voids;
    int32_t next; /* in its bucket */
};

struct ledger {
    struct lines lines;
    struct ledger_entry *entries;
    int32_t *buckets;
    int32_t count;
};

/* Reads what is in the file (empty path: none). heap: at start. */
FC_MUST_USE enum fc_rc ledger_open(struct ledger *ledger, const char *path, struct fc_err *ret_err);

/* The order's entry, decided if it is time, made if there was none; NULL when the books are full.
 */
struct ledger_entry *ledger_of(struct ledger *ledger, const struct fc_uuid *order_id,
                               struct fc_instant now);

/* An unknown one is a payment from now on, decided at its decide_at, which is at once when that is
 * not after now. */
void ledger_ask(struct ledger *ledger, struct ledger_entry *entry, struct fc_instant now);

/* Never to be approved from now on; what was taken is given back. An unknown one, too. */
void ledger_void(struct ledger *ledger, struct ledger_entry *entry);

const char *ledger_status_name(enum ledger_status status);

/* {"payments":[…],"totals":{…}} in the order in which they came. */
void ledger_put(struct ledger *ledger, struct wire_json *json, struct fc_instant now);

#endif
