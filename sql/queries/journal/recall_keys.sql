-- Who owns these idempotency keys (actor and key are pairs, with the bytes of the asked body): a
-- row for each time that one is asked for, with the body only where it can be equal, so that small
-- requests do not bring large ones.
select j.actor_id, j.idempotency_key, j.command_id, j.type,
       case when octet_length(j.body) = asked.size then j.body end as body, j.verdict, j.result
from (
    select unnest($1::bigint[]) as actor_id, unnest($2::text[]) as idempotency_key,
           unnest($3::integer[]) as size
) asked
cross join lateral (
    -- By the index, whatever the planner believes of the journal's size.
    select * from journal j
    where j.actor_id = asked.actor_id and j.idempotency_key = asked.idempotency_key
    limit 1
) j
