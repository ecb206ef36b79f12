"""SQLite's index of the mirror is made anew, with a mark for what has a problem and a state in the DNS."""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDEX = import_module("dashboard.migrations.0014_search").INDEX


def make_anew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        INDEX.remove(schema_editor)
        INDEX.make(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0021_raws"),
    ]

    operations = [
        migrations.RunPython(make_anew, migrations.RunPython.noop),
    ]
