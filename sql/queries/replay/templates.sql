-- The next ids of templates, behind $1.
select template_id from coupon_template
where template_id > $1::bigint
order by template_id
limit 500
