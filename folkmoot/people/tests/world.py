"""A few people and units to tell stories about."""

from typing import Any

from folkmoot.people.models import Person, Unit

PASSWORD = "a long walk by the canal"


def unit(code: str, name: str = "", parent: Unit | None = None, **fields: Any) -> Unit:
    return Unit.objects.create(code=code, name=name or code, parent=parent, **fields)


def person(name: str, **fields: Any) -> Person:
    ref = fields.pop("ref", name.lower().replace(" ", "-"))
    fields.setdefault("email", f"{ref}@example.ac.uk".replace("’", ""))
    password = fields.pop("password", "")
    made = Person(ref=ref, name=name, **fields)
    if password:
        made.set_password(password)
    made.save()
    return made
