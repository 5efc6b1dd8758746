/*
 * The contract's words for the core's enums, and the objects that stand in several messages. A
 * list of words ends with NULL; its order is the enum's.
 */
#ifndef FC_WIRE_WORDS_H
#define FC_WIRE_WORDS_H

#include "core/command.h"
#include "wire/json.h"

extern const char *const wire_discount_words[];
extern const char *const wire_product_words[];
extern const char *const wire_payment_words[];
extern const char *const wire_outcome_words[];
extern const char *const wire_failure_words[];
extern const char *const wire_coupon_words[];

/* {"type":"rate","value":500} */
void wire_discount_put(struct wire_json *json, const struct discount *discount);

/* The members that a template has in bodies, events and results alike; valid_days and min_total
 * follow in each its own way. */
void wire_template_members_put(struct wire_json *json, const struct template_put *template);

/* valid_days (null: the shop's) and min_total, as events and results have them. */
void wire_template_terms_put(struct wire_json *json, const struct template_put *template);

/* template_id, null for the coupon that the policy itself issued (WELCOME_TEMPLATE_ID). */
void wire_put_template_id(struct wire_json *json, int64_t template_id);

/* expires_at, null for a coupon that never does. */
void wire_put_expiry(struct wire_json *json, bool expires, struct fc_instant expires_at);

/* A member that is a text, an integer or an amount. */
static inline void wire_put_word(struct wire_json *json, const char *key, const char *word)
{
    wire_json_key(json, key);
    wire_json_str(json, fc_str_of(word));
}

static inline void wire_put_str(struct wire_json *json, const char *key, struct fc_str text)
{
    wire_json_key(json, key);
    wire_json_str(json, text);
}

static inline void wire_put_int(struct wire_json *json, const char *key, int64_t value)
{
    wire_json_key(json, key);
    wire_json_i64(json, value);
}

static inline void wire_put_bool(struct wire_json *json, const char *key, bool value)
{
    wire_json_key(json, key);
    wire_json_bool(json, value);
}

static inline void wire_put_uuid(struct wire_json *json, const char *key, const struct fc_uuid *id)
{
    wire_json_key(json, key);
    wire_json_uuid(json, id);
}

static inline void wire_put_instant(struct wire_json *json, const char *key, struct fc_instant at)
{
    wire_json_key(json, key);
    wire_json_instant(json, at);
}

static inline void wire_put_day(struct wire_json *json, const char *key, struct fc_day day)
{
    wire_json_key(json, key);
    wire_json_day(json, day);
}

#endif
