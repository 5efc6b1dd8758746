-- A template has issued as many coupons as there are of it, and never more than its quantity.
select coalesce(t.template_id, c.template_id) as template_id, t.quantity, t.issued,
       coalesce(c.coupons, 0) as coupons
  from coupon_template t
  full join (select template_id, count(*) as coupons
               from coupon
              where template_id <> 0
              group by template_id) c on c.template_id = t.template_id
 where t.template_id is null
    or t.issued <> coalesce(c.coupons, 0)
    or t.issued > t.quantity
