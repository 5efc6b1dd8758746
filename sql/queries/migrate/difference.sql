-- The migrations that this database and a program do not have in common, in their order.
-- $1 text[]: the program's migrations by name
-- $2 text[]: their texts
-- `applied` without `known`: of another program; `known` without `applied`: still to be applied;
-- both: edited after it was applied. `later` names the last migration applied.
select coalesce(p.version, m.version) as version,
       m.version is not null as applied,
       p.version is not null as known,
       (select max(l.version collate "C") from schema_migration l) as later
  from unnest($1::text[], $2::text[]) as p (version, body)
  full join schema_migration m on m.version = p.version
 where m.sha256 is distinct from encode(sha256(convert_to(p.body, 'UTF8')), 'hex')
 order by coalesce(p.version, m.version) collate "C";
