#include "gateway/ledger.h"

#include "base/assert.h"
#include "base/index.h"
#include "wire/read.h"
#include "wire/scan.h"

#include <stdlib.h>

#define BUCKETS 65536
#define NONE (-1)
#define LINE_ARENA_BYTES 65536

static const char *const status_names[] = {"unknown", "pending",  "approved", "declined",
                                           "voided",  "refunded", NULL};

const char *ledger_status_name(enum ledger_status status)
{
    FC_ASSERT(status >= 0 && status < LEDGER_STATUS_COUNT);
    return status_names[status];
}

/* --- lines ------------------------------------------------------------------------------------ */

static void put_i64(struct wire_json *json, const char *name, int64_t value)
{
    wire_json_key(json, name);
    wire_json_i64(json, value);
}

static void put_entry(struct wire_json *json, const struct ledger_entry *entry)
{
    wire_json_object_begin(json);
    wire_json_key(json, "order_id");
    wire_json_uuid(json, &entry->order_id);
    put_i64(json, "user_id", entry->user_id);
    put_i64(json, "amount", entry->amount.won);
    wire_json_key(json, "status");
    wire_json_str(json, fc_str_of(ledger_status_name(entry->status)));
    wire_json_key(json, "voided");
    wire_json_bool(json, entry->voided);
    wire_json_key(json, "declines");
    wire_json_bool(json, entry->declines);
    wire_json_key(json, "late");
    wire_json_bool(json, entry->late);
    wire_json_key(json, "decide_at");
    wire_json_instant(json, entry->decide_at);
    put_i64(json, "approvals", entry->approvals);
    put_i64(json, "asked", entry->asked);
    put_i64(json, "looked", entry->looked);
    put_i64(json, "voids", entry->voids);
    wire_json_object_end(json);
}

/* A disk that does not take it is the end: books with holes prove nothing. */
static void keep(struct ledger *ledger, const struct ledger_entry *entry)
{
    char line[1024];
    struct fc_buf buf = fc_buf_of(line, sizeof(line));
    struct wire_json json;
    struct fc_err err;

    wire_json_init(&json, &buf);
    put_entry(&json, entry);
    FC_ASSERT(!buf.overflow);
    if (lines_append(&ledger->lines, fc_buf_str(&buf), &err) == FC_FAIL)
        FC_UNREACHABLE("the ledger's file cannot be written");
}

static bool read_i32(struct wire_node *node, const char *name, int32_t *ret_value)
{
    int64_t value;

    if (!wire_read_i64(node, name, WIRE_REQUIRED, (struct wire_range){0, INT32_MAX}, &value))
        return false;
    *ret_value = (int32_t)value;
    return true;
}

static bool read_entry(struct wire_node *node, struct ledger_entry *ret_entry)
{
    int32_t status;

    if (!wire_read_uuid(node, "order_id", WIRE_REQUIRED, &ret_entry->order_id) ||
        !wire_read_i64(node, "user_id", WIRE_REQUIRED, (struct wire_range){0, ID_MAX},
                       &ret_entry->user_id) ||
        !wire_read_i64(node, "amount", WIRE_REQUIRED, (struct wire_range){0, AMOUNT_KRW_MAX},
                       &ret_entry->amount.won) ||
        !wire_read_word(node, "status", WIRE_REQUIRED, status_names, &status) ||
        !wire_read_bool(node, "voided", WIRE_REQUIRED, &ret_entry->voided) ||
        !wire_read_bool(node, "declines", WIRE_REQUIRED, &ret_entry->declines) ||
        !wire_read_bool(node, "late", WIRE_REQUIRED, &ret_entry->late) ||
        !wire_read_instant(node, "decide_at", WIRE_REQUIRED, &ret_entry->decide_at) ||
        !read_i32(node, "approvals", &ret_entry->approvals) ||
        !read_i32(node, "asked", &ret_entry->asked) ||
        !read_i32(node, "looked", &ret_entry->looked) ||
        !read_i32(node, "voids", &ret_entry->voids))
        return false;
    ret_entry->status = (enum ledger_status)status;
    return true;
}

/* --- entries ---------------------------------------------------------------------------------- */

static int32_t *bucket_of(struct ledger *ledger, const struct fc_uuid *order_id)
{
    return &ledger->buckets[fc_hash_uuid(order_id) % BUCKETS];
}

static struct ledger_entry *find(struct ledger *ledger, const struct fc_uuid *order_id)
{
    for (int32_t at = *bucket_of(ledger, order_id); at != NONE; at = ledger->entries[at].next)
        if (fc_uuid_eq(&ledger->entries[at].order_id, order_id))
            return &ledger->entries[at];
    return NULL;
}

