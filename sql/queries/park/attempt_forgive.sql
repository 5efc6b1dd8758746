-- Takes one attempt back: the worker that noted it had trouble, and did not die.
WITH forgotten AS (
    DELETE FROM poison_attempt WHERE command_id = $1::uuid AND attempts <= 1
)
UPDATE poison_attempt SET attempts = attempts - 1 WHERE command_id = $1::uuid AND attempts > 1
