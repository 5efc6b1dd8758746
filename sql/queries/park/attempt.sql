-- Notes that a command is about to be tried alone; answers how often that was done.
INSERT INTO poison_attempt AS p (command_id, attempts, workers)
VALUES ($1::uuid, 1, $2::text)
ON CONFLICT (command_id) DO UPDATE
SET attempts = p.attempts + 1, last_at = now(), workers = right(p.workers || ' ' || $2::text, 500)
RETURNING attempts, workers, first_at
