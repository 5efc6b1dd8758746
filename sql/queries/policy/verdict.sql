-- What became of a policy.apply: its verdict (null: it was applied) with the version or the
-- problem, or why it was set aside. No row while it is undecided.
-- $1 uuid: the command
select j.verdict, j.result, null::text as parked
  from journal j
 where j.command_id = $1
union all
select null, null, p.reason
  from parked p
 where p.command_id = $1 and p.resolved_at is null
 limit 1
