-- Placed orders that are paid from the balance at once, in full and without a coupon: most orders
-- of a rush. What is not said here is as a new row has it.
insert into orders (order_id, user_id, key, status, total, discount, paid, payment_method,
                    ordered_at, paid_at, version)
select order_id, user_id, key, 'paid', total, 0, total, 'balance', ordered_at, paid_at, 1
from (
    select unnest($1::uuid[]) as order_id, unnest($2::bigint[]) as user_id,
           unnest($3::text[]) as key, unnest($4::bigint[]) as total,
           unnest($5::timestamptz[]) as ordered_at, unnest($6::timestamptz[]) as paid_at
) placed
