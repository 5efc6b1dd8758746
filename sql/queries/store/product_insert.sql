-- New products.
insert into product (product_id, name, price, category, status, first_come, version, created_at)
select product_id, name, price, category, status, first_come, version, $8::timestamptz
from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::boolean[],
            $7::bigint[])
    as new (product_id, name, price, category, status, first_come, version)
