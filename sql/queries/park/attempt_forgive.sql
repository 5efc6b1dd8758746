-- Takes one attempt back: the worker that noted it had trouble, and did not die.
with forgotten as (
    delete from poison_attempt where command_id = $1::uuid and attempts <= 1
)
update poison_attempt set attempts = attempts - 1 where command_id = $1::uuid and attempts > 1
