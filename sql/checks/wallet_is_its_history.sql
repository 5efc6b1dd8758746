-- Each wallet holds the sum of its history, up to its last entry.
select coalesce(w.user_id, h.user_id) as user_id, w.balance, w.version, h.balance as history,
       h.version as history_version
  from wallet w
  full join (select user_id, max(version) as version,
                    sum(case kind when 'use' then -amount else amount end) as balance
               from wallet_history
              group by user_id) h on h.user_id = w.user_id
 where w.user_id is null
    or w.balance <> coalesce(h.balance, 0)
    or w.version <> coalesce(h.version, 1)
