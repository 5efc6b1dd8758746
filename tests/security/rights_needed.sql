-- Run by test_least_privilege.sh behind the preparation of each statement and the table "uses", which says
-- which role runs which. Prints "may …" and "needed …", and "! …" for what is not as it should be.

-- Whether the role has the rights that the statement asks for. It is looked at, not run.
create function pg_temp.runs(who name, what text) returns boolean language plpgsql as $$
declare
    arguments text;
begin
    select '(' || string_agg('null', ', ') || ')' into arguments
      from pg_prepared_statements p, unnest(p.parameter_types) t
     where p.name = what;
    perform set_config('role', who, true);
    execute format('explain execute %I%s', what, arguments);
    perform set_config('role', 'none', true);
    return true;
exception when insufficient_privilege then
    return false;
end
$$;

-- Whether the role misses a right that is taken away by `taking`, which is undone.
create function pg_temp.misses(who name, taking text) returns boolean language plpgsql as $$
begin
    execute taking;
    raise exception using errcode = 'FC001', message = exists (
        select from uses u where u.role = who and not pg_temp.runs(u.role, u.statement));
exception when sqlstate 'FC001' then
    return sqlerrm::boolean;
end
$$;

select case when pg_temp.runs(role, statement) then 'may ' else '! is refused: ' end
       || role || ' ' || statement
  from uses
 order by role, statement;

-- Each right on a table, a column, a function.
with who as (
    select oid, rolname from pg_roles where rolname ~ '^firstcome_'
),
rights as (
    select w.rolname, a.privilege_type as what, format('table %I', c.relname) as thing, '' as columns
      from pg_class c cross join aclexplode(c.relacl) a join who w on w.oid = a.grantee
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
    union all
    select w.rolname, a.privilege_type, format('table %I', c.relname), format('(%I)', b.attname)
      from pg_class c
      join pg_attribute b on b.attrelid = c.oid
     cross join aclexplode(b.attacl) a
      join who w on w.oid = a.grantee
     where c.relnamespace = 'public'::regnamespace
    union all
    select w.rolname, a.privilege_type, format('function %s', p.oid::regprocedure), ''
      from pg_proc p cross join aclexplode(p.proacl) a join who w on w.oid = a.grantee
)
select case when pg_temp.misses(rolname, format('revoke %s %s on %s from %I', what, columns, thing,
                                                rolname))
            then 'needed ' else '! is needed by nothing: ' end
       || concat_ws(' ', rolname, what || columns, thing)
  from rights
 order by rolname, thing, what, columns;
