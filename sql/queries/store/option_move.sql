-- Stock as sums: they commute, so that options are read without a lock and written late. The CHECK
-- is the guard; when it fails, the batch is decided again on locked rows.
with moved as (
    update product_option o
    set total = o.total + new.total, reserved = o.reserved + new.reserved,
        ordered = o.ordered or new.ordered
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[])
        as new (option_id, total, reserved, ordered)
    where o.option_id = new.option_id
    returning 1
)
select must_touch(cardinality($1::bigint[]), (select count(*) from moved), 'product_option')
