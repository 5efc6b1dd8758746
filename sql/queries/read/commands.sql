-- What became of these commands: those that are decided, and those that were set aside. Others have
-- no row.
-- $1 uuid[]: command ids
select j.command_id, j.type, j.accepted_at, j.decided_at, j.verdict, j.result, j.replay_of,
       j.actor_id, j.user_id, false as parked
  from journal j
 where j.command_id = any ($1::uuid[])
union all
select p.command_id, null, null, max(p.parked_at), null, null, null, null, null, true
  from parked p
 where p.command_id = any ($1::uuid[])
   and p.resolution is distinct from 'requeued'
   and not exists (select from journal k where k.command_id = p.command_id)
 group by p.command_id
