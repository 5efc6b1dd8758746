-- Each wallet holds the sum of its history, up to its last entry, and of it what is still held.
with told as (
    select (e.data ->> 'user_id')::bigint as user_id, max(e.version) as version,
           sum(case e.type when 'wallet.used' then -(e.data ->> 'amount')::bigint
                           else (e.data ->> 'amount')::bigint end)
               filter (where e.type in ('wallet.charged', 'wallet.used', 'wallet.refunded'))
               as balance,
           sum(case e.type when 'wallet.held' then (e.data ->> 'amount')::bigint
                           else -(e.data ->> 'amount')::bigint end)
               filter (where e.type in ('wallet.held', 'wallet.released')
                          or (e.data ->> 'from_held')::boolean) as held
      from journal_event e
     where e.type like 'wallet.%'
     group by 1
)
select coalesce(w.user_id, t.user_id) as user_id, w.balance, w.held, w.version,
       t.balance as history, t.held as held_told, t.version as history_version
  from wallet w
  full join told t on t.user_id = w.user_id
 where w.user_id is null
    or w.balance <> coalesce(t.balance, 0)
    or w.held <> coalesce(t.held, 0)
    or w.version <> coalesce(t.version, 1)
