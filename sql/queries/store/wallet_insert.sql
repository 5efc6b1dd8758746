-- Wallets of new users.
insert into wallet (user_id, balance, version)
select * from unnest($1::bigint[], $2::bigint[], $3::bigint[])
