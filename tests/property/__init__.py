"""Random policies and random records, drawn to find where two backends differ."""
