-- What tests/bench/pgbench needs beside a shop that tests/bench/history/fill has founded: a schema
-- of its own, in which one call places one order.

drop schema if exists bench cascade;
create schema bench;

-- The texts of the journal's row: what a service would have written in its own language.
create function bench.body_of(user_id bigint, options bigint[]) returns text
language sql immutable parallel safe as $$
    select case cardinality(options)
        when 1 then format('{"user_id":%s,"lines":[{"option_id":%s,"quantity":1}]}',
                           user_id, options[1])
        else format('{"user_id":%s,"lines":[{"option_id":%s,"quantity":1},'
                    '{"option_id":%s,"quantity":1}]}', user_id, options[1], options[2])
    end
$$;

create function bench.result_of(order_id uuid, total bigint, balance bigint, at text) returns text
language sql immutable parallel safe as $$
    select format('{"order_id":"%s","status":"paid","total":%s,"discount":0,"paid":%2$s,'
                  '"balance":%s,"paid_at":"%s"}', order_id, total, balance, at)
$$;

create function bench.events_of(order_id uuid, user_id bigint, version bigint, total bigint,
                                balance bigint, at text, day date, taken text, sold text)
returns text language sql immutable parallel safe as $$
    select format(e'[{"type":"wallet.used","subject":"user:%1$s","version":%2$s,"data":{'
                  '"user_id":%1$s,"amount":%3$s,"balance":%4$s,"order_id":"%5$s"}},\n'
                  '{"type":"stock.taken","subject":"order:%5$s","version":0,"data":{'
                  '"order_id":"%5$s","lines":[%8$s]}},\n'
                  '{"type":"order.paid","subject":"order:%5$s","version":1,"data":{'
                  '"order_id":"%5$s","user_id":%1$s,"key":"user:%1$s","total":%3$s,"discount":0,'
                  '"paid":%3$s,"payment":{"method":"balance"},"ordered_at":"%6$s","day":"%7$s",'
                  '"paid_at":"%6$s","lines":[%9$s]}}]',
                  user_id, version, total, balance, order_id, at, day, taken, sold)
$$;

create function bench.taken_of(option_id bigint) returns text
language sql immutable parallel safe as $$
    select format('{"option_id":%s,"quantity":1}', option_id)
$$;

create function bench.sold_of(option_id bigint, product_id bigint, price bigint, category text)
returns text language sql immutable parallel safe as $$
    select format('{"option_id":%s,"product_id":%s,"quantity":1,"unit_price":%s,"category":"%s"}',
                  option_id, product_id, price, category)
$$;

create function bench.instant_text(at timestamptz) returns text
language sql stable parallel safe as $$
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The partition of each user's line, as the rows have it: a service would compute it.
create table bench.line as
select user_id, partition from journal where type = 'user.register' and verdict is null;
alter table bench.line add primary key (user_id);

-- Places one order of one piece of each option. `options` ascends: so do the locks, and wallets
-- come before options. True when the command or its idempotency key was known already.
create function bench.place_order(id uuid, asker bigint, the_key text, options bigint[])
returns boolean language plpgsql as $$
declare
    at timestamptz := now();
    told text := bench.instant_text(at);
    wallet_was record;
    sum bigint;
    moved bigint;
    taken text;
    sold text;
begin
    select balance, version into strict wallet_was
    from wallet where user_id = asker for no key update;
    if exists (select from journal where actor_id = asker and idempotency_key = the_key)
       or exists (select from journal where command_id = id) then
        return true;
    end if;

    insert into order_line (order_id, option_id, product_id, quantity, unit_price, category)
    select id, o.option_id, o.product_id, 1, p.price + o.surcharge, p.category
    from product_option o
    join product p using (product_id)
    where o.option_id = any (options);
    select sum(unit_price),
           string_agg(bench.taken_of(option_id), ',' order by option_id),
           string_agg(bench.sold_of(option_id, product_id, unit_price, category), ','
                      order by option_id)
    into sum, taken, sold
    from order_line
    where order_id = id;
    if wallet_was.balance < sum then
        raise exception 'insufficient balance';
    end if;

    update wallet set balance = balance - sum, version = version + 1 where user_id = asker;
    insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key,
                         accepted_at, decided_at, body, result, events)
    select id, 'order.place', line.partition, 'user:' || asker, asker, asker, the_key, at, at,
           bench.body_of(asker, options),
           bench.result_of(id, sum, wallet_was.balance - sum, told),
           bench.events_of(id, asker, wallet_was.version + 1, sum, wallet_was.balance - sum, told,
                           (at at time zone 'Asia/Seoul')::date, taken, sold)
    from bench.line
    where user_id = asker;
    insert into orders (order_id, user_id, key, status, total, discount, paid, payment_method,
                        ordered_at, paid_at, version)
    values (id, asker, 'user:' || asker, 'paid', sum, 0, sum, 'balance', at, at, 1);
    for i in 1 .. cardinality(options) loop
        update product_option set total = total - 1, ordered = true where option_id = options[i];
        get diagnostics moved = row_count;
        if moved <> 1 then
            raise exception 'unknown option';
        end if;
    end loop;
    return false;
end
$$;

analyze bench.line;
