-- Who holds which lock of a family: partitions, and the roll by which workers are counted.
-- $1 integer[]: the families' lock classes
select l.classid::bigint as lock_class, l.objid::bigint as object, l.pid::bigint as pid,
       coalesce(a.application_name, '') as program
  from pg_locks l
  left join pg_stat_activity a on a.pid = l.pid
 where l.locktype = 'advisory'
   and l.database = (select d.oid from pg_database d where d.datname = current_database())
   and l.classid = any (select c::oid from unnest($1::integer[]) as f (c))
   and l.objsubid = 2
   and l.granted
 order by l.classid, l.pid, l.objid
