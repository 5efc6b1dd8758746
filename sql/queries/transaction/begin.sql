-- Opens a transaction whatever the database's defaults are; refused by a server that only reads.
begin isolation level read committed read write;
