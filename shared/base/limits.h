/*
 * Every bound of firstcome in one place, each with the reason for its size. The relations
 * between them are asserted at compile time at the end: change one and the build says which
 * others must follow.
 */
#ifndef FC_BASE_LIMITS_H
#define FC_BASE_LIMITS_H

#include <assert.h>

/* Ids of users, products, options and templates stay exact in JavaScript's numbers. */
#define ID_MAX 9007199254740991LL

/* One piece of a thing costs at most a thousand million won. */
#define PRICE_KRW_MAX 1000000000LL
/* The largest real order in the sample data is of 80,995 pieces. */
#define QUANTITY_MAX 1000000
/* Balances, totals, daily revenues: below 2^53 for the clients' sake. */
#define AMOUNT_KRW_MAX 1000000000000000LL
/* Pieces an option can hold. */
#define STOCK_MAX 1000000000LL
/* The largest real order in the sample data has 1,112 lines. */
#define ORDER_LINES_MAX 2000
#define PRODUCT_OPTIONS_MAX 10
#define NAME_BYTES_MAX 200
/* Stands beside each line of an order's events, twice where an order changes: see the relation. */
#define CATEGORY_BYTES_MAX 64
#define REASON_BYTES_MAX 500
#define IDEMPOTENCY_KEY_BYTES_MAX 255
/* A routing key such as product:9007199254740991. */
#define ROUTE_KEY_BYTES_MAX 64
/* RabbitMQ's queue names end at 255 bytes. */
#define REPLY_TO_BYTES_MAX 255
#define TRACEPARENT_BYTES 55
#define COUPON_VALID_DAYS_MAX 36500
#define COUPON_QUANTITY_MAX 1000000000LL
/* Coupons that one coupon.expire names: as many make as many rows and events as a large order. */
#define COUPON_EXPIRE_MAX 500
/* A payment that is not settled in a month was forgotten. */
#define TRANSFER_EXPIRE_S_MAX (31 * 86400)
#define RANKING_DAYS_MAX 366
#define BASIS_POINTS 10000

/* Message bytes: 256 commands travel together; a body over HTTP is at most 128 KiB. */
#define HTTP_BODY_BYTES_MAX (128 * 1024)
#define MESSAGE_COMMANDS_MAX 256
#define MESSAGE_BYTES_MAX (1024 * 1024)
/* What the ingress puts into one message; one command more may follow it. */
#define MESSAGE_BYTES_SOFT_MAX (128 * 1024)
#define JSON_DEPTH_MAX 16

/* A batch stops gathering at the soft count; the last message may bring 256 more. */
#define BATCH_COMMANDS_SOFT_MAX 256
#define BATCH_COMMANDS_MAX (BATCH_COMMANDS_SOFT_MAX - 1 + MESSAGE_COMMANDS_MAX)
#define BATCH_DELIVERIES_MAX BATCH_COMMANDS_SOFT_MAX
/* A command on an order that was placed before is short, and may bring an order of ORDER_LINES_MAX
 * out of the database: it counts as so many where messages and batches are filled. */
#define COMMAND_WEIGHT_ON_ORDER 16
/* Everything a batch needs at once; touched only as far as a batch goes. Also for a producer of its
 * own that sends a whole message of commands on the largest orders: 490 bytes a line (measured). */
#define BATCH_ARENA_BYTES (512 * 1024 * 1024)
/* A gather stops here, and one message more may follow. A line of an order is 32 bytes of a message
 * or more, 55 when it is taken, and may bring 3,000 of rows, events and parameters with it: 2,600
 * with names and a category of the largest size, which stands in the event, in the journal's copy,
 * in the announcement and in the row. A coupon that expires is as much of a message and brings
 * less. The lines of an order that stands already are not in the message, and not in this. */
#define GATHER_BYTES_MAX (1024 * 1024)
/* Events of several batches are announced together, and their deliveries acknowledged together: so
 * long after the first of them was gathered, or when there is so much of them … */
#define CARRY_MS_MAX 20
#define CARRY_BYTES_MAX (1024 * 1024)
#define CARRY_BATCHES_MAX 32
/* Deliveries a partition's consumer may hold unacknowledged; one and the same for every
 * worker and for ever: a smaller one breaks the order of redelivery. */
#define MQ_PREFETCH 256
/* Announcements under way whose deliveries are acknowledged when their confirms have come, and
 * those deliveries: half of what a partition may hold stays for what comes next. */
