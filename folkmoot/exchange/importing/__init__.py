"""The import: merges the tables of a source into the programme, all or nothing, without losing what people changed.

Every table is planned in full before anything is written. A value is written where the file has changed it since
the last import; a value that people changed here stays.
"""

from folkmoot.exchange.importing.report import Report
from folkmoot.exchange.importing.running import import_reading, import_source, unreadable

__all__ = ["Report", "import_reading", "import_source", "unreadable"]
