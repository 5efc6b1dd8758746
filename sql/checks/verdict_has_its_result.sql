-- A success has events and no problem, a refusal its problem and no events, a repeat no events.
-- An expiry may succeed without any: nothing was left to expire.
select command_id, type, verdict, replay_of, left(result, 200) as result,
       events is not null as has_events
  from journal
 where (verdict is null and result::jsonb ? 'code')
    or (verdict is not null and result::jsonb ->> 'code' is distinct from verdict)
    or ((verdict is not null or replay_of is not null) and events is not null)
    or (verdict is null and replay_of is null and type <> 'coupon.expire'
        and coalesce(events, '[]') = '[]')
