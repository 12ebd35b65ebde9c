"""One module a commitment of CHARTER.md. Each has COMMITMENT, which declares its words and thresholds;
`measure(scope)`, one statement for all communities; and WHILE_FORMING where it holds for forming ones too.
Adding a commitment is adding a module."""
