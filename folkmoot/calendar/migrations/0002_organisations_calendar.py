"""Every organisation has a calendar of its own, whose terms are entered or imported."""

from django.db import migrations


def make(apps, schema_editor):
    apps.get_model("calendar", "Calendar").objects.get_or_create(
        is_organisations=True, defaults={"slug": "organisation", "name": "The organisation"}
    )


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
