-- How far the counters are behind the orders, and how many commands are decided.
select (select count(*) from orders where paid_at is not null) as orders_paid,
       (select count(*) from counted_event) as orders_counted,
       coalesce((select s.last_value from pg_sequences s
                  where s.schemaname = current_schema()
                    and s.sequencename = 'journal_seq_seq'), 0) as decided
