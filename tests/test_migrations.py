"""Migrations that carry data: there and back without loss."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements

from dashboard.models import Change
from dashboard.models.searching import ChangeText
from dashboard.protocol import RecordState
from dashboard.registry.models import NameServer, Number, Publication, Zone
from tests.programs import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, WHOLE = ("dashboard", "0003_exchange_indexes"), ("dashboard", "0004_whole_number_in_history")
OUTCOMES = ["sent", "applied", "refused", "not-applied", "unknown"]


def entry(record_id: int | None, hostdata: str = "alice@example.org", **values: Any) -> dict[str, Any]:
    """A record as version 0.1 kept it."""
    return {"id": record_id, "order": 100, "preference": 10, "service": "SIP", "hostdata": hostdata, **values}


# What version 0.1 kept of each command: before, after, and what version 0.2 makes of them.
ONE, TWO, OTHER = entry(1), entry(2, "bob@example.org", order=50), entry(1, "ünï,c\"ødé'\\@example.org")
NEW = entry(3, "new@example.org")
CASES: dict[str, tuple[str, int | None, list[Any], list[Any], list[Any], bool]] = {
    "the first": ("new", 3, [], [NEW], [NEW], True),
    "another": ("new", 3, [ONE, TWO], [NEW], [ONE, TWO, NEW], True),
    "without an id": ("new", None, [ONE], [entry(None)], [ONE, entry(None)], True),
    "a change": ("update", 1, [ONE], [OTHER], [OTHER], False),
    "a move": ("update", 1, [ONE], [entry(1, preference=25)], [entry(1, preference=25)], False),
    "no change": ("update", 1, [ONE], [ONE], [ONE], False),
    "a deletion": ("delete", 1, [ONE], [], [], False),
    "all": ("deleteall", None, [ONE, TWO], [], [], True),
    "all of none": ("deleteall", None, [], [], [], True),
}


def migrate_to_the_last() -> None:
    """Come to the models as they are now."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrate(name: tuple[str, str]) -> Any:
    """Go to a migration, and return the models as they are there."""
    executor = MigrationExecutor(connection)
    executor.migrate([name])
    return MigrationExecutor(connection).loader.project_state([name]).apps


@pytest.fixture(autouse=True)
def _afterwards_as_it_was(transactional_db: None) -> Iterator[None]:
    yield
    migrate_to_the_last()


