-- Sets bytes aside; the same bytes of the same queue stand once, however often they are delivered.
INSERT INTO parked (queue, command_id, reason, bytes, delivery_count, worker)
SELECT DISTINCT ON (queue, sha256(bytes))
       queue, command_id, reason, bytes, delivery_count, $6::text
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bytea[], $5::bigint[])
    AS put (queue, command_id, reason, bytes, delivery_count)
ON CONFLICT (queue, digest) WHERE resolved_at IS NULL DO UPDATE SET times = parked.times + 1
