-- Sets bytes aside; the same bytes of the same queue stand once, however often they are delivered.
insert into parked (queue, command_id, reason, bytes, delivery_count, worker, times)
select distinct on (new.queue, new.bytes)
       new.queue, new.command_id, new.reason, new.bytes, new.delivery_count, $6::text,
       count(*) over (partition by new.queue, new.bytes)
from unnest($1::text[], $2::uuid[], $3::text[], $4::bytea[], $5::bigint[]) with ordinality
    as new (queue, command_id, reason, bytes, delivery_count, place)
order by new.queue, new.bytes, new.place
on conflict (queue, digest) where resolved_at is null
do update set times = parked.times + excluded.times
