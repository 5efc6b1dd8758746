/*
 * The parts of an event that depend on its type: what it is about, and its data, by area as pairs
 * of functions, one that puts and one that reads. The members have the names that core/event.h has.
 * Reading adds faults (wire/read.h) and passes over members that it does not know: of versions to
 * come. What may be left out is said in wire/event.h.
 */
#ifndef FC_WIRE_EVENT_DATA_H
#define FC_WIRE_EVENT_DATA_H

#include "core/event.h"
#include "wire/json.h"
#include "wire/read.h"

#define WIRE_AMOUNTS ((struct wire_range){0, AMOUNT_KRW_MAX})
/* Of an option in one event: what several lines asked for may have been added up. */
#define WIRE_PIECES ((struct wire_range){1, STOCK_MAX})

/* "user:7", "order:<uuid>": the thing whose version the event carries. */
void wire_event_subject_put(struct wire_json *json, const struct event *event);
void wire_event_data_put(struct wire_json *json, const struct event *event);
/* Reads the data of event->type, which is set, into event->data, which is zero. */
void wire_event_data_read(struct wire_node *data, struct event *event);

/* By area, for the table of event_data.c: each puts or reads the member of event->data that it is
 * named for. */
void wire_event_template_put(struct wire_json *json, const struct event *event);
void wire_event_template_read(struct wire_node *data, struct event *event);
void wire_event_issued_put(struct wire_json *json, const struct event *event);
void wire_event_issued_read(struct wire_node *data, struct event *event);
/* coupon.used, returned, expired, revoked */
void wire_event_coupon_put(struct wire_json *json, const struct event *event);
void wire_event_coupon_read(struct wire_node *data, struct event *event);

void wire_event_product_put(struct wire_json *json, const struct event *event);
void wire_event_product_read(struct wire_node *data, struct event *event);
void wire_event_deleted_put(struct wire_json *json, const struct event *event);
void wire_event_deleted_read(struct wire_node *data, struct event *event);
void wire_event_restocked_put(struct wire_json *json, const struct event *event);
void wire_event_restocked_read(struct wire_node *data, struct event *event);
/* stock.reserved, released, taken, returned */
void wire_event_stock_put(struct wire_json *json, const struct event *event);
void wire_event_stock_read(struct wire_node *data, struct event *event);

void wire_event_placed_put(struct wire_json *json, const struct event *event);
void wire_event_placed_read(struct wire_node *data, struct event *event);
void wire_event_paid_put(struct wire_json *json, const struct event *event);
void wire_event_paid_read(struct wire_node *data, struct event *event);
void wire_event_failed_put(struct wire_json *json, const struct event *event);
void wire_event_failed_read(struct wire_node *data, struct event *event);
void wire_event_cancelled_put(struct wire_json *json, const struct event *event);
void wire_event_cancelled_read(struct wire_node *data, struct event *event);
void wire_event_changed_put(struct wire_json *json, const struct event *event);
void wire_event_changed_read(struct wire_node *data, struct event *event);
void wire_event_shipped_put(struct wire_json *json, const struct event *event);
void wire_event_shipped_read(struct wire_node *data, struct event *event);

/* "key": the line that an order stands in. */
void wire_event_key_read(struct wire_node *data, struct command_key *key);
/* "payment": its method, and of a bank transfer what goes with it. */
void wire_event_payment_read(struct wire_node *data, struct order_terms *terms);

/* {"option_id","quantity"} and {"option_id","product_id","quantity","unit_price","category"?};
 * reading leaves NULL and 0 where there are none, which is a fault. */
void wire_stock_lines_put(struct wire_json *json, const struct stock_line *lines, int32_t count);
struct stock_line *wire_stock_lines_read(struct wire_node *data, int32_t *ret_count);
void wire_sold_lines_put(struct wire_json *json, const char *name, const struct sold_line *lines,
                         int32_t count);
struct sold_line *wire_sold_lines_read(struct wire_node *data, const char *name,
                                       int32_t *ret_count);

#endif
