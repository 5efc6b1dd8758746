-- One row a decided command, in order of decision. What was set aside before and is decided now,
-- since a copy of it came, is so no longer. (Asked for by resolution: resolved_at would lead the
-- planner to the index of all that is set aside.)
with decided as (
    update parked
       set resolved_at = now(), resolution = 'decided'
     where command_id = any ($1::uuid[])
       and resolution is null
)
insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key,
                     accepted_at, decided_at, verdict, body, result, events, traceparent, replay_of,
                     order_id)
select * from unnest($1::uuid[], $2::text[], $3::smallint[], $4::text[], $5::bigint[], $6::bigint[],
                     $7::text[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[],
                     $12::text[], $13::text[], $14::text[], $15::uuid[], $16::uuid[])
