-- A cursor over the commands that may have brought events that count. In the order in which the
-- table has them, which is nearly that of the decisions: what events move commutes, and a journal
-- is large to be sorted. A text in JSON has its quotes escaped, so that nothing else looks like
-- these.
declare rebuild_journal no scroll cursor for
select j.seq, j.command_id, j.decided_at, j.events
  from journal j
 where j.events like '%"type":"order.%'
    or j.events like '%"type":"day.%'
