-- How far the counters are behind the events of sales, and how many commands are decided. Of each
-- order that was paid one event is told, of each that was cancelled another; changes and closed
-- days are found in the journal.
select (select count(*) from orders o where o.paid_at is not null)
           + (select count(*) from orders o where o.status = 'cancelled')
           + (select count(*) from journal j
               where (j.type = 'order.change' and j.events like '%"type":"order.changed"%')
                  or (j.type = 'day.close' and j.events like '%"type":"day.closed"%')) as told,
       (select count(*) from counted_event) as counted,
       coalesce((select s.last_value from pg_sequences s
                  where s.schemaname = current_schema()
                    and s.sequencename = 'journal_seq_seq'), 0) as decided
