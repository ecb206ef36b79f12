"""What keeps the index of the texts is there after all migrations, and what is missing is said."""

import importlib
import json
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from dashboard.models import Change
from dashboard.models.indexing import TextIndex
from dashboard.models.searching import mirrored_text, searched_text
from dashboard.protocol import RecordState

INDEXES = [importlib.import_module(f"dashboard.migrations.{name}").INDEX for name in ("0009_table", "0014_search")]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.table)
def test_no_migration_has_lost_the_triggers(index: TextIndex) -> None:
    if connection.vendor != "sqlite":
        return  # others have an index, which the next test looks at
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [index.table])
        assert {name for (name,) in cursor.fetchall()} == set(index.triggers)


def said() -> list[str]:
    return [str(message.id) for message in run_checks(databases=["default"]) if message.id == "e164web.W001"]


def test_a_missing_index_is_said_and_searching_works_without_it() -> None:
    assert said() == []
    if connection.vendor != "postgresql":
        return
    Change.objects.create(number_id=1, words="to be found")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX dashboard_change_text")
    assert said() == ["e164web.W001"]
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX dashboard_mirrored_text")
    assert said() == ["e164web.W001"] * 2
    assert Change.objects.filter(text__contains="be found").exists()


def test_a_database_whose_owner_may_not_make_extensions_is_migrated_all_the_same() -> None:
    assert said() == []
    if connection.vendor != "postgresql":
        return  # which alone has extensions
    with connection.cursor() as cursor:
        for index in INDEXES:
            cursor.execute(f"DROP INDEX {index.name}")
        cursor.execute("DROP EXTENSION pg_trgm")
    with connection.schema_editor() as editor:
        for index in INDEXES:
            index.make(editor, extension="CREATE EXTENSION there_is_none")
    assert said() == ["e164web.W001"] * 2
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm('x')")


def test_moving_to_another_database_leaves_the_index_behind() -> None:
    Change.objects.create(number_id=1, words="to be found")
    moved = StringIO()
    call_command("dumpdata", "dashboard", stdout=moved)
    assert {row["model"] for row in json.loads(moved.getvalue())} >= {"dashboard.change"}
    assert "changetext" not in moved.getvalue()
    assert "mirroredtext" not in moved.getvalue()


def test_a_text_has_no_control_characters_but_those_between_its_parts() -> None:
    text = searched_text("1", ["a\x1eb\x1fc\0d"], [])
    assert text == "+1\na b c d\n\x1f"
    record = RecordState(id=1, preference=1, service="S\x1eIP", hostdata="A\x1f\n@b")
    assert mirrored_text("1", [record, record]) == "+1\n" + "\x1es ip\x1fa  @b\x1e" * 2


def test_postgresql_is_told_to_compile_nothing() -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
