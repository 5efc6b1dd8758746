-- Tries a partition's lock without waiting: true when this session holds it now.
-- $1 integer: the family's lock class
-- $2 integer: the partition
select pg_try_advisory_lock($1::integer, $2::integer);
