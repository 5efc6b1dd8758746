-- The command did not kill: forget the attempts.
delete from poison_attempt where command_id = $1::uuid
