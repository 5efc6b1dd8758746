-- Sets bytes aside; the same bytes of the same queue stand once, however often they are delivered.
INSERT INTO parked (queue, command_id, reason, bytes, delivery_count, worker, times)
SELECT DISTINCT ON (new.queue, new.bytes)
       new.queue, new.command_id, new.reason, new.bytes, new.delivery_count, $6::text,
       count(*) OVER (PARTITION BY new.queue, new.bytes)
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bytea[], $5::bigint[]) WITH ORDINALITY
    AS new (queue, command_id, reason, bytes, delivery_count, place)
ORDER BY new.queue, new.bytes, new.place
ON CONFLICT (queue, digest) WHERE resolved_at IS NULL
DO UPDATE SET times = parked.times + excluded.times
