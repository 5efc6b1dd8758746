-- No command is both decided and set aside.
select p.parked_id, p.command_id, p.queue, p.reason, j.type, j.verdict, j.decided_at
  from parked p
  join journal j on j.command_id = p.command_id
 where p.resolved_at is null
