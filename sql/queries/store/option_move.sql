-- Stock as sums: they commute, so that options are read without a lock and written late. The CHECK
-- is the guard; when it fails, the batch is decided again on locked rows. They come in the order of
-- their ids, and are locked in it.
with moved as (
    update product_option o
    set total = o.total + new.total, reserved = o.reserved + new.reserved,
        ordered = o.ordered or new.ordered
    from (
        select unnest($1::bigint[]) as option_id, unnest($2::bigint[]) as total,
               unnest($3::bigint[]) as reserved, unnest($4::boolean[]) as ordered
    ) new
    where o.option_id = new.option_id
    returning 1
)
select must_touch(cardinality($1::bigint[]), count(*), 'product_option')
from moved
having count(*) <> cardinality($1::bigint[])
