-- The command did not kill: forget the attempts.
DELETE FROM poison_attempt WHERE command_id = $1::uuid
