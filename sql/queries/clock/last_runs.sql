-- The newest instant that each schedule was seen to.
select r.schedule, max(r.due_at) as due_at
  from schedule_run r
 where r.due_at <= now()
 group by r.schedule
