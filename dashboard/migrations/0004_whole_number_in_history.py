"""Before and after become the whole number, as far as it is known."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import dashboard.models.fields

CHUNK = 500


def carry_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Version 0.1 kept all records before an addition and a deletion of all; otherwise only the one concerned."""
    changes = apps.get_model("dashboard", "Change").objects.using(schema_editor.connection.alias)
    for change in changes.filter(command="new").order_by("pk").iterator(chunk_size=CHUNK):
        change.after = [*change.before, *change.after]
        change.save(update_fields=["after"])
    changes.filter(command__in=["update", "delete"]).update(is_whole=False)


def carry_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Version 0.1 gets what it would have kept, also of changes that were made since."""
    changes = apps.get_model("dashboard", "Change").objects.using(schema_editor.connection.alias)
    for change in (
        changes.filter(is_whole=True).exclude(command="deleteall").order_by("pk").iterator(chunk_size=CHUNK)
    ):
        if change.command == "new":
            change.after = [entry for entry in change.after if entry not in change.before]
        else:
            change.before = [entry for entry in change.before if entry["id"] == change.record_id]
            change.after = [entry for entry in change.after if entry["id"] == change.record_id]
        change.save(update_fields=["before", "after"])


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0003_exchange_indexes")]

    operations = [
        migrations.AddField("change", "is_whole", models.BooleanField(default=True)),
        migrations.RunPython(carry_over, carry_back),
        migrations.AlterField("change", "before", dashboard.models.fields.RecordsField(default=list)),
        migrations.AlterField("change", "after", dashboard.models.fields.RecordsField(default=list)),
    ]
