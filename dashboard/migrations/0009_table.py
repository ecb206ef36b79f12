"""The history is searched by one text a change, with an index of its trigrams.

SQLite has that in a table of its own, which triggers keep. SQLite forgets them when Django makes a table anew: a later
migration that alters Change must make them again (`make_triggers`); tests/models/test_searching.py notices.
PostgreSQL has it in an extension, which the owner of a database may make. Where that is refused, searching reads all
texts, and a system check says what to do.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import DatabaseError, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import dashboard.models.searching
from dashboard.models.change import Command
from dashboard.models.searching import searched_text
from dashboard.protocol import RecordState

CHUNK = 2_000  # changes in memory at a time
# Which trigrams are in a text, and not where: that is looked for in the text itself.
TABLE = """
    CREATE VIRTUAL TABLE dashboard_change_text
    USING fts5(text, content='dashboard_change', content_rowid='id', tokenize='trigram', detail='none')
"""
# Small pages: to find the next change in one, SQLite reads all of it.
PAGES = "INSERT INTO dashboard_change_text (dashboard_change_text, rank) VALUES ('pgsz', 500)"
FORGET = "INSERT INTO dashboard_change_text (dashboard_change_text, rowid, text) VALUES ('delete', old.id, old.text);"
LEARN = "INSERT INTO dashboard_change_text (rowid, text) VALUES (new.id, new.text);"
TRIGGERS = {
    "dashboard_change_text_made": f"AFTER INSERT ON dashboard_change BEGIN {LEARN} END",
    "dashboard_change_text_gone": f"AFTER DELETE ON dashboard_change BEGIN {FORGET} END",
    "dashboard_change_text_changed": (
        f"AFTER UPDATE OF text ON dashboard_change WHEN old.text IS NOT new.text BEGIN {FORGET} {LEARN} END"
    ),
}
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
# Without a list of what waits to be indexed, which every search would read through.
INDEX = """
    CREATE INDEX dashboard_change_text ON dashboard_change USING gin (text gin_trgm_ops) WITH (fastupdate = off)
"""


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


def make_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, what in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {what}", params=None)


def make_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":
        schema_editor.execute(TABLE, params=None)
        schema_editor.execute(PAGES, params=None)
        schema_editor.execute("INSERT INTO dashboard_change_text (dashboard_change_text) VALUES ('rebuild')")
        make_triggers(apps, schema_editor)
    elif vendor == "postgresql":
        try:
            with transaction.atomic(schema_editor.connection.alias):
                schema_editor.execute(EXTENSION, params=None)
                schema_editor.execute(INDEX, params=None)
        except DatabaseError:
            return  # what is missing is said by the check e164web.W001


def remove_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":
        for name in TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}")
        schema_editor.execute("DROP TABLE dashboard_change_text")
    elif vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS dashboard_change_text")


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
