-- Nothing was lost and nothing was sold twice: a row a finding, none when all is well. Run by psql
-- behind a load, with ON_ERROR_STOP.
set search_path = service;

select 'a wallet is not the sum of its entries' as finding, w.user_id::text as thing
  from wallet w
  left join (select user_id, sum(case kind when 'use' then -amount else amount end) as told
               from wallet_entry group by user_id) e using (user_id)
 where w.balance is distinct from coalesce(e.told, 0)
union all
select 'the last entry does not show the wallet''s balance', w.user_id::text
  from wallet w
  join (select distinct on (user_id) user_id, balance
          from wallet_entry order by user_id, entry_id desc) e using (user_id)
 where w.balance <> e.balance
union all
select 'an option''s stock is not what it had less what was sold', o.option_id::text
  from product_option o
  join seeded s using (option_id)
  left join (select option_id, sum(quantity) as sold
               from order_line group by option_id) l using (option_id)
 where o.stock <> s.stock - coalesce(l.sold, 0)
union all
select 'an order is not the sum of its lines', o.order_id::text
  from orders o
  left join (select order_id, sum(quantity * unit_price) as total
               from order_line group by order_id) l using (order_id)
 where o.total is distinct from l.total
union all
select 'an order without its payment, entry, request or events', o.order_id::text
  from orders o
  left join payment p using (order_id)
  left join request r on r.request_id = o.order_id and r.kind = 'order'
  left join (select request_id, sum(amount) as amount
               from wallet_entry where kind = 'use' group by request_id) e
         on e.request_id = o.order_id
  left join (select request_id, count(*) as count from outbox
              where type in ('order.paid', 'wallet.used') group by request_id) t
         on t.request_id = o.order_id
 where p.amount is distinct from o.paid or r.amount is distinct from o.total
       or coalesce(e.amount, 0) <> o.paid or t.count is distinct from 2
union all
select 'a request of an order without the order', r.request_id::text
  from request r
 where r.kind = 'order'
       and not exists (select from orders o where o.order_id = r.request_id)
union all
select 'a template''s coupons are not 1, 2, 3 … as many as were issued', t.template_id::text
  from coupon_template t
  left join (select template_id, count(*) as count, count(distinct position) as positions,
                    max(position) as last
               from coupon group by template_id) c using (template_id)
 where t.issued <> coalesce(c.count, 0) or c.count <> c.positions or c.count <> c.last
limit 20;
