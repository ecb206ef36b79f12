"""The history is searched by one text a change, with an index of its trigrams (`models.indexing`).

A later migration that alters Change must make the triggers again: `INDEX.make_triggers`.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import dashboard.models.searching
from dashboard.models.change import Command
from dashboard.models.indexing import TextIndex
from dashboard.models.searching import searched_text
from dashboard.protocol import RecordState

CHUNK = 2_000  # changes in memory at a time
INDEX = TextIndex(table="dashboard_change", name="dashboard_change_text")


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The texts of the changes that are there already."""
    changes, last = apps.get_model("dashboard", "Change").objects, 0
    with schema_editor.connection.cursor() as cursor:
        while chunk := list(changes.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            cursor.executemany(
                "UPDATE dashboard_change SET text = %s WHERE id = %s", [(_text_of(one), one.pk) for one in chunk]
            )
            last = chunk[-1].pk


def _text_of(change: models.Model) -> str:
    said = (change.person, change.credential_label, change.registry_name, change.reason, change.words)
    return searched_text(change.number, said, [*_concerned(change, 0), *_concerned(change, 1)])


def _concerned(change: models.Model, side: int) -> list[RecordState]:
    """What a change takes away (0) or adds (1)."""
    these, those = (change.before, change.after)[:: -1 if side else 1]
    if change.command == Command.UPDATE:
        return [record for record in these if record.id == change.record_id]
    return [record for record in these if record not in those]


def make_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    INDEX.make(schema_editor)


def remove_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    INDEX.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0008_undo"),
    ]

    operations = [
        migrations.AddField(
            model_name="change",
            name="text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(condition=models.Q(("settled_at", None)), fields=["id"], name="change_open"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["outcome", "id"], name="change_outcome"),
        ),
        migrations.CreateModel(
            name="ChangeText",
            fields=[
                ("rowid", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", dashboard.models.searching.IndexedText()),
            ],
            options={"db_table": "dashboard_change_text", "managed": False},
        ),
        migrations.CreateModel(
            name="NumberNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_id", models.BigIntegerField()),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                ("tags", models.CharField(blank=True, max_length=500, verbose_name="tags")),
                ("version", models.PositiveIntegerField(default=0)),
                ("person", models.CharField(max_length=150, verbose_name="who")),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="dashboard.credential"
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "constraints": [models.UniqueConstraint(fields=("credential", "number_id"), name="number_note_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(make_index, remove_index),
    ]
