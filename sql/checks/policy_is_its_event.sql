-- Each version of the policy is what was applied, one after the other.
select coalesce(p.version, t.version) as version, p.document, t.document as document_told,
       t.command_id
  from policy p
  full join (select e.version, e.data -> 'policy' as document, e.command_id,
                    row_number() over (order by e.version) as place
               from journal_event e
              where e.command_type = 'policy.apply'
                and e.type = 'policy.applied') t on t.version = p.version
 where p.document is distinct from t.document
    or t.version <> t.place
