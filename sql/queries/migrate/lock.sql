-- Waits for other runners of migrations; held until the session ends.
-- $1 integer: the lock class of migrations
-- $2 integer: the object that stands for the schema
select pg_advisory_lock($1::integer, $2::integer);
