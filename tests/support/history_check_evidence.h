/*
 * What a history check judges: what the clients saw, the journal, the tables, and what the other
 * parties have, as plain arrays. Reading (history_check_files.h, history_db.h) only adds to it;
 * judging (history_check.h) only looks. Money is whole won, instants are microseconds: a client's
 * of CLOCK_MONOTONIC, comparable over all clients of one machine; a database's since 1970. The two
 * are never compared.
 *
 * Memory, heap until evidence_close: some 550 bytes a command that was sent once, seen once and
 * told in one event (545 MB and 25 s of a processor for a million, in a debug build);
 * 130 bytes an event more, 40 a line of an order.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_CHECK_EVIDENCE_H
#define FC_TESTS_SUPPORT_HISTORY_CHECK_EVIDENCE_H

#include "support/history.h"
#include "support/history_check_names.h"

/* --- what clients saw ------------------------------------------------------------------------- */

struct evidence_op {
    int64_t number; /* within its file */
    int64_t user_id;
    int64_t copy_of; /* an op's number; 0: of none */
    int64_t amount;  /* 0: none */
    int32_t file;    /* these are names */
    int32_t command;
    int32_t key;
    int32_t idempotency_key;
};

enum evidence_fate {
    FATE_UNKNOWN, /* lost, never answered, or answered in a way that leaves it open */
    FATE_ACCEPTED,
    FATE_NOT_TAKEN /* turned away at the door: it must not have a verdict */
};

struct evidence_try {
    struct fc_uuid id;
    int64_t sent_us;
    int64_t answered_us; /* of an accepted one */
    int32_t op;          /* its place */
    int32_t attempt;
    int32_t older; /* the op's try before this one; -1: none */
    enum evidence_fate fate;
    bool has_id;
    bool replayed;
};

struct evidence_sighting {
    struct fc_uuid id;
    int64_t line; /* of its file, from 1 */
    int32_t op;
    int32_t state; /* name: succeeded, refused, parked */
    int32_t code;  /* name */
    bool has_body;
    uint64_t body_hash;
};

/* --- the journal ------------------------------------------------------------------------------ */

enum told {
    TOLD_OTHER,
    TOLD_WALLET_CHARGED,
    TOLD_WALLET_USED,
    TOLD_WALLET_REFUNDED,
    TOLD_WALLET_HELD,
    TOLD_WALLET_RELEASED,
    TOLD_COUPON_ISSUED,
    TOLD_ORDER_PLACED,
    TOLD_ORDER_PAID,
    TOLD_ORDER_CHANGED,
    TOLD_ORDER_CANCELLED,
    TOLD_STOCK_RESERVED,
    TOLD_STOCK_RELEASED,
    TOLD_STOCK_TAKEN,
    TOLD_STOCK_RETURNED,
    TOLD_STOCK_RESTOCKED,
    TOLD_PRODUCT_PUT,
    TOLD_TEMPLATE_PUT,
    TOLD_DAY_CLOSED,
    TOLD_COUNT
};

struct evidence_event {
    struct fc_uuid id; /* of the order or the coupon */
    int64_t user_id;
    int64_t thing; /* template; option of a restock */
    int64_t
        amount;    /* of money; paid by an order; restocked; a template's quantity, -1: unlimited */
    int64_t after; /* balance of a wallet; of an order paid from the balance; a coupon's position */
    int64_t version;
    uint64_t data_hash; /* of order.paid and order.cancelled */
    int64_t first_line; /* of an order, then those of before; of stock; a product's new options */
    int32_t line_count;
    int32_t previous_count;
    int32_t row;
    int32_t place; /* within its command, from 0 */
    int32_t day;   /* since 1970 */
    enum told told;
    bool from_held; /* or from_reserved */
    bool transfer;  /* paid elsewhere */
};

struct evidence_line {
    int64_t option_id;
    int64_t product_id;
    int64_t quantity; /* of a product's new option: its stock */
    int64_t unit_price;
    int32_t category; /* name */
};

struct evidence_row {
    struct fc_uuid id;
    struct fc_uuid replay_of;
    int64_t seq;
    int64_t actor_id;
    int64_t decided_at;
    uint64_t result_hash;
    int64_t first_event;
    int32_t event_count;
    int32_t type; /* these are names */
    int32_t key;
    int32_t idempotency_key; /* of the row that owns it */
    int32_t verdict;         /* 0: succeeded */
    bool is_replay;
};

/* --- the tables ------------------------------------------------------------------------------- */

struct evidence_wallet {
    int64_t user_id;
    int64_t balance;
    int64_t held;
};

struct evidence_option {
    int64_t option_id;
    int64_t total;
    int64_t reserved;
};

struct evidence_template {
    int64_t template_id;
    int64_t quantity; /* -1: unlimited */
    int64_t issued;
};

