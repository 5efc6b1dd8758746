-- A day is closed because a command closed it, and the ranking's snapshot has no other days.
select d.day, 'day_closed' as found_in
  from day_closed d
 where not exists (select from journal_event e
                    where e.command_type = 'day.close'
                      and e.type = 'day.closed'
                      and (e.data ->> 'day')::date = d.day)
 union all
select distinct s.day, 'sales_closed'
  from sales_closed s
 where not exists (select from day_closed d where s.day between d.day - 30 and d.day)
