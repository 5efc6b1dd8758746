-- Opens a transaction that sees one moment and changes nothing.
begin isolation level repeatable read read only
