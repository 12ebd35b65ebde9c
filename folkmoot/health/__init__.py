"""Communities measured against the charter, for any day, in a number of statements that does not grow with them.
Each commitment is one module in `commitments/`, which declares its thresholds, its SQL and its words.
It owns no tables."""
