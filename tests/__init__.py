"""Tests of the whole: the doors table, the house rules, journeys in a browser."""
