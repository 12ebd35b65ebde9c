"""Folkmoot: where an organisation's communities of practice live. One package, one room (Django app) a topic."""

__version__ = "0.1.0"
