-- One row a decided command, in order of decision. What was set aside before and is decided now,
-- since a copy of it came, is so no longer; it is looked for only where anything is set aside.
-- (Asked for by resolution: resolved_at would lead the planner to the index of all that is set
-- aside, of which the first entry says that there is one.)
with decided as (
    update parked
       set resolved_at = now(), resolution = 'decided'
     where command_id = any ($1::uuid[])
       and resolution is null
       and exists (select from parked where resolved_at is null and queue > '')
)
insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key,
                     accepted_at, decided_at, verdict, body, result, events, traceparent, replay_of,
                     order_id)
select unnest($1::uuid[]), unnest($2::text[]), unnest($3::smallint[]), unnest($4::text[]),
       unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::text[]), unnest($8::timestamptz[]),
       $9::timestamptz, unnest($10::text[]), unnest($11::text[]), unnest($12::text[]),
       unnest($13::text[]), unnest($14::text[]), unnest($15::uuid[]), unnest($16::uuid[])
