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

#endif
