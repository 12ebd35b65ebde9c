"""What people are told: notices written from the ledger by a job, the inbox, and how each wants to hear of what.

A room above declares its kinds of notice in its `notices.py`: which verb of the ledger, who is told, in which words.
"""
