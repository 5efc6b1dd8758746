-- Gives a partition's lock up: false when this session did not hold it.
-- $1 integer: the family's lock class
-- $2 integer: the partition
select pg_advisory_unlock($1::integer, $2::integer);
