-- Has every plan of this session made anew at its next use, for the sizes that tables have by then.
discard plans;
