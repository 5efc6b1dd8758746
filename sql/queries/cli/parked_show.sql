-- One thing that was set aside.
-- $1 bigint: its id
select parked_id, parked_at, queue, command_id, reason, length(bytes)::bigint as byte_count,
       delivery_count, times, worker, resolved_at, resolution, bytes
  from parked
 where parked_id = $1::bigint
