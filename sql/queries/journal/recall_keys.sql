-- Who owns these idempotency keys (actor and key are pairs).
SELECT j.actor_id, j.idempotency_key, j.command_id, j.type, j.body, j.verdict, j.result
FROM unnest($1::bigint[], $2::text[]) AS asked (actor_id, idempotency_key)
JOIN journal j ON j.actor_id = asked.actor_id AND j.idempotency_key = asked.idempotency_key