static struct ledger_entry *append(struct ledger *ledger, const struct ledger_entry *entry)
{
    int32_t *bucket = bucket_of(ledger, &entry->order_id);

    if (ledger->count == LEDGER_ENTRIES_MAX)
        return NULL;
    struct ledger_entry *added = &ledger->entries[ledger->count];

    *added = *entry;
    added->next = *bucket;
    *bucket = ledger->count++;
    return added;
}

static void decide(struct ledger *ledger, struct ledger_entry *entry, struct fc_instant now)
{
    bool late = entry->status == LEDGER_VOIDED && entry->late;

    if ((entry->status != LEDGER_PENDING && !late) || now.us < entry->decide_at.us)
        return;
    entry->late = false;
    if (entry->declines && !late) {
        entry->status = LEDGER_DECLINED;
    } else if (!entry->declines) {
        entry->approvals++;
        entry->status = late ? LEDGER_REFUNDED : LEDGER_APPROVED;
    }
    keep(ledger, entry);
}

struct ledger_entry *ledger_of(struct ledger *ledger, const struct fc_uuid *order_id,
                               struct fc_instant now)
{
    const struct ledger_entry fresh = {.order_id = *order_id};
    struct ledger_entry *entry = find(ledger, order_id);

    if (entry == NULL)
        return append(ledger, &fresh);
    decide(ledger, entry, now);
    return entry;
}

void ledger_ask(struct ledger *ledger, struct ledger_entry *entry, struct fc_instant now)
{
    FC_ASSERT(entry->status == LEDGER_UNKNOWN);
    entry->status = LEDGER_PENDING;
    keep(ledger, entry);
    decide(ledger, entry, now);
}

void ledger_void(struct ledger *ledger, struct ledger_entry *entry)
{
    entry->voided = true;
    if (entry->status == LEDGER_PENDING || entry->status == LEDGER_UNKNOWN)
        entry->status = LEDGER_VOIDED;
    else if (entry->status == LEDGER_APPROVED)
        entry->status = LEDGER_REFUNDED;
    keep(ledger, entry);
}

void ledger_put(struct ledger *ledger, struct wire_json *json, struct fc_instant now)
{
    int64_t counts[LEDGER_STATUS_COUNT] = {0};
    int64_t won[LEDGER_STATUS_COUNT] = {0};

    wire_json_object_begin(json);
    wire_json_key(json, "payments");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < ledger->count; i++) {
        struct ledger_entry *entry = &ledger->entries[i];

        decide(ledger, entry, now);
        put_entry(json, entry);
        counts[entry->status]++;
        won[entry->status] += entry->amount.won;
    }
    wire_json_array_end(json);
    wire_json_key(json, "totals");
    wire_json_object_begin(json);
    for (int status = 0; status < LEDGER_STATUS_COUNT; status++) {
        wire_json_key(json, status_names[status]);
        wire_json_object_begin(json);
        put_i64(json, "count", counts[status]);
        put_i64(json, "amount", won[status]);
        wire_json_object_end(json);
    }
    wire_json_object_end(json);
    wire_json_object_end(json);
}

/* --- opening ---------------------------------------------------------------------------------- */

/* The last line about an order is what holds. */
static void on_line(void *arg, struct fc_str line)
{
    struct ledger *ledger = arg;
    static char memory[LINE_ARENA_BYTES];
    struct fc_arena arena;
    struct wire_faults faults;
    struct wire_node node;
    struct ledger_entry read = {.next = NONE};

    fc_arena_init(&arena, memory, sizeof(memory));
    wire_faults_init(&faults, &arena);
    if (!wire_scan(line, &faults))
        return;
    wire_node_begin(&node, line, &faults);
    if (read_entry(&node, &read)) {
        struct ledger_entry *entry = find(ledger, &read.order_id);

        if (entry == NULL) {
            (void)append(ledger, &read);
        } else {
            read.next = entry->next;
            *entry = read;
        }
    }
}

enum fc_rc ledger_open(struct ledger *ledger, const char *path, struct fc_err *ret_err)
{
    ledger->entries = calloc(LEDGER_ENTRIES_MAX, sizeof(*ledger->entries)); /* heap: at start */
    ledger->buckets = malloc(BUCKETS * sizeof(*ledger->buckets));           /* heap: at start */
    if (ledger->entries == NULL || ledger->buckets == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "ledger_open", "no memory");
    for (int32_t i = 0; i < BUCKETS; i++)
        ledger->buckets[i] = NONE;
    return lines_open(&ledger->lines, path, on_line, ledger, ret_err);
}
