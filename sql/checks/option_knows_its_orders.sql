-- An option that stands in an order says so, and is there.
select l.option_id, o.option_id is not null as there, o.ordered, count(*) as lines
  from order_line l
  left join product_option o on o.option_id = l.option_id
 where o.option_id is null
    or not o.ordered
    or o.product_id <> l.product_id
 group by l.option_id, o.option_id, o.ordered
