"""The desk."""

import pytest

from folkmoot.exchange.tests.importing import Desk


@pytest.fixture
def desk(tmp_path, db):
    """Where somebody imports one spreadsheet after the other."""
    return Desk(tmp_path)
