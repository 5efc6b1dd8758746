/* The words that stand for enum constants in the tables. */
#ifndef FC_SHOP_TEXTS_H
#define FC_SHOP_TEXTS_H

#include "core/shop.h"

struct fc_str text_of_discount(enum discount_type type);
enum discount_type discount_of_text(struct fc_str text);
struct fc_str text_of_product_status(enum product_status status);
enum product_status product_status_of_text(struct fc_str text);
struct fc_str text_of_coupon_status(enum coupon_status status);
enum coupon_status coupon_status_of_text(struct fc_str text);
struct fc_str text_of_payment(enum payment_method method);
enum payment_method payment_of_text(struct fc_str text);
struct fc_str text_of_order_status(enum order_status status);
enum order_status order_status_of_text(struct fc_str text);
struct fc_str text_of_failure(enum order_failure failure);
enum order_failure failure_of_text(struct fc_str text);

#endif
