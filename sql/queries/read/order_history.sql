-- Events of an order, oldest first: those of the command that placed it, and of every later command
-- on it. No row: no such order; a row of NULLs: none (left). A page ends early when it becomes
-- long; `fetched` tells how many events there were to choose from.
-- $1 uuid: order id; $2 bigint, $3 bigint: seq and place of the last one seen, or NULL;
-- $4 bigint: how many; $5 bigint: bytes from which a page ends
select o.user_id, h.seq, h.place, h.decided_at, h.command_id, h.event, h.fetched
  from orders o
  left join lateral (
       select x.seq, x.place, x.decided_at, x.command_id, x.event, count(*) over () as fetched,
              sum(octet_length(x.event)) over (order by x.seq, x.place)
              - octet_length(x.event) as bytes_before
         from (select k.seq, e.place, k.decided_at, k.command_id, e.value::text as event
                 from (select j.seq, j.decided_at, j.command_id, j.events
                         from journal j
                        where j.command_id = o.order_id
                        union all
                       select j.seq, j.decided_at, j.command_id, j.events
                         from journal j
                        where j.order_id = o.order_id
                          and j.seq >= coalesce($2::bigint, 0)) k
                cross join lateral json_array_elements(k.events::json)
                      with ordinality as e (value, place)
                where k.events is not null
                  and ($2::bigint is null or (k.seq, e.place) > ($2::bigint, $3::bigint))
                order by k.seq, e.place
                limit $4::bigint) x) h on h.bytes_before < $5::bigint
 where o.order_id = $1::uuid
 order by h.seq, h.place
