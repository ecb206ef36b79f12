"""Before and after become the whole number, as far as it is known."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import dashboard.models.change

CHUNK = 500


def carry_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Version 0.1 kept all records before an addition and a deletion of all; otherwise only the one concerned."""
    changes = apps.get_model("dashboard", "Change").objects.using(schema_editor.connection.alias)
    for change in changes.filter(command="new").order_by("pk").iterator(chunk_size=CHUNK):
        change.after = [*change.before, *change.after]
        change.save(update_fields=["after"])
    changes.filter(command__in=["update", "delete"]).update(is_whole=False)


def carry_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    changes = apps.get_model("dashboard", "Change").objects.using(schema_editor.connection.alias)
    for change in changes.order_by("pk").iterator(chunk_size=CHUNK):
        before, after = change.before, change.after
        change.after = [entry for entry in after if entry not in before]
        if change.command in {"update", "delete"}:
            change.before = [entry for entry in before if entry not in after]
        change.save(update_fields=["before", "after"])


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0003_exchange_indexes")]

    operations = [
        migrations.AddField("change", "is_whole", models.BooleanField(default=True)),
        migrations.RunPython(carry_over, carry_back),
        migrations.AlterField("change", "before", dashboard.models.change.RecordsField(default=list)),
        migrations.AlterField("change", "after", dashboard.models.change.RecordsField(default=list)),
    ]
