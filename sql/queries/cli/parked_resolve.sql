-- Marks as resolved; touches nothing that is resolved already.
-- $1 bigint: its id; $2 text: requeued or dropped
update parked
   set resolved_at = now(), resolution = $2::text
 where parked_id = $1::bigint
   and resolved_at is null
