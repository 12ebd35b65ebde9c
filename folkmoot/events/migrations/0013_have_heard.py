from django.db import migrations
from django.db.models import Max


def have_heard(apps, schema_editor):
    """Whoever has had a letter before has heard of all there is."""
    last = apps.get_model("activity", "Entry").objects.aggregate(last=Max("pk"))["last"] or 0
    apps.get_model("events", "Answer").objects.filter(invited__isnull=False).update(heard=last)


class Migration(migrations.Migration):

    dependencies = [
        ('activity', '0002_lately'),
        ('events', '0012_heard'),
    ]

    operations = [
        migrations.RunPython(have_heard, migrations.RunPython.noop),
    ]
