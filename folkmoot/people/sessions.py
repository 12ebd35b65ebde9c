"""Who is asking: the session and its person, read on every page, each with a statement that is composed once."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from folkmoot.core import clock
from folkmoot.core.statements import statement
from folkmoot.people.models import Person


class SessionStore(db.SessionStore):
    """Django's sessions in the database, unchanged but for the way they are read."""

    def _get_session_from_db(self) -> Session | None:
        found = _session(self.session_key, clock.now()) if self.session_key else []
        if not found:
            self._session_key = None
        return found[0] if found else None


def person_of_session(pk: Any) -> Person | None:
    """The person whose session it is. One statement."""
    found = _person(pk)
    return found[0] if found else None


@statement
def _session(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


@statement
def _person(pk: int) -> QuerySet[Person]:
    return Person.objects.get_queryset().filter(pk=pk)
