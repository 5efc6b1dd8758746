-- Wallets of new users.
insert into wallet (user_id, balance, held, version)
select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