struct evidence_coupon {
    struct fc_uuid id;
    int64_t template_id; /* 0: the policy's own */
    int64_t user_id;
    int64_t position;
};

struct evidence_order {
    struct fc_uuid id;
    int64_t user_id;
    int64_t paid;
    int64_t from_balance;
    int64_t refunded;
    int32_t status; /* name */
    bool transfer;
    bool was_paid;
};

struct evidence_order_line {
    struct fc_uuid order_id;
    int64_t option_id;
    int64_t quantity;
};

enum counter_kind { COUNTER_PRODUCT, COUNTER_OPTION, COUNTER_CATEGORY, COUNTER_ALL };

enum counter_number {
    COUNTER_ORDERS,
    COUNTER_QUANTITY,
    COUNTER_REVENUE,
    COUNTER_CANCELLED_ORDERS,
    COUNTER_CANCELLED_QUANTITY,
    COUNTER_CANCELLED_REVENUE,
    COUNTER_NUMBERS
};

struct evidence_counter {
    enum counter_kind kind;
    int32_t day;
    int64_t thing; /* product or option; the category's name; 0 */
    int64_t numbers[COUNTER_NUMBERS];
};

struct evidence_parked {
    struct fc_uuid id;
    int32_t reason; /* name */
    bool open;      /* neither requeued nor dropped */
    bool dropped;
};

/* --- the other parties ------------------------------------------------------------------------ */

struct evidence_delivery {
    struct fc_uuid event_id;
    struct fc_uuid command_id;
    struct fc_uuid order_id;
    int64_t at;
    int64_t version;
    uint64_t data_hash;
    int32_t type; /* name */
};

struct evidence_payment {
    struct fc_uuid order_id;
    int64_t user_id;
    int64_t amount;
    int64_t approvals;
    int32_t status; /* name */
};

/* --- all of it -------------------------------------------------------------------------------- */

#define EVIDENCE_ARRAY(type, name) \
    struct type *name##s;          \
    int64_t name##_count;          \
    int64_t name##_room

struct evidence {
    struct names names;
    EVIDENCE_ARRAY(evidence_op, op);
    EVIDENCE_ARRAY(evidence_try, attempt);
    EVIDENCE_ARRAY(evidence_sighting, sighting);
    EVIDENCE_ARRAY(evidence_row, row);
    EVIDENCE_ARRAY(evidence_event, event);
    EVIDENCE_ARRAY(evidence_line, line);
    EVIDENCE_ARRAY(evidence_wallet, wallet);
    EVIDENCE_ARRAY(evidence_option, option);
    EVIDENCE_ARRAY(evidence_template, template);
    EVIDENCE_ARRAY(evidence_coupon, coupon);
    EVIDENCE_ARRAY(evidence_order, order);
    EVIDENCE_ARRAY(evidence_order_line, order_line);
    EVIDENCE_ARRAY(evidence_counter, counter);
    EVIDENCE_ARRAY(fc_uuid, counted);
    EVIDENCE_ARRAY(evidence_parked, parking);
    EVIDENCE_ARRAY(evidence_delivery, arrival);
    EVIDENCE_ARRAY(evidence_payment, payment);
    bool has_platform; /* else nothing is known of it */
    bool has_gateway;
    bool may_park;     /* a parked command is no violation */
    int64_t setup_seq; /* the last row of the set-up; 0: all before the first that a client knows */
};

/* One file of a client, while it is read: which try is an op's last, by the op's number. */
struct evidence_file {
    int32_t name;
    int64_t line; /* read so far */
    int32_t *last_of;
    int64_t last_count;
    int64_t last_room;
};

void evidence_file_open(struct evidence *evidence, struct fc_str name,
                        struct evidence_file *ret_file);
void evidence_file_close(struct evidence_file *file);

/* The next line of the file. False with a sentence when it does not fit those before it. */
FC_MUST_USE bool evidence_put_line(struct evidence *evidence, struct evidence_file *file,
                                   const struct history_line *line, char ret_why[256]);

/* A row as the journal has it; its events are read. False with a sentence. */
struct evidence_row_text {
    struct fc_str type;
    struct fc_str key;
    struct fc_str idempotency_key;
    struct fc_str verdict;
    struct fc_str result;
    struct fc_str events;
};

FC_MUST_USE bool evidence_put_row(struct evidence *evidence, const struct evidence_row *row,
                                  const struct evidence_row_text *text, char ret_why[256]);

/* What the platform got: an event as announced. False: it is none. */
FC_MUST_USE bool evidence_put_delivery(struct evidence *evidence, struct fc_str json);

/* The same for two texts that say the same: members of objects in any order, blanks anywhere.
 * False when it is no JSON. */
FC_MUST_USE bool evidence_json_hash(struct fc_str json, uint64_t *ret_hash);

/* Whether the number is the one of that text. */
bool evidence_is(const struct evidence *evidence, int32_t name, const char *text);

void evidence_close(struct evidence *evidence);

#endif
