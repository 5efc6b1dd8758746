/*
 * How many pieces of an option there are: option.restock, and what orders reserve, take and give
 * back. An option has `total` and `reserved`; what can be bought is the difference. Stock events
 * are sums: they carry no version and commute as long as no sum falls below what is reserved.
 * Whether one did is known at the end of a batch, not within: the journal's order over keys is not
 * the order of commits, so that apply takes them in any order.
 *
 * To be loaded for option.restock: the option of that id, if there is one.
 */
#ifndef FC_CORE_STOCK_H
#define FC_CORE_STOCK_H

#include "core/decision.h"

/* The option's row, or NULL when there is no such option. */
const struct option *stock_of_option(const struct shop *shop, int64_t option_id);

/* What can be bought now. */
int64_t stock_available(const struct option *option);

/* Precedence: misrouted (no product's key), unknown_option, misrouted (another product's key),
 * insufficient_stock, invalid_request (above STOCK_MAX). */
struct decision stock_decide_restock(const struct shop *shop, const struct command *command);

/* Adds the event that moves the total of an option by `quantity`. */
void stock_restock(const struct option *option, int64_t quantity, struct decision *decision);

/* An option of the lines whose total would pass STOCK_MAX if they were returned; 0: none. */
int64_t stock_no_room(const struct shop *shop, const struct stock_line *lines, int32_t line_count);

/* Adds the event that moves the stock of an order's lines, of type stock.reserved, released, taken
 * or returned. What it asks for must be there. */
void stock_move(const struct shop *shop, enum event_type type, const struct stock_moved *moved,
                struct decision *decision);

void stock_apply_restocked(struct shop *shop, const struct event *event);
/* stock.reserved, released, taken, returned. */
void stock_apply_moved(struct shop *shop, const struct event *event);

#endif
