-- Ends the sessions of a family's workers that froze within an exchange: the server waits for the
-- rest of a pipeline, or for somebody to read its answers. Its own timeouts only count between
-- exchanges, and a frozen process is a living peer to TCP.
-- $1 integer: the family's lock class
-- $2 integer: milliseconds that are too long
select pg_terminate_backend(a.pid)
  from pg_stat_activity a
 where a.pid <> pg_backend_pid()
   and a.state = 'active'
   and a.wait_event in ('ClientRead', 'ClientWrite')
   and a.state_change < clock_timestamp() - $2::integer * interval '1 millisecond'
   and a.pid in (select l.pid
                   from pg_locks l
                  where l.locktype = 'advisory'
                    and l.database = (select d.oid from pg_database d
                                       where d.datname = current_database())
                    and l.classid = $1::integer::oid
                    and l.objsubid = 2
                    and l.granted);
