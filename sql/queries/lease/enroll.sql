-- Puts this session on a family's roll, by which the other workers count it.
-- $1 integer: the family's lock class
-- $2 integer: the object that stands for the roll
select pg_advisory_lock_shared($1::integer, $2::integer);
