-- A shop into a migrated database without any: bench.users users with a balance of bench.balance
-- won each, bench.options options (five to a product) with a billion pieces each, and the journal
-- that tells of them, as if commands had asked for all of it.

create temp table crc_step as
select n, bit from (
    with recursive crc (n, bit, step) as (
        select n, n, 0 from generate_series(0::bigint, 255) as byte (n)
        union all
        select n, case when bit & 1 = 1 then (bit >> 1) # 3988292384 else bit >> 1 end, step + 1
        from crc where step < 8
    )
    select n, bit, step from crc
) steps
where step = 8;

-- What producers compute of a key (docs/api.md): zlib's CRC-32 of it, by the number of partitions.
create function pg_temp.partition_of(key text) returns smallint language plpgsql as $$
declare
    steps bigint[] := current_setting('bench.crc_steps')::bigint[];
    bytes bytea := convert_to(key, 'UTF8');
    crc bigint := 4294967295;
begin
    for i in 0 .. length(bytes) - 1 loop
        crc := (crc >> 8) # steps[((crc # get_byte(bytes, i)) & 255) + 1];
    end loop;
    return (crc # 4294967295) % current_setting('bench.partitions')::bigint;
end
$$;

select set_config('bench.crc_steps', array_agg(bit order by n)::text, false)
from crc_step;

-- Ids as the ingress makes them: the milliseconds, a count, and chance.
create function pg_temp.id_of(at timestamptz, n bigint) returns uuid language sql as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '8'
            || lpad(to_hex(n & 4095), 3, '0') || '8'
            || substr(md5(current_setting('bench.seed') || n), 1, 15))::uuid
$$;

begin;

do $$
begin
    if exists (select from journal) or exists (select from customer) then
        raise exception 'this database has a shop already';
    end if;
end
$$;

create temp table founded on commit drop as
select now() - interval '31 days' as at;

insert into customer (user_id, registered_at)
select user_id, at
from founded, generate_series(1, current_setting('bench.users')::bigint) as u (user_id);

insert into journal (command_id, type, partition, key, actor_id, user_id, accepted_at, decided_at,
                     body, result, events)
select pg_temp.id_of(at, user_id), 'user.register', pg_temp.partition_of(key), key, user_id,
       user_id, at, at,
       format('{"user_id":%s}', user_id),
       format('{"user_id":%s,"balance":0}', user_id),
       format('[{"type":"user.registered","subject":"%s","version":1,"data":{"user_id":%s}}]',
              key, user_id)
from (select at, user_id, 'user:' || user_id as key
      from founded, generate_series(1, current_setting('bench.users')::bigint) as u (user_id)) u;

insert into wallet (user_id, balance, version)
select user_id, current_setting('bench.balance')::bigint, 2
from customer;

insert into journal (command_id, type, partition, key, actor_id, user_id, accepted_at, decided_at,
                     body, result, events)
select pg_temp.id_of(at, w.user_id + current_setting('bench.users')::bigint), 'wallet.charge',
       j.partition, j.key, w.user_id, w.user_id, at, at,
       format('{"user_id":%s,"amount":%s}', w.user_id, w.balance),
       format('{"user_id":%s,"balance":%s,"amount":%2$s}', w.user_id, w.balance),
       format('[{"type":"wallet.charged","subject":"%s","version":2,"data":{"user_id":%s,'
              '"amount":%s,"balance":%3$s}}]', j.key, w.user_id, w.balance)
from founded, journal j
join wallet w using (user_id);

insert into product (product_id, name, price, category, status, first_come, version, created_at)
select n, 'Product ' || n, 1000 + n % 50 * 100, 'category ' || n % 10, 'on_sale', false, 1, at
from founded,
     generate_series(1, (current_setting('bench.options')::bigint + 4) / 5) as p (n);

insert into product_option (option_id, product_id, name, surcharge, total, reserved, ordered)
select n, (n + 4) / 5, 'option ' || n, n % 5 * 100, 1000000000, 0, false
from generate_series(1, current_setting('bench.options')::bigint) as o (n);

insert into journal (command_id, type, partition, key, accepted_at, decided_at, body, result,
                     events)
select pg_temp.id_of(at, 1000000000 + p.product_id), 'product.put',
       pg_temp.partition_of('product:' || p.product_id), 'product:' || p.product_id, at, at,
       format('{"product_id":%s,"name":"%s","price":%s,"category":"%s","options":[%s]}',
              p.product_id, p.name, p.price, p.category, o.asked),
       format('{"product_id":%s,"name":"%s","price":%s,"category":"%s","status":"on_sale",'
              '"first_come":false,"available":%s,"options":[%s]}',
              p.product_id, p.name, p.price, p.category, o.available, o.shown),
       format('[{"type":"product.put","subject":"product:%s","version":1,"data":{"product_id":%1$s,'
              '"name":"%s","price":%s,"category":"%s","status":"on_sale","first_come":false,'
              '"options":[%s]}}]', p.product_id, p.name, p.price, p.category, o.told)
from founded, product p
join (select o.product_id, sum(o.total) as available,
             string_agg(format('{"option_id":%s,"name":"%s","surcharge":%s,"stock":%s}',
                               o.option_id, o.name, o.surcharge, o.total), ',') as asked,
             string_agg(format('{"option_id":%s,"name":"%s","surcharge":%s,"price":%s,'
                               '"available":%s}', o.option_id, o.name, o.surcharge,
                               p.price + o.surcharge, o.total), ',') as shown,
             string_agg(format('{"option_id":%s,"name":"%s","surcharge":%s,"is_new":true,'
                               '"stock":%s}', o.option_id, o.name, o.surcharge, o.total), ',')
                 as told
      from product_option o
      join product p using (product_id)
      group by o.product_id) o using (product_id);

commit;
vacuum (analyze);
