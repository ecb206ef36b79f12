"""What version 0.1 knew, in the words of this one: an alarm, TXT records of ours, and which numbers are samples."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SAMPLE_ACCOUNT = "sample"
SAMPLES = ("16045550123", "442079460958", "61491570156")  # as the first start made them


def forwards(apps: StateApps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Without a time of its own, what was stopped is tried at once."""
    apps.get_model("registry", "NameServer").objects.filter(is_stopped=True).update(refusals=1)
    apps.get_model("registry", "Publication").objects.filter(owns_text=True).update(owned="TXT")
    numbers = apps.get_model("registry", "Number").objects
    samples = numbers.filter(account__username=SAMPLE_ACCOUNT, digits__in=SAMPLES)
    digits = list(samples.values_list("digits", flat=True))
    samples.update(is_sample=True)
    # What was published of them is taken away.
    apps.get_model("registry", "Publication").objects.filter(name__in=digits).update(wanted=models.F("wanted") + 1)


def backwards(apps: StateApps, _schema: BaseDatabaseSchemaEditor) -> None:
    """What version 0.1 has no words for is forgotten: it has one zone, and no delegations."""
    apps.get_model("registry", "NameServer").objects.filter(refusals__gt=0).update(is_stopped=True)
    apps.get_model("registry", "Publication").objects.filter(owned__contains="TXT").update(owns_text=True)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_zones"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
