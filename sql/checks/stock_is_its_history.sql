-- Each option's total and reserved are what was put in, restocked, and moved by orders since.
with told as materialized (
    select e.seq, e.type, e.data
      from journal_event e
     where e.command_type in ('product.put', 'option.restock', 'order.place', 'order.cancel',
                              'order.change', 'order.expire', 'payment.settle')
       and (e.type = 'product.put' or e.type like 'stock.%')
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
           (t.data ->> 'quantity')::bigint as total, 0 as reserved, t.seq
      from told t
     where t.type = 'stock.restocked'
     union all
    select (l.value ->> 'option_id')::bigint,
           case t.type when 'stock.taken' then -(l.value ->> 'quantity')::bigint
                       when 'stock.returned' then (l.value ->> 'quantity')::bigint
                       else 0 end,
           case when t.type = 'stock.reserved' then (l.value ->> 'quantity')::bigint
                when t.type = 'stock.released' or (t.data ->> 'from_reserved')::boolean
                then -(l.value ->> 'quantity')::bigint
                else 0 end,
           t.seq
      from told t
     cross join lateral jsonb_array_elements(t.data -> 'lines') as l (value)
     where t.type <> 'stock.restocked'
), summed as (
    select b.option_id, b.stock + coalesce(sum(m.total), 0) as total,
           coalesce(sum(m.reserved), 0) as reserved
      from born b
      left join moved m on m.option_id = b.option_id and m.seq >= b.seq
     group by b.option_id, b.stock
)
select o.option_id, o.product_id, o.total, s.total as history, o.reserved,
       s.reserved as reserved_told
  from product_option o
  left join summed s on s.option_id = o.option_id
 where o.total is distinct from s.total
    or o.reserved is distinct from s.reserved
