-- Who owns these idempotency keys (actor and key are pairs, with the bytes of the asked body): each
-- once, and its body only where it can be equal, so that small requests do not bring large ones.
SELECT j.actor_id, j.idempotency_key, j.command_id, j.type,
       CASE WHEN octet_length(j.body) = ANY (asked.sizes) THEN j.body END AS body,
       j.verdict, j.result
FROM (
    SELECT actor_id, idempotency_key, array_agg(size) AS sizes
    FROM unnest($1::bigint[], $2::text[], $3::integer[]) AS asked (actor_id, idempotency_key, size)
    GROUP BY actor_id, idempotency_key
) asked
CROSS JOIN LATERAL (
    -- By the index, whatever the planner believes of the journal's size.
    SELECT * FROM journal j
    WHERE j.actor_id = asked.actor_id AND j.idempotency_key = asked.idempotency_key
    LIMIT 1
) j
