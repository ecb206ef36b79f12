"""Every command of the protocol from the shell, through the services that the pages use."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dashboard.client import MASK
from dashboard.models import Change, Credential, Exchange, Outcome, User
from dashboard.protocol import COMMANDS
from dashboard.registry.models import Number, Record
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import REGISTRY_PASSWORD
from tests.prepared import prepare
from tests.programs import manage

Said = Callable[..., list[str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Run the command and return the lines of its output."""

    def run(*arguments: object, **options: object) -> list[str]:
        capsys.readouterr()
        call_command("e164", *map(str, arguments), **options)
        return capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def number(credential: Credential) -> Number:
    """The embedded registry's sample number with three records."""
    return Number.objects.get(digits="16045550123")


@pytest.fixture
def sip(number: Number) -> Record:
    """Its SIP record."""
    return number.records.get(service="SIP")


@pytest.fixture
def brief(settings: Any) -> None:
    """A deadline that keeps tests of a silent registry short."""
    settings.E164WEB = replace(settings.E164WEB, connect_timeout=0.5, deadline=1.0)


def failure(*arguments: object, code: int = 1) -> str:
    """The sentence with which the command fails."""
    with pytest.raises(CommandError) as caught:
        call_command("e164", *map(str, arguments))
    assert caught.value.returncode == code
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


# --- reading ------------------------------------------------------------------------------------------------------


def test_ping_says_ok(credential: Credential, said: Said) -> None:
    assert said("ping") == ["ok"]


def test_list_has_a_row_for_each_number(credential: Credential, said: Said) -> None:
    rows = [f"{n.pk}\t{n.country}\t{n.area}\t{n.local}" for n in Number.objects.order_by("pk")]
    assert said("list") == rows
    assert len(rows) == 3


def test_show_has_a_row_for_each_record_in_the_order_of_telephone_systems(number: Number, said: Said) -> None:
    first = number.records.get(service="MAILTO")
    Record.objects.filter(pk=first.pk).update(preference=1)
    rows = said("show", number.pk)
    assert rows[0] == f"{first.pk}\t1\t604\t5550123\t100\t1\tMAILTO\talice@example.org"
    assert [row.split("\t")[5] for row in rows] == ["1", "10", "20"]


def test_getnaptr_has_the_row_of_one_record(sip: Record, said: Said) -> None:
    assert said("getnaptr", sip.pk) == [f"{sip.pk}\t1\t604\t5550123\t100\t10\tSIP\talice@example.org"]


def test_listservices_has_a_line_for_each_service(credential: Credential, said: Said) -> None:
    assert {"SIP", "IAX2", "MAILTO"} <= set(said("listservices"))


def test_myip_says_one_address(credential: Credential, said: Said) -> None:
    assert said("myip") == ["127.0.0.1"]


def test_reading_leaves_no_trace_in_the_history(sip: Record, said: Said) -> None:
    for arguments in (["ping"], ["list"], ["show", sip.number_id], ["getnaptr", sip.pk], ["myip"]):
        said(*arguments)
    assert not Change.objects.exists()
    assert Exchange.objects.exists()


# --- writing ------------------------------------------------------------------------------------------------------


def test_new_adds_a_record_that_is_tried_last(person: User, number: Number, said: Said) -> None:
    (row,) = said("new", number.pk, "--service", "SIP", "--hostdata", "carol@example.org")
    added = number.records.get(hostdata="carol@example.org")
    assert row == f"applied\t{added.pk}"
    assert (added.preference, added.service) == (40, "SIP")
    change = Change.objects.get()
    assert (change.user, change.command, change.outcome) == (person, "new", Outcome.APPLIED)


