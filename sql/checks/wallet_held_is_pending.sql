-- What is held in a wallet is the balance's part of the user's orders that wait for payment.
select coalesce(w.user_id, p.user_id) as user_id, w.balance, w.held, p.held as waiting, p.orders
  from wallet w
  full join (select user_id, sum(from_balance) as held, count(*) as orders
               from orders
              where status = 'pending_payment'
              group by user_id) p on p.user_id = w.user_id
 where coalesce(w.held, 0) <> coalesce(p.held, 0)
