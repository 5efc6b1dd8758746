-- The bookkeeping of migrations. Run under the lock: two of these at once can fail.
create table if not exists schema_migration (
    version text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
);
