-- The next ids of users, behind $1.
select user_id from customer where user_id > $1::bigint order by user_id limit 500
