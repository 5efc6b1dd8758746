-- The coupons of a template have the positions 1 to n, each once, and one user each.
select template_id, count(*) as coupons, min(position) as lowest, max(position) as highest,
       count(distinct position) as positions, count(distinct user_id) as users
  from coupon
 group by template_id
having min(position) <> 1
    or max(position) <> count(*)
    or count(distinct position) <> count(*)
    or count(distinct user_id) <> count(*)
