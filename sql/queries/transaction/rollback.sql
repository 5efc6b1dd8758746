-- Forgets the transaction; a warning, no more, where there is none.
rollback;
