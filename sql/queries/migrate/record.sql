-- Notes a migration as applied.
-- $1 text: its name
-- $2 text: its text
insert into schema_migration (version, sha256)
values ($1::text, encode(sha256(convert_to($2::text, 'UTF8')), 'hex'));
