"""The organisation's time: which day it is there, its terms, closures and working hours, and the further calendars of
parts that differ, which a community may follow.
Whatever asks for a day takes it as an argument; terms of one calendar never overlap."""
