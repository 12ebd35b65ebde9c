"""A person of the organisation, who is also the account that signs in."""

import secrets
from datetime import date
from typing import Any, ClassVar
from urllib.parse import quote

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, F, Func, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.core import clock
from folkmoot.core.search import beginning_with, words_column
from folkmoot.core.text import sort_key, words
from folkmoot.people.models.units import Unit

SKILLS_SHOWN = 4


class PersonQuerySet(models.QuerySet["Person"]):
    """Readings of the directory."""

    def here(self, on: date) -> "PersonQuerySet":
        """People who have not left by the day `on`."""
        return self.filter(Q(left__isnull=True) | Q(left__gt=on))

    def matching(self, text: str) -> "PersonQuerySet":
        """People whose name, title, unit or skills hold every word of `text`, by prefix, without accents."""
        wanted = beginning_with(text)
        return self if wanted is None else self.filter(words=wanted)

    def within(self, unit: Unit) -> "PersonQuerySet":
        """People of the unit and of all units below it."""
        return self.filter(unit__in=Unit.objects.under(unit))

    def offering(self, skills: list[str]) -> "PersonQuerySet":
        """People who offer at least one of these skills, spelled as they are."""
        return self.filter(skills_offered__overlap=skills)

    def programme_team(self) -> "PersonQuerySet":
        """Those who look after the programme."""
        return self.filter(on_programme_team=True)

    def skills(self) -> list[tuple[str, int]]:
        """(skill, how many of these people offer it), most offered first. One statement."""
        each = self.order_by().annotate(skill=Func(F("skills_offered"), function="unnest"))
        counted = each.values("skill").annotate(offered=Count("pk")).order_by("-offered", "skill")
        return list(counted.values_list("skill", "offered"))


class PersonManager(BaseUserManager["Person"]):
    """What Django's sign-in asks of a manager."""

    def get_queryset(self) -> PersonQuerySet:
        """The directory, without the words to search by, which nobody reads."""
        return PersonQuerySet(self.model, using=self._db).defer("words")

    def here(self, on: date) -> PersonQuerySet:
        """People who have not left by the day `on`."""
        return self.get_queryset().here(on)

    def matching(self, text: str) -> PersonQuerySet:
        """See `PersonQuerySet.matching`."""
        return self.get_queryset().matching(text)

    def programme_team(self) -> PersonQuerySet:
        """See `PersonQuerySet.programme_team`."""
        return self.get_queryset().programme_team()

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this organisation's id."""
        return self.get(ref=username)


class Person(AbstractBaseUser):
    """Somebody of the organisation, as they wish to be shown.

    `ref` is the organisation's own id, text as given. `email` is lower-cased, and NULL where there is none.
    `left` is the first day on which they were no longer here. `own_fields` names what the person has written
    themselves, which the organisation's data no longer overwrites.
    """

    MINTED = "~"

    ref = models.CharField(_("id"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=300)
    sort_name = models.CharField(max_length=300, editable=False)
    search_key = models.TextField(editable=False)
    words = words_column()
    email = models.EmailField(_("e-mail"), max_length=254, null=True, blank=True, unique=True)
    job_title = models.CharField(_("job title"), max_length=300, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    skills_offered = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    skills_wanted = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=60, blank=True)
    about = models.TextField(_("about"), max_length=2000, blank=True)
    photo_key = models.CharField(max_length=32, blank=True, editable=False)
    own_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    left = models.DateField(null=True, blank=True)
    on_programme_team = models.BooleanField(default=False)
    # Whether something waits unread in their inbox: kept here so that the frame of a page need not ask.
    has_news = models.BooleanField(default=False, db_default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "ref"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(email=""), name="person_missing_email_is_null"),
            models.CheckConstraint(condition=~Q(ref=""), name="person_has_an_id"),
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="person_by_name"),
            models.Index(fields=["unit", "sort_name", "id"], name="person_by_unit"),
            models.Index(fields=["id"], condition=Q(on_programme_team=True), name="person_on_team"),
            GinIndex(fields=["words"], name="person_words"),
            GinIndex(fields=["skills_offered"], name="person_skills"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name, for libraries that ask."""
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether this person may sign in: they have not left."""
        return self.left is None or self.left > clock.today()

    @property
    def has_minted_ref(self) -> bool:
        """Whether the id is one of ours, until the organisation's own data brings theirs."""
        return self.ref.startswith(self.MINTED)

    @property
    def photo_url(self) -> str:
        """Where the photo is, or empty. No statement."""
        return reverse("photo", args=[self.photo_key]) if self.photo_key else ""

    @property
    def skills_shown(self) -> list[str]:
        """The few skills that stand in a list."""
        return self.skills_offered[:SKILLS_SHOWN]

    def get_absolute_url(self) -> str:
        """This person's page, below the directory; the organisation's id may hold any characters."""
        return f"{reverse('people')}{quote(self.ref, safe='/~:@')}/"

    def has_usable_password(self) -> bool:
        """Whether a password was ever set; people who were imported have none."""
        return bool(self.password) and super().has_usable_password()

    def set_keys(self) -> None:
        """Recompute what follows from name, title, unit and skills. `save` does it; bulk writers call it."""
        self.sort_name = sort_key(self.name)[:300]
        unit_name = self.unit.name if self.unit else ""
        self.search_key = " ".join(
            dict.fromkeys(words(" ".join([self.name, self.job_title, unit_name, *self.skills_offered])))
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with fresh keys, and a missing e-mail as NULL."""
        self.email = self.email.strip().lower() if self.email and self.email.strip() else None
        if kwargs.get("update_fields") is None:
            self.set_keys()
        super().save(*args, **kwargs)


def mint_ref() -> str:
    """An id for somebody whom the organisation's data does not know yet."""
    return Person.MINTED + "".join(secrets.choice("23456789abcdefghjkmnpqrstvwxyz") for _ in range(10))


class Photo(models.Model):
    """A person's photo, small and re-encoded, kept with the data so that one backup holds everything."""

    key = models.CharField(max_length=32, primary_key=True)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="photo")
    image = models.BinaryField()

    def __str__(self) -> str:
        return f"Photo of {self.person_id}"
