-- Wallets that changed, each guarded by the version it was decided on. They come in the order of
-- their ids, and are locked in it.
with changed as (
    update wallet w
    set balance = new.balance, held = new.held, version = new.version
    from (
        select unnest($1::bigint[]) as user_id, unnest($2::bigint[]) as version_loaded,
               unnest($3::bigint[]) as version, unnest($4::bigint[]) as balance,
               unnest($5::bigint[]) as held
    ) new
    where w.user_id = new.user_id and w.version = new.version_loaded
    returning 1
)
select must_touch(cardinality($1::bigint[]), count(*), 'wallet')
from changed
having count(*) <> cardinality($1::bigint[])
