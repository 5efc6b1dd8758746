-- What is already decided of these commands.
select command_id, accepted_at, decided_at, verdict, result, events, traceparent, replay_of
from journal
where command_id = any ($1::uuid[])
