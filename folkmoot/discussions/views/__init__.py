"""The pages of what a community talks about."""
