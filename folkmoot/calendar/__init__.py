"""The organisation's time: which day it is there, and when a day ends.
Terms, closures and working hours move in here when their time comes."""
