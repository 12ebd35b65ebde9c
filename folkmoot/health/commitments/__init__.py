"""One module a commitment of CHARTER.md: its words and thresholds, its SQL over the rows of `pair`, and what it says of
what it found, together as RULE. Adding a commitment is adding a module."""
