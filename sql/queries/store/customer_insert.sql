-- New users.
insert into customer (user_id, registered_at)
select user_id, $2::timestamptz from unnest($1::bigint[]) as new (user_id)