def stored() -> list[tuple[str, ...]]:
    """What the tests' own columns hold, without any model."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT command, outcome, before, after FROM dashboard_change ORDER BY id")
        return [(str(command), str(outcome), before, after) for command, outcome, before, after in cursor.fetchall()]


def test_what_version_0_1_kept_is_carried_over_and_back_without_loss() -> None:
    old = migrate(BEFORE).get_model("dashboard", "Change")
    for command, record_id, before, after, _, _ in CASES.values():
        for outcome in OUTCOMES:
            old.objects.create(
                command=command, record_id=record_id, before=before, after=after, outcome=outcome, number_id=1
            )
    as_they_were = stored()

    made = iter(migrate(WHOLE).get_model("dashboard", "Change").objects.order_by("pk"))
    for name, (command, _, before, _, after, is_whole) in CASES.items():
        for outcome in OUTCOMES:
            change = next(made)
            assert (change.command, change.outcome, change.is_whole) == (command, outcome, is_whole), name
            assert change.before == [RecordState(**each) for each in before], name
            assert change.after == [RecordState(**each) for each in after], name

    migrate(BEFORE)
    assert stored() == as_they_were


def test_changes_made_since_are_kept_as_version_0_1_would_have() -> None:
    one, two = RecordState(**ONE), RecordState(**TWO)
    for command, after in (("update", [RecordState(**OTHER), two]), ("update", [one, two]), ("delete", [two])):
        Change.objects.create(command=command, record_id=1, before=[one, two], after=after, number_id=1)
    Change.objects.create(command="new", record_id=3, before=[one], after=[one, RecordState(**NEW)], number_id=1)
    Change.objects.create(command="deleteall", before=[one, two], after=[], number_id=1)

    old = migrate(BEFORE).get_model("dashboard", "Change")
    assert [(change.before, change.after) for change in old.objects.order_by("pk")] == [
        ([ONE], [OTHER]),
        ([ONE], [ONE]),
        ([ONE], []),
        ([ONE], [NEW]),
        ([ONE, TWO], []),
    ]


def test_changes_from_before_are_found_by_their_texts() -> None:
    old = migrate(("dashboard", "0008_undo")).get_model("dashboard", "Change")
    for command, record_id, before, after in (
        ("update", 1, [ONE, TWO], [OTHER, TWO]),
        ("deleteall", None, [TWO], []),
    ):
        records = ([RecordState(**each) for each in side] for side in (before, after))
        old.objects.create(
            **dict(zip(("before", "after"), records, strict=True)),
            command=command,
            record_id=record_id,
            number_id=1,
            number="442079460958",
            person="Alice",
            words="Said.",
        )

    migrate_to_the_last()
    texts = list(Change.objects.order_by("pk").values_list("text", flat=True))
    assert texts == [change.searched for change in Change.objects.order_by("pk")]
    assert "alice@example.org" in texts[0]
    assert "bob@example.org" not in texts[0]  # which did not change
    assert [text.startswith("+442079460958\nalice\nsaid.\n") for text in texts] == [True, True]
    if connection.vendor == "sqlite":
        assert ChangeText.objects.filter(text__matches='"bob"').count() == 1


def test_what_version_0_1_knew_of_servers_and_samples_is_carried_over_and_back() -> None:
    old = migrate(("registry", "0002_zone"))
    zone = old.get_model("registry", "Zone").objects.create(pk=1, suffix="tel.dn42")
    servers = old.get_model("registry", "NameServer").objects
    stopped = servers.create(zone=zone, address="192.0.2.1", is_stopped=True, problem="It refused.")
    sound = servers.create(zone=zone, address="192.0.2.2")
    accounts, numbers = (old.get_model("registry", name).objects for name in ("Account", "Number"))
    samples, others = accounts.create(username="sample"), accounts.create(username="alice")
    for account, digits in ((samples, "16045550123"), (samples, "16049586111"), (others, "442079460958")):
        numbers.create(account=account, country=digits[:2], local=digits[2:], digits=digits)
    rows = old.get_model("registry", "Publication").objects
    now = timezone.now()
    for digits in ("16045550123", "442079460958"):
        rows.create(name_server=sound, name=digits, wanted=7, done=7, since=now, retry_at=now, owns_text=True)

    migrate(("registry", "0009_publication_turn"))
    assert Zone.objects.get().origin == "tel.dn42"
    assert {server.address: server.is_refusing for server in NameServer.ready()} == {
        stopped.address: True,
        sound.address: False,
    }
    assert {number.digits for number in Number.objects.filter(is_sample=True)} == {"16045550123"}
    kept = {row.name: (row.owned, row.is_pending) for row in Publication.objects.all()}
    # What was published of fiction is taken away.
    assert kept == {"16045550123": ("TXT", True), "442079460958": ("TXT", False)}

    back = migrate(("registry", "0002_zone"))
    servers = back.get_model("registry", "NameServer").objects
    assert {server.address: server.is_stopped for server in servers.all()} == {"192.0.2.1": True, "192.0.2.2": False}
    assert all(row.owns_text for row in back.get_model("registry", "Publication").objects.all())


INDEXES = ("CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE")
# Why a migration may do what would lock a table that a running site uses, by app and name, and the codes of it.
EXCEPTIONS = {
    ("dashboard", "0012_large"): {
        "RENAME_TABLE": "what was known of numbers becomes the mirror: the version before must be stopped",
        "NOT_NULL": "columns of that table, which has one row for each number that was looked at, and is small yet",
    },
    ("dashboard", "0013_mirror"): dict.fromkeys(
        ("NOT_NULL", "ALTER_COLUMN", *INDEXES), "of the mirror, which 0012 has just made of a small table"
    ),
    ("dashboard", "0014_search"): dict.fromkeys(INDEXES, "of the mirror, which is small yet"),
    ("dashboard", "0015_bulk"): {
        "NOT_NULL": "of jobs, a table that 0012 has just made and that is empty yet",
        **dict.fromkeys(INDEXES, "of a reference that is null everywhere: a second for a million changes"),
    },
    ("registry", "0008_publication_rank"): {"NOT_NULL": "the database knows the default: no row is written anew"},
    ("registry", "0009_publication_turn"): {"DROP_INDEX": "of a name that only a broken-off migration left"},
}
FIRST = {"dashboard": 12, "registry": 7}  # those before are released, and run on tables that nobody else uses yet


def test_migrations_do_not_lock_what_a_running_site_uses() -> None:
    linter = MigrationLinter(str(ROOT), no_cache=True)
    found = {}
    for app, name in linter.migration_loader.disk_migrations:
        if app not in FIRST or int(name[:4]) < FIRST[app]:
            continue
        errors, _ignored, warnings = analyse_sql_statements(linter.sql_analyser_class, linter.get_sql(app, name), [])
        said = {issue.code: issue.message for issue in [*errors, *warnings]}
        found[app, name] = {code: text for code, text in said.items() if code not in EXCEPTIONS.get((app, name), {})}
    assert found
    bad = {key: said for key, said in found.items() if said}
    assert not bad, bad
