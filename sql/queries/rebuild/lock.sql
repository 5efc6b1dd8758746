-- Keeps the stats workers from counting until the transaction ends: whatever they count, they begin
-- with the events. Reading goes on.
lock table counted_event in exclusive mode
