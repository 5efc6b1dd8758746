-- Policies that were applied. A second writer of a version meets the primary key, and its batch is
-- decided again behind the first one's.
-- $1 bigint[]: versions; $2 text[]: their documents; $3 timestamptz: when they were decided
insert into policy (version, document, applied_at)
select version, document::jsonb, $3::timestamptz
  from unnest($1::bigint[], $2::text[]) as applied (version, document)
