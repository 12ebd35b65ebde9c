from urllib.parse import urlsplit

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from folkmoot.core.address import site_address


def keep_what_calendars_know(apps, schema_editor):
    """Who was invited before has it in their calendar under the name it was sent by then."""
    host = urlsplit(site_address()).hostname or "localhost"
    answers = apps.get_model("events", "Answer").objects.filter(invited__isnull=False)
    for name, things, ids in (
        ("event", apps.get_model("events", "Event"), answers.filter(of_series=False).values("event")),
        ("series", apps.get_model("events", "Series"), answers.filter(of_series=True).values("event__series")),
    ):
        known = Concat(Value(f"{name}-"), Cast("pk", models.CharField()), Value(f"@{host}"))
        things.objects.filter(pk__in=ids).update(uid=known)


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0009_uids'),
    ]

    operations = [
        migrations.RunPython(keep_what_calendars_know, migrations.RunPython.noop),
    ]
