-- A repeat of an idempotency key refers to the same request of the same user, with its verdict.
select r.command_id, r.type, r.actor_id, r.replay_of, r.verdict, f.actor_id as first_actor,
       f.verdict as first_verdict, f.idempotency_key
  from journal r
  left join journal f on f.command_id = r.replay_of
 where r.replay_of is not null
   and (f.command_id is null
        or f.idempotency_key is null
        or f.actor_id is distinct from r.actor_id
        or f.type <> r.type
        or f.body <> r.body
        or f.verdict is distinct from r.verdict
        or f.result <> r.result)
