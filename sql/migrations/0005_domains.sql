-- What one column may hold is said by domains. A statement that writes reads the CHECKs of its
-- table from their text and plans them, each time; a session does so once with those of domains.
-- Tables keep what is between columns, without what domains and other CHECKs imply.
--
-- Values are as they were, and so is the error. Domains get their conditions when columns have
-- them: so no table is written anew. Each is locked, read once for itself and once for each
-- condition, and its partial indexes are made again. A session of before is told 0A000 when it asks
-- again what it had asked, and connects anew.

create domain won as bigint;
create domain pieces as bigint;
create domain positive as bigint;
create domain positive_integer as integer;
create domain not_negative as bigint;
create domain not_negative_integer as integer;
create domain basis_points as integer;
create domain discount_type as text;
create domain coupon_status as text;
create domain order_status as text;
create domain payment_method as text;
create domain payment_failure as text;

alter table wallet
    drop constraint wallet_balance_check,
    drop constraint wallet_version_check,
    drop constraint held_is_there,
    alter column balance type won,
    alter column held type won,
    alter column version type positive;
alter table wallet
    add constraint held_is_there check (held <= balance);

alter table product_option
    drop constraint product_option_total_check,
    drop constraint stock_is_there,
    alter column total type pieces,
    alter column reserved type pieces;
alter table product_option
    add constraint stock_is_there check (reserved <= total);

alter table coupon_template
    drop constraint coupon_template_discount_type_check,
    drop constraint coupon_template_discount_value_check,
    drop constraint coupon_template_quantity_check,
    drop constraint coupon_template_issued_check,
    drop constraint coupon_template_valid_days_check,
    drop constraint coupon_template_min_total_check,
    drop constraint coupon_template_version_check,
    alter column discount_type type discount_type,
    alter column discount_value type positive,
    alter column quantity type not_negative,
    alter column issued type not_negative,
    alter column valid_days type positive_integer,
    alter column min_total type not_negative,
    alter column version type positive;

alter table coupon
    drop constraint coupon_position_check,
    drop constraint coupon_status_check,
    drop constraint coupon_discount_type_check,
    drop constraint coupon_discount_value_check,
    drop constraint coupon_min_total_check,
    drop constraint coupon_version_check,
    alter column position type positive,
    alter column status type coupon_status,
    alter column discount_type type discount_type,
    alter column discount_value type positive,
    alter column min_total type not_negative,
    alter column version type positive;

-- A discount is in the total as what is paid, their difference, is not negative.
alter table orders
    drop constraint orders_status_check,
    drop constraint orders_total_check,
    drop constraint orders_payment_method_check,
    drop constraint orders_version_check,
    drop constraint orders_failure_check,
    drop constraint transfer_rate_is_a_rate,
    drop constraint discount_in_total,
    drop constraint from_balance_in_paid,
    drop constraint transfer_discount_in_discount,
    alter column status type order_status,
    alter column total type won,
    alter column discount type won,
    alter column paid type won,
    alter column payment_method type payment_method,
    alter column version type positive,
    alter column from_balance type won,
    alter column transfer_rate type basis_points,
    alter column transfer_discount type won,
    alter column failure type payment_failure;
alter table orders
    add constraint from_balance_in_paid check (from_balance <= paid),
    add constraint transfer_discount_in_discount check (transfer_discount <= discount);

alter table order_line
    drop constraint order_line_quantity_check,
    drop constraint order_line_unit_price_check,
    drop constraint shipped_in_quantity,
    alter column quantity type positive_integer,
    alter column unit_price type not_negative,
    alter column shipped type not_negative_integer;
alter table order_line
    add constraint shipped_in_quantity check (shipped <= quantity);

alter domain won add constraint won_are_a_sum check (value between 0 and 1000000000000000);
alter domain pieces add constraint pieces_are_a_stock check (value between 0 and 1000000000);
alter domain positive add constraint positive_is_above_0 check (value > 0);
alter domain positive_integer add constraint positive_integer_is_above_0 check (value > 0);
alter domain not_negative add constraint not_negative_is_none_below_0 check (value >= 0);
alter domain not_negative_integer
    add constraint not_negative_integer_is_none_below_0 check (value >= 0);
alter domain basis_points add constraint basis_points_are_a_rate check (value between 0 and 10000);
alter domain discount_type
    add constraint discount_type_is_known check (value in ('amount', 'rate'));
alter domain coupon_status
    add constraint coupon_status_is_known
        check (value in ('available', 'used', 'expired', 'cancelled'));
alter domain order_status
    add constraint order_status_is_known
        check (value in ('pending_payment', 'paid', 'partly_shipped', 'shipped', 'cancelled',
                         'failed'));
alter domain payment_method
    add constraint payment_method_is_known check (value in ('balance', 'bank_transfer'));
alter domain payment_failure
    add constraint payment_failure_is_known check (value in ('declined', 'timed_out', 'expired'));
