"""Where a community talks elsewhere: its channel in Microsoft Teams or another program, told of by webhook.

A room above says which lines of the ledger are worth a card there, in its `cards.py`.
"""
