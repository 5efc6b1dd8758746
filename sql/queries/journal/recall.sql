-- What is already decided of these commands.
SELECT command_id, accepted_at, decided_at, verdict, result, events, traceparent, replay_of
FROM journal
WHERE command_id = ANY ($1::uuid[])
