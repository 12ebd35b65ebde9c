"""The charter: the programme's promises as data. Commitments are declared by the rules that measure them;
their thresholds are kept here as dated versions that the programme team edits.
A day before the first version is judged by the first."""