def test_new_takes_a_preference(number: Number, said: Said) -> None:
    said("new", number.pk, "--preference", 0, "--service", "SIP", "--hostdata", "carol@example.org")
    assert number.records.get(hostdata="carol@example.org").preference == 0


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        (["--preference", "15"], {"preference": 15}),
        (["--preference", "0"], {"preference": 0}),
        (["--hostdata", "bob@example.org"], {"hostdata": "bob@example.org"}),
        (["--service", "IAX2", "--hostdata", "pbx.example.net"], {"service": "IAX2", "hostdata": "pbx.example.net"}),
    ],
)
def test_update_changes_what_is_given_and_keeps_the_rest(
    sip: Record, said: Said, options: list[str], changed: dict[str, Any]
) -> None:
    before = {"preference": 10, "service": "SIP", "hostdata": "alice@example.org"}
    assert said("update", sip.pk, *options) == [f"applied\t{sip.pk}"]
    sip.refresh_from_db()
    assert {name: getattr(sip, name) for name in before} == before | changed
    change = Change.objects.get()
    assert (change.command, change.record_id, change.number_id) == ("update", sip.pk, sip.number_id)


def test_delete_without_yes_shows_what_would_be_lost(sip: Record, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--yes" in failure("delete", sip.pk)
    assert capsys.readouterr().out == f"{sip.pk}\t1\t604\t5550123\t100\t10\tSIP\talice@example.org\n"
    assert Record.objects.filter(pk=sip.pk).exists()
    assert not Change.objects.exists()


def test_delete_with_yes_deletes(sip: Record, said: Said) -> None:
    assert said("delete", sip.pk, "--yes") == [f"applied\t{sip.pk}"]
    assert not Record.objects.filter(pk=sip.pk).exists()
    assert Change.objects.get().before[0].hostdata == "alice@example.org"


def test_deleteall_without_yes_shows_every_record(number: Number, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--yes" in failure("deleteall", number.pk)
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert number.records.count() == 3


def test_deleteall_with_yes_deletes_all(number: Number, said: Said) -> None:
    assert said("deleteall", number.pk, "--yes") == [f"applied\t{number.pk}"]
    assert number.records.count() == 0
    assert len(Change.objects.get().before) == 3
    assert failure("deleteall", number.pk, "--yes") == "This number has no records. Nothing was sent."


@pytest.mark.parametrize(
    "options",
    [
        ["--service", "SIP", "--hostdata", "a b"],
        ["--service", "SIP", "--hostdata", ""],
        ["--service", "", "--hostdata", "alice@example.org"],
        ["--service", "SIP", "--hostdata", "a@example.org", "--preference", "65536"],
        ["--service", "SIP", "--hostdata", "a@example.org", "--preference", "-1"],
        ["--service", "SIP", "--hostdata", "a@example.org\r\nx"],
        ["--service", "SIP", "--hostdata", "x" * 10_000],
    ],
)
def test_a_record_that_is_unsound_is_not_sent(number: Number, options: list[str]) -> None:
    assert failure("new", number.pk, *options).endswith("Nothing was sent.")
    assert number.records.count() == 3
    assert not Change.objects.exists()


SECRET = ["--hostdata", "alice:secret@example.org"]


@pytest.mark.parametrize("command", ["new", "update"])
def test_what_deserves_a_second_look_needs_yes(
    number: Number, sip: Record, said: Said, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    arguments = ["new", number.pk, "--service", "SIP", *SECRET] if command == "new" else ["update", sip.pk, *SECRET]
    assert "--yes" in failure(*arguments)
    assert capsys.readouterr().err == (
        "Note: There is a password in the host data. Everybody can read it in the DNS.\n"
    )
    assert not Change.objects.exists()
    (row,) = said(*arguments, "--yes")
    assert row.startswith("applied\t")
    assert number.records.filter(hostdata="alice:secret@example.org").exists()


def test_a_number_with_a_trunk_prefix_needs_yes(
    remote: Credential, registry: FaultyRegistry, said: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    number_id = registry.store.add_number(registry.username, "44", "020", "79460958")
    arguments = ["new", number_id, "--service", "SIP", "--hostdata", "alice@example.org"]
    assert "--yes" in failure(*arguments)
    assert "+44 20 7946 0958 was probably meant" in capsys.readouterr().err
    assert registry.count("new") == 0
    (row,) = said(*arguments, "--yes")
    assert row.startswith("applied\t")


def test_yes_does_not_make_an_answer_that_is_too_large_legal(remote: Credential, registry: FaultyRegistry) -> None:
    number_id = registry.number_ids[0]
    for place in range(30, 68):
        registry.store.add_record(number_id, place, "SIP", f"{'a' * 45}{place}@example.org")
    sentence = failure("new", number_id, "--service", "SIP", "--hostdata", f"{'b' * 150}@example.org", "--yes")
    assert sentence.startswith("The number's DNS answer would have ")
    assert sentence.endswith("Nothing was sent.")
    assert registry.count("new") == 0


# --- the wire -----------------------------------------------------------------------------------------------------


def test_the_wire_is_shown_without_the_secret(credential: Credential, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("e164", "ping", wire=True)
    captured = capsys.readouterr()
    assert captured.out == "ok\n"
    lines = captured.err.splitlines()
    assert lines[0] == "> ping at embedded://registry/e164/api"
    assert "command=ping" in lines[1]
    assert f"secret={MASK}" in lines[1]
    assert lines[2].startswith("< HTTP 200, ok, ")
    assert "  response=OK" in lines
    assert REGISTRY_PASSWORD not in captured.err


def test_the_wire_is_shown_of_a_failure_too(
    remote: Credential, registry: FaultyRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.fault("show", "bad", error="closed")
    with pytest.raises(CommandError):
        call_command("e164", "show", str(registry.number_ids[0]), "--wire")
    shown = capsys.readouterr().err
    assert "  error=closed" in shown.splitlines()
    assert registry.secret not in shown


def test_the_wire_is_shown_only_where_it_is_asked_for(
    credential: Credential, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("e164", "ping", wire=True)
    capsys.readouterr()
    call_command("e164", "ping")
    assert capsys.readouterr().err == ""


# --- who, and what is wrong ---------------------------------------------------------------------------------------


def test_with_several_credentials_one_must_be_named(credential: Credential, remote: Credential, said: Said) -> None:
    sentence = failure("ping", code=2)
    assert "“Embedded”, “Remote”" in sentence
    assert said("ping", "--credential", "Remote") == ["ok"]
    assert "has no credential “Rmote”. There is: “Embedded”" in failure("ping", "--credential", "Rmote")


def test_with_several_people_one_must_be_named(credential: Credential, stranger: User, said: Said) -> None:
    assert said("ping") == ["ok"]  # only Alice has a credential
    Credential.objects.create(user=stranger, registry=credential.registry, username="m", label="Theirs")
    assert "--user" in failure("ping", code=2)
    assert said("ping", "--user", "alice") == ["ok"]


def test_people_have_only_their_own_credentials(credential: Credential, stranger: User) -> None:
    sentence = failure("ping", "--user", "mallory", "--credential", "Embedded")
    assert sentence == "mallory has no credential. Add one on the site first."


def test_unknown_and_inactive_people_are_no_people(person: User, credential: Credential) -> None:
    assert failure("ping", "--user", "bob") == "There is no active user “bob”."
    person.is_active = False
    person.save()
    assert failure("ping", "--user", "alice") == "There is no active user “alice”."
    assert failure("ping") == "Nobody has a credential yet. Add one on the site first."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show"], "show needs an id."),
        (["delete", "--yes"], "delete needs an id."),
        (["list", "1"], "list takes no id."),
        (["list", "--yes"], "list takes no --yes."),
        (["ping", "--preference", "0"], "ping takes no --preference."),
        (["delete", "1", "--service", "SIP"], "delete takes no --service."),
        (["new", "1", "--hostdata", "x"], "new needs --service."),
        (["new", "1", "--service", "SIP"], "new needs --hostdata."),
        (["update", "1"], "update needs one of --preference, --service and --hostdata."),
    ],
)
def test_what_does_not_fit_the_command_is_a_wrong_usage(
    credential: Credential, arguments: list[str], sentence: str
) -> None:
    assert failure(*arguments, code=2) == sentence
    assert not Exchange.objects.exists()


@pytest.mark.parametrize(
    "command", [name for name in COMMANDS if name not in {"ping", "list", "listservices", "myip"}]
)
def test_an_id_that_is_not_there_is_a_sentence(credential: Credential, command: str) -> None:
    options = {"new": ["--service", "SIP", "--hostdata", "a@example.org"], "update": ["--preference", "1"]}
    yes = ["--yes"] if command.startswith("delete") else []
    assert failure(command, 999_999, *options.get(command, []), *yes).endswith((".", "unknown-id"))
    assert not Change.objects.exists()


@pytest.mark.parametrize("wrong", [-1, 10**30])
def test_an_id_that_nobody_can_have_is_a_sentence(credential: Credential, wrong: int) -> None:
    assert "whole number" in failure("show", wrong)


# --- a registry that fails ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["bad", "cut", "status-500", "garbage", "hang", "redirect", "version", "no-terminator"]
)
@pytest.mark.usefixtures("brief")
def test_a_failing_registry_is_one_sentence(remote: Credential, registry: FaultyRegistry, kind: str) -> None:
    registry.fault("list", kind)
    sentence = failure("list")
    assert sentence
    assert registry.secret not in sentence


def test_words_of_a_registry_cannot_drive_the_terminal(
    remote: Credential, registry: FaultyRegistry, said: Said
) -> None:
    registry.fault("ping", "bad", error="\x1b[2J\x1b]0;title\x07gone\r\nline")
    sentence = failure("ping")
    assert sentence.isprintable()
    assert "gone line" in sentence


def test_a_write_whose_reply_is_lost_is_read_back(remote: Credential, registry: FaultyRegistry, said: Said) -> None:
    (row, *_) = registry.rows(registry.number_ids[0])
    record = row.split(",")[0]
    registry.fault("update", "reset-after")
    assert said("update", record, "--hostdata", "new@example.org") == [f"applied\t{record}"]
    assert Change.objects.get().outcome == Outcome.APPLIED


def test_a_write_that_had_no_effect_fails_and_says_so(remote: Credential, registry: FaultyRegistry) -> None:
    (row, *_) = registry.rows(registry.number_ids[0])
    record = row.split(",")[0]
    registry.fault("update", "reset-before")
    assert failure("update", record, "--hostdata", "new@example.org").startswith("Not applied. ")
    assert Change.objects.get().outcome == Outcome.NOT_APPLIED


def test_a_refused_write_fails_with_the_words_of_the_registry(remote: Credential, registry: FaultyRegistry) -> None:
    registry.fault("delete", "bad", error="only on Mondays")
    (row, *_) = registry.rows(registry.number_ids[0])
    sentence = failure("delete", row.split(",")[0], "--yes")
    assert sentence.startswith("Refused. ")
    assert "only on Mondays" in sentence
    assert Change.objects.get().outcome == Outcome.REFUSED


# --- the whole program --------------------------------------------------------------------------------------------


def test_failures_end_the_program_with_one_and_wrong_usage_with_two(tmp_path: Path) -> None:
    prepare(tmp_path)
    done = manage(tmp_path, "e164", "ping")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Nobody has a credential yet. Add one on the site first.\n"
    assert manage(tmp_path, "e164", "show").returncode == 2
    assert manage(tmp_path, "e164", "dance").returncode == 2
    assert manage(tmp_path, "e164", "show", "one").returncode == 2


def test_a_reason_is_kept_with_what_is_written(said: Said, sip: Record) -> None:
    said("update", sip.pk, "--preference", 77, "--reason", "moved to the new PBX")
    assert Change.objects.get().reason == "moved to the new PBX"
    assert failure("update", sip.pk, "--preference", 78, "--reason", "a" * 201, code=2) == (
        "update takes a reason of at most 200 characters."
    )
    assert failure("show", sip.number_id, "--reason", "why", code=2) == "show takes no --reason."
