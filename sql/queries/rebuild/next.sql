-- The next rows of that cursor.
fetch forward 64 from rebuild_journal
