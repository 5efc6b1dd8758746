-- One version of the policy.
-- $1 bigint: it
select version, document::text, applied_at
  from policy
 where version = $1::bigint
