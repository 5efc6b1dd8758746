-- Notes that a command is about to be tried alone; answers how often that was done.
insert into poison_attempt as p (command_id, attempts, workers)
values ($1::uuid, 1, $2::text)
on conflict (command_id) do update
set attempts = p.attempts + 1, last_at = now(), workers = right(p.workers || ' ' || $2::text, 500)
returning attempts, workers, first_at
