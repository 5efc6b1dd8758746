-- The newest policy, when it is newer than the version that is known.
-- $1 bigint: that version; 0 for none
select version, document::text, applied_at
  from policy
 where version > $1::bigint
 order by version desc
 limit 1
