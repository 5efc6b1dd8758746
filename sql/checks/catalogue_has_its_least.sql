-- There are as many products as the policy asks for at least.
select p.version, (p.document -> 'catalogue' ->> 'products_min')::bigint as products_min,
       (select count(*) from product) as products
  from (select version, document from policy order by version desc limit 1) p
 where (select count(*) from product) < (p.document -> 'catalogue' ->> 'products_min')::bigint
