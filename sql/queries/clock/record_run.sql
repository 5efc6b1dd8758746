-- An instant was seen to. One that was before keeps its row.
-- $1 text: the schedule
-- $2 timestamptz: the instant
-- $3 bigint: commands that were sent
insert into schedule_run (schedule, due_at, commands)
values ($1::text, $2::timestamptz, $3::bigint)
on conflict (schedule, due_at) do nothing
