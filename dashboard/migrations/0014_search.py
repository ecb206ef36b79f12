"""The mirror is searched by one text a number, with an index of its trigrams (`models.indexing`).

A later migration that alters MirroredNumber must make the triggers again: `INDEX.make_triggers`.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import dashboard.models.searching
from dashboard.models.indexing import TextIndex
from dashboard.models.searching import MARKED, PLACE

INDEX = TextIndex(
    table="dashboard_mirrorednumber",
    name="dashboard_mirrored_text",
    rowid=PLACE,
    text=MARKED,
    of=("text", "digits", "dns_state", "problems", "record_count"),
)


def make_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    INDEX.make(schema_editor)


def remove_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    INDEX.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0013_mirror"),
    ]

    operations = [
        migrations.CreateModel(
            name="MirroredText",
            fields=[
                ("rowid", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", dashboard.models.searching.IndexedText()),
            ],
            options={
                "db_table": "dashboard_mirrored_text",
                "managed": False,
            },
        ),
        migrations.AddIndex(
            model_name="mirrorednumber",
            index=models.Index(fields=["digits", "id"], name="mirrored_order"),
        ),
        migrations.AddIndex(
            model_name="mirrorednumber",
            index=models.Index(
                condition=models.Q(("problems__gt", "")), fields=["digits", "id"], name="mirrored_problems"
            ),
        ),
        migrations.AddIndex(
            model_name="mirrorednumber",
            index=models.Index(fields=["dns_state", "digits", "id"], name="mirrored_dns"),
        ),
        migrations.AddIndex(
            model_name="mirrorednumber",
            index=models.Index(fields=["record_count", "digits", "id"], name="mirrored_records"),
        ),
        migrations.AddIndex(
            model_name="mirrorednumber",
            index=models.Index(fields=["changed_at"], name="mirrored_changed"),
        ),
        migrations.RunPython(make_index, remove_index),
    ]
