-- Wallets that changed, each guarded by the version it was decided on.
with changed as (
    update wallet w
    set balance = new.balance, held = new.held, version = new.version
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
        as new (user_id, version_loaded, version, balance, held)
    where w.user_id = new.user_id and w.version = new.version_loaded
    returning 1
)
select must_touch(cardinality($1::bigint[]), (select count(*) from changed), 'wallet')
