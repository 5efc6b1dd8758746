/*
 * What can be asked. A command is parsed and checked for form by the wire floor before it comes
 * here: numbers are in the bounds of base/limits.h, texts are UTF-8 of bounded length, lists are
 * not empty. Views live as long as the batch.
 */
#ifndef FC_CORE_COMMAND_H
#define FC_CORE_COMMAND_H

#include "base/id.h"
#include "base/krw.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/time.h"
#include "core/policy.h"

/* What stands for a template where the policy itself issued the coupon. */
#define WELCOME_TEMPLATE_ID 0
#define POLICY_KEY_ID 1

enum command_type {
    COMMAND_USER_REGISTER,
    COMMAND_WALLET_CHARGE,
    COMMAND_COUPON_ISSUE,
    COMMAND_COUPON_REVOKE,
    COMMAND_COUPON_EXPIRE,
    COMMAND_TEMPLATE_PUT,
    COMMAND_TEMPLATE_DELETE,
    COMMAND_ORDER_PLACE,
    COMMAND_ORDER_CANCEL,
    COMMAND_ORDER_CHANGE,
    COMMAND_ORDER_SHIP,
    COMMAND_ORDER_EXPIRE,
    COMMAND_PAYMENT_SETTLE,
    COMMAND_PRODUCT_PUT,
    COMMAND_PRODUCT_DELETE,
    COMMAND_OPTION_RESTOCK,
    COMMAND_POLICY_APPLY,
    COMMAND_DAY_CLOSE,
    COMMAND_COUNT
};

/* The object under whose key the command stands in line. */
enum command_key_kind {
    COMMAND_KEY_USER,
    COMMAND_KEY_PRODUCT,
    COMMAND_KEY_TEMPLATE, /* WELCOME_TEMPLATE_ID for coupons that no template issued */
    COMMAND_KEY_POLICY,   /* POLICY_KEY_ID, the shop's one */
    COMMAND_KEY_DAY       /* days since 1970-01-01 */
};

struct command_key {
    enum command_key_kind kind;
    int64_t id;
};

enum product_status { PRODUCT_ON_SALE, PRODUCT_STOPPED };

enum payment_method { PAYMENT_BALANCE, PAYMENT_BANK_TRANSFER };

struct user_register {
    int64_t user_id;
};

struct wallet_charge {
    int64_t user_id;
    struct krw amount; /* 0 and negative ones come through: the policy refuses them */
};

struct coupon_issue {
    int64_t template_id;
    int64_t user_id;
};

struct template_put {
    int64_t template_id;
    struct fc_str name;
    struct discount discount;
    bool limited; /* false: unlimited, quantity is 0 */
    int64_t quantity;
    struct fc_instant issue_from;
    struct fc_instant issue_until; /* the first instant at which it is closed */
    int32_t valid_days;            /* 0: the policy's */
    struct krw min_total;
};

struct template_delete {
    int64_t template_id;
};

struct order_line {
    int64_t option_id;  /* 0: the product's only option */
    int64_t product_id; /* 0: the option's */
    int64_t quantity;
};

struct coupon_revoke {
    struct fc_uuid coupon_id;
};

/* Those of them that are available and past their expiry when the command was accepted. */
struct coupon_expire {
    struct fc_uuid *coupon_ids;
    int32_t coupon_count; /* 1 to COUPON_EXPIRE_MAX */
};

struct order_place {
    int64_t user_id;
    struct order_line *lines; /* as asked: an option may stand in several */
    int32_t line_count;
    bool has_coupon;
    struct fc_uuid coupon_id;
    enum payment_method payment;
    struct krw from_balance; /* with a bank transfer: the part that the balance pays; else 0 */
    bool has_ordered_at;
    struct fc_instant ordered_at; /* the instant the order belongs to; else accepted_at */
};

struct order_cancel {
    struct fc_uuid order_id;
    struct fc_str reason; /* may be empty */
};

struct order_change {
    struct fc_uuid order_id;
    struct order_line *lines; /* the whole new list, as asked */
    int32_t line_count;
};

struct order_ship {
    struct fc_uuid order_id;
    struct order_line *lines; /* product_id is 0; an option may stand in several */
    int32_t line_count;
};

/* Releases what is reserved for an order whose payment was not settled in time. */
struct order_expire {
    struct fc_uuid order_id;
};

enum payment_outcome { PAYMENT_APPROVED, PAYMENT_DECLINED, PAYMENT_TIMED_OUT };

struct payment_settle {
    struct fc_uuid order_id;
    enum payment_outcome outcome;
    struct fc_str payment_id; /* the gateway's, may be empty */
};

struct option_put {
    int64_t option_id; /* 0: the product's option of that name, or a new one */
    struct fc_str name;
    struct krw surcharge; /* may be negative, the sum with the price may not */
    int64_t stock;        /* the total it shall have */
};

struct product_put {
    int64_t product_id;
    struct fc_str name;
    struct krw price;
    struct fc_str category; /* may be empty */
    enum product_status status;
    bool first_come;
    struct option_put *options; /* the whole list: an option left out is deleted */
    int32_t option_count;
};

struct product_delete {
    int64_t product_id;
};

struct option_restock {
    int64_t option_id;
    int64_t quantity; /* negative takes out, never below what is reserved */
};

struct policy_apply {
    struct policy policy;
    struct fc_str document; /* the policy as canonical JSON (wire/policy.h) */
};

struct day_close {
    struct fc_day day; /* in Asia/Seoul; over at accepted_at */
};

struct command {
    struct fc_uuid id;
    enum command_type type;
    struct command_key key;
    int64_t actor_id; /* who asked; 0: the system or a producer that names nobody */
    struct fc_instant accepted_at;

    union {
        struct user_register user_register;
        struct wallet_charge wallet_charge;
        struct coupon_issue coupon_issue;
        struct coupon_revoke coupon_revoke;
        struct coupon_expire coupon_expire;
        struct template_put template_put;
        struct template_delete template_delete;
        struct order_place order_place;
        struct order_cancel order_cancel;
        struct order_change order_change;
        struct order_ship order_ship;
        struct order_expire order_expire;
        struct payment_settle payment_settle;
        struct product_put product_put;
        struct product_delete product_delete;
        struct option_restock option_restock;
        struct policy_apply policy_apply;
        struct day_close day_close;
    } body;
};

/* The user in its body, or 0: commands on an order name none (see shop_user_id, core/decide.h). */
int64_t command_user_id(const struct command *command);

/* The order that the command is about, NULL when it is about none; that of an order.place is born
 * with it and not meant. */
const struct fc_uuid *command_order_id(const struct command *command);

/* Whether the command stands in line under the key of that object. */
bool command_key_is(const struct command *command, enum command_key_kind kind, int64_t id);

#endif
