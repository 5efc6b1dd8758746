-- Who is on a family's roll and who holds which partition, by backend.
-- $1 integer: the family's lock class
-- The second key of a lock made of two integers stands in objid; objsubid 2 tells this kind from
-- the locks made of one bigint.
select l.pid, l.objid::bigint as object, l.pid = pg_backend_pid() as mine
  from pg_locks l
 where l.locktype = 'advisory'
   and l.database = (select d.oid from pg_database d where d.datname = current_database())
   and l.classid = $1::integer::oid
   and l.objsubid = 2
   and l.granted
 order by l.pid, l.objid;
