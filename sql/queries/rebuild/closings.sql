-- Those of these closings that were counted are counted still, without another copy.
-- $1 uuid[], $2 date[], $3 timestamptz[]: the events, the days they close, and when that was.
insert into counted_event (event_id)
select distinct t.event_id
  from unnest($1::uuid[], $2::date[], $3::timestamptz[]) as t (event_id, day, closed_at)
  join day_closed d on d.day = t.day and d.closed_at >= t.closed_at
 order by t.event_id
on conflict do nothing
