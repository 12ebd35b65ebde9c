"""The charter's first version, in force from the day the programme is set up."""

from django.db import migrations

from folkmoot.core.clock import today


def write_first_version(apps, schema_editor):
    """One version with the thresholds that the commitments declare."""
    version = apps.get_model("charter", "Version")
    if not version.objects.exists():
        version.objects.create(since=today(), thresholds={}, note="")


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [("charter", "0001_initial")]
    operations = [migrations.RunPython(write_first_version, migrations.RunPython.noop)]
