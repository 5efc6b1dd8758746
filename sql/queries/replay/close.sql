-- That cursor is at its end.
close replay_journal
