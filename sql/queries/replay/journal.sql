-- A cursor over the events of the commands decided up to $1, in the order of decision: all up to
-- the last of them. Clocks of workers differ, and what is decided again keeps its instant, so that
-- by the instants alone a command might come without one that it stands on.
declare replay_journal no scroll cursor for
select j.seq, j.events
  from journal j
 where j.events is not null
   and j.seq <= (select max(n.seq) from journal n where n.decided_at <= $1::timestamptz)
 order by j.seq
