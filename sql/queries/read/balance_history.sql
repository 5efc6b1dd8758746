-- Changes of a user's balance, newest first. No row: no such user; a row of NULLs: none (left).
-- $1 bigint: user id; $2 bigint, $3 bigint: seq and version of the last one seen, or NULL;
-- $4 bigint: how many
select h.seq, h.version, h.at, h.kind, h.amount, h.balance, h.command_id
  from customer c
  left join lateral (
       select w.seq, w.version, w.at, w.kind, w.amount, w.balance, w.command_id
         from wallet_history w
        where w.user_id = c.user_id
          and w.seq <= coalesce($2::bigint, 9223372036854775807)
          and ($2::bigint is null or (w.seq, w.version) < ($2::bigint, $3::bigint))
        order by w.seq desc, w.version desc
        limit $4::bigint) h on true
 where c.user_id = $1::bigint
 order by h.seq desc, h.version desc
