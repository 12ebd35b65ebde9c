"""The organisation's units: a tree, each part central, academic or other."""

from typing import Any, ClassVar

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from folkmoot.core.text import sort_key, words


class UnitQuerySet(models.QuerySet["Unit"]):
    """Readings of the tree."""

    def under(self, unit: "Unit") -> "UnitQuerySet":
        """The unit and all units below it, as part of one statement."""
        below = """
            WITH RECURSIVE below AS (
                SELECT id FROM people_unit WHERE id = %s
                UNION
                SELECT unit.id FROM people_unit unit JOIN below ON unit.parent_id = below.id
            )
            SELECT id FROM below
        """
        return self.filter(pk__in=RawSQL(below, [unit.pk]))  # noqa: S611

    def in_tree_order(self) -> "list[tuple[Unit, int]]":
        """Every unit with its depth, parents before children, by name. One statement."""
        children: dict[int | None, list[Unit]] = {}
        for each in self.order_by("sort_name", "id"):
            children.setdefault(each.parent_id, []).append(each)
        ordered: list[tuple[Unit, int]] = []
        waiting = [(top, 0) for top in reversed(children.get(None, []))]
        while waiting:
            unit, depth = waiting.pop()
            ordered.append((unit, depth))
            waiting += [(child, depth + 1) for child in reversed(children.get(unit.pk, []))]
        return ordered

    def settle_kinds(self) -> None:
        """Give every unit the kind it states or the nearest one above it states; `other` where none does.

        One statement for the whole tree, to be called after parents or stated kinds have changed.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH RECURSIVE tree AS (
                    SELECT id, COALESCE(NULLIF(stated_kind, ''), 'other') AS kind
                    FROM people_unit WHERE parent_id IS NULL
                    UNION ALL
                    SELECT unit.id, COALESCE(NULLIF(unit.stated_kind, ''), tree.kind)
                    FROM people_unit unit JOIN tree ON unit.parent_id = tree.id
                )
                UPDATE people_unit SET kind = tree.kind FROM tree
                WHERE tree.id = people_unit.id AND people_unit.kind <> tree.kind
                """
            )


class Unit(models.Model):
    """A faculty, department, division or team. Its kind is stated or inherited from the unit above."""

    class Kind(models.TextChoices):
        """What DOMAIN.md's central : academic split is made of."""

        CENTRAL = "central", _("Central services")
        ACADEMIC = "academic", _("Academic departments")
        OTHER = "other", _("Other")

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300, editable=False)
    search_key = models.TextField(editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    stated_kind = models.CharField(max_length=10, choices=Kind, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER, editable=False)

    objects: ClassVar[UnitQuerySet] = UnitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["sort_name", "id"], name="unit_by_name")]

    def __str__(self) -> str:
        return self.name

    def ancestors(self) -> "list[Unit]":
        """The units above this one, the topmost first. One statement, none at the top."""
        if self.parent_id is None:
            return []
        above = """
            WITH RECURSIVE above AS (
                SELECT unit.*, 1 AS steps FROM people_unit unit WHERE id = %s
                UNION
                SELECT unit.*, above.steps + 1 FROM people_unit unit JOIN above ON unit.id = above.parent_id
                WHERE above.steps < 100
            )
            SELECT * FROM above ORDER BY steps DESC
        """
        return list(Unit.objects.raw(above, [self.parent_id]))

    def set_keys(self) -> None:
        """Recompute what is derived from the name. Call it before writing in bulk; `save` does it itself."""
        self.sort_name = sort_key(self.name)[:300]
        self.search_key = " ".join(words(self.name))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with fresh keys."""
        self.set_keys()
        super().save(*args, **kwargs)
