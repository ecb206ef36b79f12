"""The audit trail, whose rows the database itself keeps as they are.

SQLite forgets a trigger when Django makes a table anew: a later migration that alters AuditEvent must make it again.
There it does not forbid to delete, since that is how Django empties a database; that a row is missing is noticed anyway.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard import vault

# Not the links, which become null.
COLUMNS = "number, at, event, by_name, address, about_name, team_name, credential_name, words, previous, digest"
REFUSAL = "The audit trail is append-only."
MAKE = {
    "sqlite": [
        f"""
        CREATE TRIGGER dashboard_auditevent_kept BEFORE UPDATE OF {COLUMNS} ON dashboard_auditevent
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """,
    ],
    "postgresql": [
        f"""
        CREATE FUNCTION dashboard_auditevent_kept() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
        """,
        f"""
        CREATE TRIGGER dashboard_auditevent_kept BEFORE UPDATE OF {COLUMNS} OR DELETE ON dashboard_auditevent
        FOR EACH ROW EXECUTE FUNCTION dashboard_auditevent_kept()
        """,
    ],
}
REMOVE = {
    "sqlite": ["DROP TRIGGER dashboard_auditevent_kept"],
    "postgresql": [
        "DROP TRIGGER dashboard_auditevent_kept ON dashboard_auditevent",
        "DROP FUNCTION dashboard_auditevent_kept()",
    ],
}


def make_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in MAKE.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement, params=None)


def remove_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVE.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement, params=None)


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The end of a trail without events, signed once: one that is missing later was removed."""
    apps.get_model("dashboard", "AuditHead").objects.create(
        pk=1, signatures=vault.sign("end of the audit trail", "0 ")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0005_teams"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.BigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("signatures", models.TextField(blank=True)),
                ("broken_after", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
                ("event", models.CharField(db_index=True, max_length=60, verbose_name="what")),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="who")),
                ("address", models.CharField(blank=True, max_length=64, verbose_name="from")),
                ("about_name", models.CharField(blank=True, max_length=150, verbose_name="about")),
                ("team_name", models.CharField(blank=True, max_length=100, verbose_name="team")),
                ("credential_name", models.CharField(blank=True, max_length=100, verbose_name="credential")),
                ("words", models.TextField(blank=True, verbose_name="words")),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "about",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="dashboard.credential",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="dashboard.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["-number"],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(make_triggers, remove_triggers),
    ]
