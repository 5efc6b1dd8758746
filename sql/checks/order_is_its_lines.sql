-- An order's total is the sum of its lines, and what was paid is the total less the discount.
select o.order_id, o.total, o.discount, o.paid, s.total as lines_total
  from orders o
  left join (select order_id, sum(quantity * unit_price) as total
               from order_line
              group by order_id) s on s.order_id = o.order_id
 where o.total is distinct from s.total
    or o.paid <> o.total - o.discount
    or o.discount < 0
    or o.paid < 0
