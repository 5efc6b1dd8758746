-- Reserved is what orders hold that wait for their payment, and never more than there is.
select o.option_id, o.total, o.reserved, coalesce(w.quantity, 0) as waiting
  from product_option o
  left join (select l.option_id, sum(l.quantity) as quantity
               from orders r
               join order_line l on l.order_id = r.order_id
              where r.status = 'pending_payment'
              group by l.option_id) w on w.option_id = o.option_id
 where o.reserved <> coalesce(w.quantity, 0)
    or o.reserved < 0
    or o.reserved > o.total
