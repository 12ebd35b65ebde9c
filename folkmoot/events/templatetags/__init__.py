"""Rows of events for templates."""
