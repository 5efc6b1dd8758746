-- The database's time, by which the clock goes: the machine's own may be off.
select now()
