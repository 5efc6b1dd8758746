-- What was set aside, newest first.
-- $1 boolean: those too that were requeued or dropped; $2 bigint: how many at most
select parked_id, parked_at, queue, command_id, reason, length(bytes)::bigint as byte_count,
       delivery_count, times, worker, resolved_at, resolution
  from parked
 where $1::boolean or resolved_at is null
 order by parked_id desc
 limit $2::bigint
