-- The next rows of that cursor.
fetch forward 256 from replay_journal
