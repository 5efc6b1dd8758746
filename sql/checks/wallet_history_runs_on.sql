-- Each entry of a wallet's history follows from the one before it; what is held is there.
select user_id, version, type, amount, before, balance, held, command_id
  from (select m.user_id, m.version, m.type, m.amount, m.balance, m.command_id, m.moved,
               lag(m.balance, 1, 0::bigint) over entries as before,
               lag(m.version, 1, 1::bigint) over entries as version_before,
               sum(m.held) over entries as held
          from (select (e.data ->> 'user_id')::bigint as user_id, e.version, e.type, e.command_id,
                       (e.data ->> 'amount')::bigint as amount,
                       (e.data ->> 'balance')::bigint as balance,
                       case e.type when 'wallet.charged' then 1
                                   when 'wallet.refunded' then 1
                                   when 'wallet.used' then -1
                                   when 'wallet.held' then 0
                                   when 'wallet.released' then 0 end as moved,
                       case e.type when 'wallet.held' then (e.data ->> 'amount')::bigint
                                   when 'wallet.released' then -(e.data ->> 'amount')::bigint
                                   else case when (e.data ->> 'from_held')::boolean
                                             then -(e.data ->> 'amount')::bigint
                                             else 0 end end as held
                  from journal_event e
                 where e.type like 'wallet.%') m
        window entries as (partition by m.user_id order by m.version)) entry
 where moved is null
    or amount < 0
    or version <> version_before + 1
    or balance <> before + moved * amount
    or held not between 0 and balance
