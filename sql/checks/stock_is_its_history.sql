-- Each option's total is what was put in and restocked, less what orders took.
with told as materialized (
    select j.seq, e.value ->> 'type' as type, e.value -> 'data' as data
      from journal j
     cross join lateral jsonb_array_elements(j.events::jsonb) as e (value)
     where j.events is not null
       and j.type in ('product.put', 'option.restock', 'order.place')
), born as (
    -- A deleted option may come back: only its last life counts.
    select distinct on (option_id) option_id, stock, seq
      from (select (o.value ->> 'option_id')::bigint as option_id,
                   (o.value ->> 'stock')::bigint as stock, t.seq
              from told t
             cross join lateral jsonb_array_elements(t.data -> 'options') as o (value)
             where t.type = 'product.put'
               and (o.value ->> 'is_new')::boolean) birth
     order by option_id, seq desc
), moved as (
    select (t.data ->> 'option_id')::bigint as option_id,
           (t.data ->> 'quantity')::bigint as quantity, t.seq
      from told t
     where t.type = 'stock.restocked'
     union all
    select (l.value ->> 'option_id')::bigint, -(l.value ->> 'quantity')::bigint, t.seq
      from told t
     cross join lateral jsonb_array_elements(t.data -> 'lines') as l (value)
     where t.type = 'stock.taken'
), summed as (
    select b.option_id, b.stock + coalesce(sum(m.quantity), 0) as total
      from born b
      left join moved m on m.option_id = b.option_id and m.seq >= b.seq
     group by b.option_id, b.stock
)
select o.option_id, o.product_id, o.total, s.total as history
  from product_option o
  left join summed s on s.option_id = o.option_id
 where o.total is distinct from s.total
