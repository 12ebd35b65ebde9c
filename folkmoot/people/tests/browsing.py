"""Signing in with Django's client, and reading the letters that were sent."""

import re

from django.core import mail
from django.test import Client

from .world import PASSWORD

CODE = re.compile(r"^ {4}(\S+-\S+)$", re.MULTILINE)


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.get("Location", "")
    return answer.content.decode()


def who(client: Client) -> str | None:
    """The id of whoever is signed in with this browser."""
    answer = client.get("/profile/")
    return answer.context["person"].ref if answer.status_code == 200 else None


def path_of(url: str | None) -> str:
    assert url
    return url.removeprefix("http://here")


def sent_code(letter: int = -1) -> str:
    """The code in a letter that was sent; empty if it holds none."""
    found = CODE.search(str(mail.outbox[letter].body))
    return found.group(1) if found else ""


def by_password(email: str = "hana@example.org", password: str = PASSWORD, **more):
    client = Client()
    return client, client.post("/accounts/login/", {"login": email, "password": password} | more)
