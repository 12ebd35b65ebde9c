"""What a person says about themselves."""

import secrets
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.core.meanwhile import refuse_if_changed
from folkmoot.core.refused import Refused
from folkmoot.core.text import fold
from folkmoot.people.models import Person, Photo
from folkmoot.people.photos import small_square

EDITABLE = frozenset({"name", "job_title", "pronouns", "about", "skills_offered", "skills_wanted"})
MOST_SKILLS = 30
LONGEST_SKILL = 80


@transaction.atomic
def edit_profile(*, by: Person, seen: dict[str, str] | None = None, **changes: Any) -> Person:
    """Change what `by` shows of themselves; from then on the organisation's data leaves those fields alone.

    The ledger keeps the names of what changed, not the words. Refuses an empty name, skills that are too
    many or too long, and to overwrite what changed since it was `seen` (the marks of `core.meanwhile`).
    """
    unknown = set(changes) - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    person = Person.objects.select_related("unit").select_for_update(of=("self",)).get(pk=by.pk)
    for name in {"skills_offered", "skills_wanted"} & set(changes):
        changes[name] = _clean_skills(changes[name], name)
    if "name" in changes and not changes["name"].strip():
        raise Refused(_("Please give a name by which others find you."), "name")
    refuse_if_changed(person, seen, changes)
    changed = sorted(name for name, value in changes.items() if getattr(person, name) != value)
    if changed:
        for name in changed:
            setattr(person, name, changes[name])
        person.own_fields = sorted({*person.own_fields, *changed})
        person.save()
        record("profile_edited", by=by, about=person, data={"changed": changed})
    return person


def _clean_skills(skills: list[str], field: str) -> list[str]:
    """Each skill once, whatever its case and accents, as it was first written."""
    clean = list({fold(skill): " ".join(skill.split()) for skill in reversed(skills) if fold(skill)}.values())
    clean.reverse()
    if len(clean) > MOST_SKILLS:
        raise Refused(_("Please name at most %(most)d skills.") % {"most": MOST_SKILLS}, field)
    if any(len(skill) > LONGEST_SKILL for skill in clean):
        raise Refused(_("A skill has at most %(most)d characters.") % {"most": LONGEST_SKILL}, field)
    return clean


def set_photo(*, by: Person, file: IO[bytes], size: int) -> Person:
    """Make the image in `file` (`size` bytes) the photo of `by`. Refuses what `small_square` refuses."""
    image = small_square(file, size)
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
        Photo.objects.filter(person=person).delete()
        photo = Photo.objects.create(key=secrets.token_hex(16), person=person, image=image)
        person.photo_key = photo.key
        person.save(update_fields=["photo_key"])
        record("photo_set", by=by, about=person)
    return person


@transaction.atomic
def remove_photo(*, by: Person) -> Person:
    """Take the photo of `by` away. Nothing happens where there is none."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if person.photo_key:
        Photo.objects.filter(person=person).delete()
        person.photo_key = ""
        person.save(update_fields=["photo_key"])
        record("photo_removed", by=by, about=person)
    return person
