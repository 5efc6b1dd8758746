-- All commands of a key were decided in one and the same partition.
select key, type like 'coupon.%' or type like 'template.%' as of_coupons,
       count(distinct partition) as partitions, min(partition) as one, max(partition) as another
  from journal
 where verdict is distinct from 'misrouted'
 group by 1, 2
having count(distinct partition) > 1
