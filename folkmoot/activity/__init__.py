"""The ledger: who did what to which thing, when. Every action writes one line in its own transaction.
It points at things by type, id and label, without foreign keys, so an audit outlives its subject.
It asks nothing of the rooms above it."""
