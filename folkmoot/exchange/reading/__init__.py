"""The reading side of the import: from a folder, a .zip, an .xlsx or one CSV file to tables of clean text
cells.

It knows what files look like in the world and what the columns are called, and nothing of the database. Every
row
either comes out whole or stands among the problems with its line; nothing is cut short or shifted in silence.
"""

from folkmoot.exchange.reading.columns import TABLES
from folkmoot.exchange.reading.problems import Problem, Unreadable
from folkmoot.exchange.reading.sources import read_source
from folkmoot.exchange.reading.tables import Mapping, Reading, Row, Table

__all__ = ["TABLES", "Mapping", "Problem", "Reading", "Row", "Table", "Unreadable", "read_source"]
