-- The journal and what else there is, at a glance. Numbers of the journal come from its sequence,
-- which a batch that was rolled back leaves with a gap.
with newest as (
    select coalesce((select s.last_value from pg_sequences s
                      where s.schemaname = current_schema()
                        and s.sequencename = 'journal_seq_seq'), 0) as seq
)
select n.seq as decided,
       pg_total_relation_size('journal') as journal_bytes,
       (select max(j.decided_at) from journal j where j.seq > n.seq - 1000) as decided_at,
       (select count(*) from parked p where p.resolved_at is null) as parked,
       (select count(*) from customer) as users,
       (select count(*) from product) as products,
       (select count(*) from orders) as orders,
       (select count(*) from orders o where o.paid_at is not null)
           - coalesce((select sum(s.orders)::bigint from sales_total_daily s), 0) as uncounted
  from newest n
