-- Every column of both files is read, and nothing is done with it.
SELECT any_value(COLUMNS(*)) FROM events;
SELECT any_value(COLUMNS(*)) FROM leads;
