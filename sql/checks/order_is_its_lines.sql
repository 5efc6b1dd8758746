-- An order's total is the sum of its lines, and what was paid is the total less the discount.
-- Its status tells how much of it is shipped; only what is transferred has terms of a transfer.
select o.order_id, o.status, o.total, o.discount, o.paid, s.total as lines_total,
       s.quantity, s.shipped
  from orders o
  left join (select order_id, sum(quantity * unit_price) as total, sum(quantity) as quantity,
                    sum(shipped) as shipped, bool_or(shipped > quantity or shipped < 0) as beyond
               from order_line
              group by order_id) s on s.order_id = o.order_id
 where o.total is distinct from s.total
    or o.paid <> o.total - o.discount
    or o.discount < 0
    or o.paid < 0
    or s.beyond
    or case o.status when 'shipped' then s.shipped <> s.quantity
                     when 'partly_shipped' then s.shipped <= 0 or s.shipped >= s.quantity
                     else s.shipped <> 0 end
    or (o.payment_method = 'balance'
        and (o.from_balance <> 0 or o.transfer_rate <> 0 or o.transfer_discount <> 0))
