"""Journeys and checks in a real browser, against the real server with the demo."""
