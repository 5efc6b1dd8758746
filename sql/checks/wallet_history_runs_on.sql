-- Each entry of a balance's history follows from the one before it.
select user_id, version, kind, amount, before, balance, command_id
  from (select user_id, version, kind, amount, balance, command_id,
               lag(balance, 1, 0::bigint) over entries as before,
               lag(version, 1, 1::bigint) over entries as version_before
          from wallet_history
        window entries as (partition by user_id order by version)) entry
 where kind is null
    or amount < 0
    or version <> version_before + 1
    or balance <> before + case kind when 'use' then -amount else amount end
