"""`manage.py undo`: a change taken back from the shell."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from dashboard.models import Change, Credential, Team, User
from dashboard.protocol import RecordData
from dashboard.services.numbers import fingerprint, show_number
from dashboard.services.records import Writer
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import share

Said = Callable[..., str]


@pytest.fixture
def change(person: User, remote: Credential, registry: FaultyRegistry) -> Change:
    """The first record of the first number, changed by Alice."""
    return written(person, remote, registry, "new@example.org")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Run the command; what it printed."""

    def run(change: Change, *options: str) -> str:
        capsys.readouterr()
        call_command("undo", str(change.pk), "--user", "alice", *options)
        return capsys.readouterr().out

    return run


def written(who: User, credential: Credential, registry: FaultyRegistry, hostdata: str) -> Change:
    number = registry.number_ids[0]
    record = show_number(who, credential, number).records[0]
    draft = RecordData(preference=record.preference, service="SIP", hostdata=hostdata)
    return Writer(who, credential, number).update(record.id, draft, seen=fingerprint([record]))


def hostdata(registry: FaultyRegistry) -> str:
    return next(iter(registry.store.numbers[registry.number_ids[0]].records.values())).hostdata


def test_without_yes_it_prints_what_would_be_sent(
    registry: FaultyRegistry, change: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="repeat the command with --yes"):
        call_command("undo", str(change.pk), "--user", "alice")
    (line,) = capsys.readouterr().out.splitlines()
    kind, record_id, *before = line.split("\t")

    assert (kind, record_id, before[2]) == ("update", str(change.record_id), "new@example.org")
    assert line.endswith("5550100.0@sip.example.org")
    assert registry.count("update") == 1


def test_with_yes_it_is_sent(registry: FaultyRegistry, change: Change, said: Said) -> None:
    printed = said(change, "--yes", "--reason", "a slip")
    made = Change.objects.get(undoes=change)

    assert printed.splitlines()[-1] == f"applied\t{made.pk}"
    assert made.reason == "a slip"
    assert hostdata(registry) == "5550100.0@sip.example.org"
    assert "Nothing was sent." in said(change, "--yes")
    assert registry.count("update") == 2


def test_what_others_changed_since_is_said_and_stays_unless_it_is_asked_for(
    registry: FaultyRegistry,
    remote: Credential,
    team: Team,
    editor: User,
    change: Change,
    said: Said,
    capsys: pytest.CaptureFixture[str],
) -> None:
    share(remote, team)
    written(editor, remote, registry, "theirs@example.org")
    call_command("undo", str(change.pk), "--user", "alice", "--yes")
    assert "edith changed this since, and it is left as it is" in capsys.readouterr().err
    assert hostdata(registry) == "theirs@example.org"

    said(change, "--yes", "--with-theirs")
    assert hostdata(registry) == "5550100.0@sip.example.org"


def test_a_refusal_is_one_sentence(registry: FaultyRegistry, change: Change, said: Said) -> None:
    registry.fault("update", "bad", error="Not today.")
    with pytest.raises(CommandError, match=r"Refused\. Not today\."):
        said(change, "--yes")


def test_what_is_not_there_or_not_theirs_is_said(
    registry: FaultyRegistry, change: Change, viewer: User, team: Team, remote: Credential, stranger: User
) -> None:
    share(remote, team)
    for name, words in (("mallory", "no such change"), ("victor", "You may look at")):
        with pytest.raises(CommandError, match=words):
            call_command("undo", str(change.pk), "--user", name, "--yes")
    Change.objects.update(outcome="refused")
    with pytest.raises(CommandError, match="did not take effect"):
        call_command("undo", str(change.pk), "--user", "alice", "--yes")
    with pytest.raises(CommandError, match="one line of at most 200"):
        call_command("undo", str(change.pk), "--user", "alice", "--reason", "x" * 201)

    assert registry.count("update") == 1


def test_a_registry_that_does_not_answer_is_said(registry: FaultyRegistry, change: Change, said: Said) -> None:
    registry.fault("show", "html")
    with pytest.raises(CommandError, match="web page instead of a reply"):
        said(change, "--yes")
