-- Who owns these idempotency keys (actor and key are pairs, with the bytes of the asked body): each
-- once, and its body only where it can be equal, so that small requests do not bring large ones.
select j.actor_id, j.idempotency_key, j.command_id, j.type,
       case when octet_length(j.body) = any (asked.sizes) then j.body end as body,
       j.verdict, j.result
from (
    select actor_id, idempotency_key, array_agg(size) as sizes
    from unnest($1::bigint[], $2::text[], $3::integer[]) as asked (actor_id, idempotency_key, size)
    group by actor_id, idempotency_key
) asked
cross join lateral (
    -- By the index, whatever the planner believes of the journal's size.
    select * from journal j
    where j.actor_id = asked.actor_id and j.idempotency_key = asked.idempotency_key
    limit 1
) j