#define OWED_BATCHES_MAX 4
#define OWED_DELIVERIES_MAX (MQ_PREFETCH / 2)
/* Announcements are cut into messages of about this size. */
#define ANNOUNCE_BYTES_SOFT_MAX (256 * 1024)

#define PARTITIONS_MAX 256
/* The broker counts every return of a delivery, and a partition that changes hands returns what it
 * holds: from this x-delivery-count on a delivery is taken without others behind it … */
#define POISON_ALONE_DELIVERIES 2
/* … and from this one its commands one at a time, which costs thirty times as much. */
#define POISON_SUSPECT_DELIVERIES 5
/* Attempts of one command alone that ended in the death of the worker before it is parked. */
#define POISON_ATTEMPTS_MAX 3
/* Tries with locked rows that end at a rule of the schema before it counts as one that always will:
 * what another transaction did is seen by then. */
#define REFUSED_TRIES_MAX 20
/* Commands in a row that the database will not have before it is the schema and not they. */
#define REFUSED_IN_A_ROW_MAX 16
/* A repeat that the journal was not asked for costs half a batch, asking a twelfth of one: batches
 * that ask behind the first such, and behind each further one that comes soon twice as many … */
#define ASK_BATCHES_MIN 16
/* … until of so many one at most is lost. */
#define ASK_BATCHES_MAX 1024

/* A worker's idle turn: leases are looked after and the database session is fed. */
#define GATHER_WAIT_MS_MAX 500
#define DB_STATEMENT_MS_MAX 10000
#define DB_SESSION_IDLE_MS_MAX 5000
#define DB_CONNECT_S_MAX 5
#define CONFIRM_WAIT_MS_MAX 15000
#define HEARTBEAT_S 5
#define RETRY_SLEEP_MS_MIN 20
#define RETRY_SLEEP_MS_MAX 2000

#define HTTP_CONNECTIONS_MAX 19000
#define HTTP_INFLIGHT_MAX 16384
#define HTTP_REQUEST_DEADLINE_MS 10000
#define HTTP_WAIT_S_MAX 30
#define HTTP_STOP_MS_MAX 10000
/* Bytes published and not yet confirmed; below what a socket buffer takes. */
#define UNCONFIRMED_BYTES_MAX (2 * 1024 * 1024)
#define PAGE_ITEMS_MAX 100
#define PAGE_ITEMS_DEFAULT 20

static_assert(MQ_PREFETCH >= BATCH_DELIVERIES_MAX, "a batch is not cut short by the prefetch");
static_assert(BATCH_DELIVERIES_MAX / 2 >= OWED_DELIVERIES_MAX,
              "what is owed alone keeps nothing from being carried, nor from being delivered");
static_assert(MESSAGE_BYTES_SOFT_MAX + 2 * HTTP_BODY_BYTES_MAX < MESSAGE_BYTES_MAX,
              "what an ingress sends is never parked for its size");
static_assert((GATHER_BYTES_MAX / 55 + MESSAGE_BYTES_MAX / 32) * 3000LL + CARRY_BYTES_MAX <
                  BATCH_ARENA_BYTES,
              "whatever is gathered, an arena holds what comes of it");
static_assert((MESSAGE_COMMANDS_MAX + BATCH_COMMANDS_SOFT_MAX / COMMAND_WEIGHT_ON_ORDER) *
                          (ORDER_LINES_MAX * 900LL) +
                      CARRY_BYTES_MAX <
                  BATCH_ARENA_BYTES,
              "a batch, and a message more, of commands on the largest orders");
static_assert(1LL * ORDER_LINES_MAX * QUANTITY_MAX * PRICE_KRW_MAX <= 9223372036854775807LL / 4,
              "an order's total cannot overflow before it is compared");
/* 128 bytes hold the other members of a line; every byte of a category may have to be escaped. */
static_assert(2LL * ORDER_LINES_MAX * (128 + 2 * CATEGORY_BYTES_MAX) < MESSAGE_BYTES_MAX,
              "whatever an order is changed to, its event is one message");
static_assert(POISON_ALONE_DELIVERIES < POISON_SUSPECT_DELIVERIES, "the cheap way comes first");
static_assert(AMOUNT_KRW_MAX < ID_MAX, "amounts are exact in the clients' numbers");
static_assert(GATHER_WAIT_MS_MAX * 2 < DB_SESSION_IDLE_MS_MAX,
              "an idle worker feeds its session in time");
static_assert(HTTP_INFLIGHT_MAX <= HTTP_CONNECTIONS_MAX, "a request in flight has a connection");

#endif
