-- Each user was registered by a command, and has a wallet.
select c.user_id, w.user_id is not null as has_wallet, j.command_id
  from customer c
  left join wallet w on w.user_id = c.user_id
  left join journal j on j.user_id = c.user_id and j.type = 'user.register'
                     and j.verdict is null and j.replay_of is null
 where w.user_id is null
    or j.command_id is null
