"""What the stories of signing in share."""

import pytest
from django.core.cache import cache

from .world import PASSWORD, person


@pytest.fixture(autouse=True)
def fresh_limits():
    """Every story starts with nobody having guessed yet."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Passwords are hashed slowly on purpose; stories need not wait for it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def hana():
    return person("Hana Yıldız", ref="hana", email="hana@example.org", password=PASSWORD)


@pytest.fixture
def domains(settings):
    settings.FOLKMOOT_DOMAINS = ["example.org"]
