"""The mark of a demo."""

from django.db import models
from django.db.models.functions import Now


class DemoProgramme(models.Model):
    """This database holds the invented programme: one row, written with it. It opens `/demo/`."""

    seed = models.BigIntegerField()
    scale = models.PositiveIntegerField()
    day = models.DateField()
    loaded_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"The demo of {self.day}"
