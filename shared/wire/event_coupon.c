#include "wire/event_data.h"

#include "wire/body.h"
#include "wire/words.h"

void wire_event_template_put(struct wire_json *json, const struct event *event)
{
    const struct template_put *template = &event->data.template_put;

    wire_template_members_put(json, template);
    wire_template_terms_put(json, template);
}

void wire_event_template_read(struct wire_node *data, struct event *event)
{
    struct template_put *template = &event->data.template_put;

    (void)wire_read_i64(data, "template_id", WIRE_REQUIRED, WIRE_IDS, &template->template_id);
    wire_body_template_members_read(data, template);
}

/* Null, and what was written before it was named at all, stays WELCOME_TEMPLATE_ID. */
static void template_id_read(struct wire_node *data, int64_t *template_id)
{
    (void)wire_read_i64(data, "template_id", WIRE_OPTIONAL, WIRE_IDS, template_id);
}

void wire_event_issued_put(struct wire_json *json, const struct event *event)
{
    const struct coupon_issued *issued = &event->data.coupon_issued;

    wire_put_uuid(json, "coupon_id", &issued->coupon_id);
    wire_put_template_id(json, issued->template_id);
    wire_put_int(json, "user_id", issued->user_id);
    wire_put_int(json, "position", issued->position);
    wire_json_key(json, "discount");
    wire_discount_put(json, &issued->discount);
    wire_put_int(json, "min_total", issued->min_total.won);
    wire_put_instant(json, "issued_at", issued->issued_at);
    wire_put_expiry(json, issued->expires, issued->expires_at);
}

void wire_event_issued_read(struct wire_node *data, struct event *event)
{
    struct coupon_issued *issued = &event->data.coupon_issued;

    (void)wire_read_uuid(data, "coupon_id", WIRE_REQUIRED, &issued->coupon_id);
    template_id_read(data, &issued->template_id);
    (void)wire_read_i64(data, "user_id", WIRE_REQUIRED, WIRE_IDS, &issued->user_id);
    (void)wire_read_i64(data, "position", WIRE_REQUIRED, WIRE_IDS, &issued->position);
    wire_body_discount_read(data, &issued->discount);
    (void)wire_read_i64(data, "min_total", WIRE_REQUIRED, WIRE_AMOUNTS, &issued->min_total.won);
    (void)wire_read_instant(data, "issued_at", WIRE_REQUIRED, &issued->issued_at);
    issued->expires = wire_read_instant(data, "expires_at", WIRE_OPTIONAL, &issued->expires_at);
}

void wire_event_coupon_put(struct wire_json *json, const struct event *event)
{
    const struct coupon_moved *moved = &event->data.coupon_moved;

    wire_put_uuid(json, "coupon_id", &moved->coupon_id);
    wire_put_template_id(json, moved->template_id);
    wire_put_int(json, "user_id", moved->user_id);
    if (!fc_uuid_is_zero(&moved->order_id))
        wire_put_uuid(json, "order_id", &moved->order_id);
}

void wire_event_coupon_read(struct wire_node *data, struct event *event)
{
    struct coupon_moved *moved = &event->data.coupon_moved;

    (void)wire_read_uuid(data, "coupon_id", WIRE_REQUIRED, &moved->coupon_id);
    template_id_read(data, &moved->template_id);
    (void)wire_read_i64(data, "user_id", WIRE_REQUIRED, WIRE_IDS, &moved->user_id);
    (void)wire_read_uuid(data, "order_id", WIRE_OPTIONAL, &moved->order_id);
}
