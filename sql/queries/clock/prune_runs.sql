-- Forgets old runs, but of each schedule's never the newest.
-- $1 integer: days that are kept
delete from schedule_run r
 where r.due_at < now() - $1::integer * interval '1 day'
   and r.due_at < (select max(n.due_at) from schedule_run n where n.schedule = r.schedule)
