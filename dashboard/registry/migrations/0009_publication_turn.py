"""The index by which the queue is read, now with the rank. PostgreSQL makes it while others write."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_PENDING = models.Q(("done", models.F("wanted")), _negated=True)
_OLD = models.Index(fields=["name_server", "since"], condition=_PENDING, name="registry_publication_pending")
_NEW = models.Index(fields=["name_server", "rank", "since"], condition=_PENDING, name="registry_publication_turn")


def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _replace(apps, editor, _OLD, _NEW)


def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _replace(apps, editor, _NEW, _OLD)


def _replace(apps: StateApps, editor: BaseDatabaseSchemaEditor, old: models.Index, new: models.Index) -> None:
    publication = apps.get_model("registry", "Publication")
    how = {"concurrently": True} if editor.connection.vendor == "postgresql" else {}
    # One that a broken-off migration left behind is of no use.
    editor.execute(f"DROP INDEX IF EXISTS {editor.quote_name(new.name)}")
    editor.add_index(publication, new, **how)
    editor.remove_index(publication, old, **how)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("registry", "0008_publication_rank"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="publication", name=_OLD.name),
                migrations.AddIndex(model_name="publication", index=_NEW),
            ],
            database_operations=[migrations.RunPython(forwards, backwards)],
        ),
    ]
