-- One call a command, and a call is a transaction: one round trip. Included by schema.sql.
--
-- Rows are locked in one order: wallet, then template, then options by id. The most contended come
-- last, right before the commit. What a call refuses leaves no trace.
--
-- Each is given the id of its request, and the client's key or NULL. Verdict `done`, or the
-- problem's code.

-- What this user's key has led to; verdict NULL: nothing yet.
create function request_known(in_user bigint, in_key text, in_kind text, in_fingerprint bigint,
                              out verdict text, out id uuid, out amount bigint, out result bigint)
language plpgsql as $$
declare
    known record;
begin
    -- Two with one key come here one behind the other, and the second finds the first one's row.
    perform from wallet where user_id = in_user for no key update;
    select r.* into known from request r
     where r.user_id = in_user and r.idempotency_key = in_key;
    if not found then
        return;
    end if;
    if known.kind <> in_kind or known.fingerprint <> in_fingerprint then
        verdict := 'idempotency_key_reused';
        return;
    end if;
    verdict := 'done';
    id := known.request_id;
    amount := known.amount;
    result := known.result;
end
$$;

-- in_options ascending, each once.
create function order_place(in_id uuid, in_user bigint, in_key text, in_fingerprint bigint,
                            in_options bigint[], in_quantities integer[],
                            out verdict text, out id uuid, out amount bigint, out result bigint)
language plpgsql as $$
declare
    price bigint;
    prices bigint[];
    stock bigint;
begin
    if in_key is not null then
        select k.* into verdict, id, amount, result
          from request_known(in_user, in_key, 'order', in_fingerprint) k;
        if verdict is not null then
            return;
        end if;
    end if;
    id := in_id;
    amount := 0;
    for at in 1 .. cardinality(in_options) loop
        select o.price, o.stock into price, stock
          from product_option o where o.option_id = in_options[at];
        if not found then
            verdict := 'unknown_option';
            return;
        elsif stock < in_quantities[at] then
            verdict := 'insufficient_stock';
            return;
        end if;
        prices[at] := price;
        amount := amount + price * in_quantities[at];
    end loop;
    update wallet set balance = balance - amount
     where user_id = in_user and balance >= amount
    returning balance into result;
    if not found then
        verdict := case when exists (select from wallet where user_id = in_user)
                        then 'insufficient_balance' else 'unknown_wallet' end;
        return;
    end if;
    insert into request (request_id, user_id, idempotency_key, fingerprint, kind, amount, result)
    values (in_id, in_user, in_key, in_fingerprint, 'order', amount, result);
    insert into orders (order_id, user_id, status, total, paid)
    values (in_id, in_user, 'paid', amount, amount);
    insert into order_line (order_id, option_id, quantity, unit_price)
    select in_id, l.option_id, l.quantity, l.price
      from unnest(in_options, in_quantities, prices) l (option_id, quantity, price);
    insert into payment (order_id, method, amount, status)
    values (in_id, 'balance', amount, 'approved');
    if amount > 0 then
        insert into wallet_entry (user_id, kind, amount, balance, request_id)
        values (in_user, 'use', amount, result, in_id);
    end if;
    insert into outbox (type, request_id, payload)
    values ('order.paid', in_id,
            json_build_object('order_id', in_id, 'user_id', in_user, 'total', amount,
                              'options', in_options, 'quantities', in_quantities,
                              'prices', prices)),
           ('wallet.used', in_id,
            json_build_object('order_id', in_id, 'user_id', in_user, 'amount', amount,
                              'balance', result));
    for at in 1 .. cardinality(in_options) loop
        update product_option o set stock = o.stock - in_quantities[at]
         where o.option_id = in_options[at] and o.stock >= in_quantities[at];
        if not found then
            -- Somebody was first: all of it is undone.
            raise exception 'insufficient_stock' using errcode = 'SV409';
        end if;
    end loop;
    verdict := 'done';
end
$$;

create function wallet_charge(in_id uuid, in_user bigint, in_key text, in_fingerprint bigint,
                              in_amount bigint, out verdict text, out id uuid, out amount bigint,
                              out result bigint)
language plpgsql as $$
begin
    if in_key is not null then
        select k.* into verdict, id, amount, result
          from request_known(in_user, in_key, 'charge', in_fingerprint) k;
        if verdict is not null then
            return;
        end if;
    end if;
    id := in_id;
    amount := in_amount;
    update wallet set balance = balance + in_amount where user_id = in_user
    returning balance into result;
    if not found then
        verdict := 'unknown_wallet';
        return;
    end if;
    insert into request (request_id, user_id, idempotency_key, fingerprint, kind, amount, result)
    values (in_id, in_user, in_key, in_fingerprint, 'charge', in_amount, result);
    insert into wallet_entry (user_id, kind, amount, balance, request_id)
    values (in_user, 'charge', in_amount, result, in_id);
    insert into outbox (type, request_id, payload)
    values ('wallet.charged', in_id,
            json_build_object('user_id', in_user, 'amount', in_amount, 'balance', result));
    verdict := 'done';
end
$$;

-- The result is the coupon's position. Two of one user at once: the second violates one_a_user.
create function coupon_issue(in_id uuid, in_user bigint, in_key text, in_fingerprint bigint,
                             in_template bigint, out verdict text, out id uuid, out amount bigint,
                             out result bigint)
language plpgsql as $$
begin
    if in_key is not null then
        select k.* into verdict, id, amount, result
          from request_known(in_user, in_key, 'coupon', in_fingerprint) k;
        if verdict is not null then
            return;
        end if;
    end if;
    id := in_id;
    amount := 0;
    if exists (select from coupon where user_id = in_user and template_id = in_template) then
        verdict := 'coupon_already_issued';
        return;
    end if;
    update coupon_template set issued = issued + 1
     where template_id = in_template and issued < quantity
    returning issued into result;
    if not found then
        verdict := case when exists (select from coupon_template where template_id = in_template)
                        then 'coupon_sold_out' else 'unknown_template' end;
        return;
    end if;
    insert into coupon (coupon_id, template_id, user_id, position, status, expires_at)
    values (in_id, in_template, in_user, result, 'available', now() + interval '30 days');
    insert into request (request_id, user_id, idempotency_key, fingerprint, kind, amount, result)
    values (in_id, in_user, in_key, in_fingerprint, 'coupon', 0, result);
    insert into outbox (type, request_id, payload)
    values ('coupon.issued', in_id,
            json_build_object('coupon_id', in_id, 'template_id', in_template, 'user_id', in_user,
                              'position', result));
    verdict := 'done';
end
$$;
