"""What makes a meeting of an event: its agenda, its minutes, what was decided and who does what by when.

Meetings arrange themselves by a poll, and before one with the sponsor a briefing is written; asks are what leads want
of the sponsor.
"""
