/*
 * The rules a second time, as a shopkeeper with paper and no helpers would keep them: one command
 * after another on plain arrays, searched from the start, changed in place, no events, no versions,
 * no indexes. Written from the rules, not from the core; a test asks both the same and compares
 * every verdict and everything that stands in the books at the end.
 */
#ifndef FC_TESTS_SUPPORT_NAIVE_H
#define FC_TESTS_SUPPORT_NAIVE_H

#include "core/decide.h"

#define NAIVE_USERS 128
#define NAIVE_PRODUCTS 128
#define NAIVE_OPTIONS 1024
#define NAIVE_TEMPLATES 256
#define NAIVE_COUPONS 4096
#define NAIVE_ORDERS 8192
#define NAIVE_LINES 16
#define NAIVE_NAME_BYTES 64

struct naive_user {
    int64_t id;
    bool wallet;
    int64_t balance;
    int64_t held;
};

struct naive_product {
    int64_t id;
    char name[NAIVE_NAME_BYTES];
    int64_t price;
    char category[NAIVE_NAME_BYTES];
    bool stopped;
    bool first_come;
};

struct naive_option {
    int64_t id;
    int64_t product;
    char name[NAIVE_NAME_BYTES];
    int64_t surcharge;
    int64_t total;
    int64_t reserved;
    bool ordered;
};

struct naive_template {
    int64_t id;
    struct discount discount;
    bool limited;
    int64_t quantity;
    int64_t issued;
    int64_t from_us;
    int64_t until_us;
    int32_t days;
    int64_t min_total;
};

struct naive_coupon {
    struct fc_uuid id;
    int64_t template_id;
    int64_t user;
    int64_t position;
    enum coupon_status status;
    struct discount discount;
    int64_t min_total;
    bool expires;
    int64_t expires_us;
};

struct naive_line {
    int64_t option;
    int64_t product;
    int64_t quantity;
    int64_t unit;
    int64_t shipped;
};

struct naive_order {
    struct fc_uuid id;
    int64_t user;
    struct command_key key;
    enum order_status status;
    int64_t total;
    int64_t discount;
    int64_t paid;
    bool has_coupon;
    struct fc_uuid coupon;
    bool transfer;
    int64_t from_balance;
    int32_t rate;
    int64_t transferred; /* before its discount */
    int64_t refunded;
    int64_t expires_us;
    struct naive_line lines[NAIVE_LINES];
    int32_t line_count;
};

struct naive_shop {
    struct naive_user users[NAIVE_USERS];
    int32_t user_count;
    struct naive_product products[NAIVE_PRODUCTS];
    int32_t product_count;
    struct naive_option options[NAIVE_OPTIONS];
    int32_t option_count;
    struct naive_template templates[NAIVE_TEMPLATES];
    int32_t template_count;
    struct naive_coupon coupons[NAIVE_COUPONS];
    int32_t coupon_count;
    struct naive_order orders[NAIVE_ORDERS];
    int32_t order_count;
};

/* An empty shop is all zeros. Whether there is room for what one command more may add. */
bool naive_has_room(const struct naive_shop *shop);

/* Does what is asked, or says why not and leaves everything as it is. */
enum verdict naive_ask(struct naive_shop *shop, const struct policy *policy,
                       const struct command *command, struct fc_instant now);

/* The key under which the contract has the command stand in line, which may be another than it has;
 * false when it is about an order, coupon or option that there is not. */
bool naive_key_of(struct naive_shop *shop, const struct command *command,
                  struct command_key *ret_key);

/* What differs between the two books, as a sentence; false when nothing does. */
bool naive_differs(const struct naive_shop *naive, const struct shop *shop, char ret_why[256]);

/* For the files that make up this one only. NULL: there is none. */
bool naive_text_is(const char *text, struct fc_str other);
struct naive_user *naive_user(struct naive_shop *shop, int64_t id);
struct naive_product *naive_product(struct naive_shop *shop, int64_t id);
struct naive_option *naive_option(struct naive_shop *shop, int64_t id);
struct naive_template *naive_template(struct naive_shop *shop, int64_t id);
struct naive_coupon *naive_coupon(struct naive_shop *shop, const struct fc_uuid *id);
struct naive_order *naive_order(struct naive_shop *shop, const struct fc_uuid *id);
bool naive_key_is(const struct command *command, enum command_key_kind kind, int64_t id);
enum verdict naive_product_put(struct naive_shop *shop, const struct policy *policy,
                               const struct command *command);
enum verdict naive_product_delete(struct naive_shop *shop, const struct command *command);
enum verdict naive_restock(struct naive_shop *shop, const struct command *command);
enum verdict naive_order_place(struct naive_shop *shop, const struct policy *policy,
                               const struct command *command, struct fc_instant now);
enum verdict naive_order_cancel(struct naive_shop *shop, const struct policy *policy,
                                const struct command *command);
enum verdict naive_order_change(struct naive_shop *shop, const struct policy *policy,
                                const struct command *command);
enum verdict naive_order_ship(struct naive_shop *shop, const struct command *command);
enum verdict naive_order_settle(struct naive_shop *shop, const struct command *command);
enum verdict naive_order_expire(struct naive_shop *shop, const struct command *command);
struct naive_line *naive_line(struct naive_line *lines, int32_t count, int64_t option);
/* The order that a command is about, under its own key. */
enum verdict naive_find_order(struct naive_shop *shop, const struct command *command,
                              const struct fc_uuid *id, struct naive_order **ret_order);
/* Moves total and reserved of each line's option by so many times its quantity. */
void naive_move_stock(struct naive_shop *shop, const struct naive_order *order, int64_t total,
                      int64_t reserved);
void naive_coupon_returns(struct naive_shop *shop, const struct naive_order *order, int64_t at_us);
enum verdict naive_coupon_usable(const struct naive_coupon *coupon, int64_t user, int64_t at_us,
                                 int64_t total);
/* The coupon is out of its order; too late for another when its time is over. */
void naive_coupon_back(struct naive_coupon *coupon, int64_t at_us);
int64_t naive_discount(const struct discount *discount, int64_t total);

#endif
