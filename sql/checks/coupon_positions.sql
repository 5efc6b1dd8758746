-- The coupons of a template have the positions 1 to n, each once, and one user each.
-- Those that the policy gives are of no template, and the first of their users.
select template_id, count(*) as coupons, min(position) as lowest, max(position) as highest,
       count(distinct position) as positions, count(distinct user_id) as users
  from coupon
 group by template_id
having min(position) <> 1
    or max(position) <> case when template_id = 0 then 1 else count(*) end
    or count(distinct position) <> case when template_id = 0 then 1 else count(*) end
    or count(distinct user_id) <> count(*)
