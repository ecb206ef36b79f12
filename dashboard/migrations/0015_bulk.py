"""Jobs: the credentials that they use, the token that made them, how they wait; which job a change is a part of."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard.models.indexing import TextIndex


def make_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        TextIndex(table="dashboard_change", name="dashboard_change_text").make_triggers(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0014_search"),
    ]

    operations = [
        # On the way back SQLite makes the table anew, without a reference, and so without its triggers.
        migrations.RunPython(migrations.RunPython.noop, make_triggers),
        # Null and without a default, so that SQLite adds a column and the table keeps its triggers.
        migrations.AddField(
            model_name="change",
            name="job",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="dashboard.job"
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="goes_on_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="pauses",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="job",
            name="token",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="dashboard.token"
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="uses",
            field=models.ManyToManyField(related_name="+", to="dashboard.credential"),
        ),
        migrations.AddField(
            model_name="jobnumber",
            name="tries",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
