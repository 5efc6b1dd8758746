-- The bytes of one thing that was set aside and not resolved. The lock makes a worker wait that
-- would park the same bytes again: it then finds this row resolved and makes another.
-- $1 bigint: its id
select queue, command_id, bytes
  from parked
 where parked_id = $1::bigint
   and resolved_at is null
   for update
