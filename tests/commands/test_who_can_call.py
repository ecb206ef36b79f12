"""Who can call a number, from the shell."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dashboard.enum import read_zone_lines
from dashboard.models import Credential
from dashboard.registry.models import Record
from dashboard.telephones import TELEPHONES
from tests.interop import bind
from tests.interop.kamailio import publish
from tests.telephones.cases import observed, sip

RECORD = {
    "order": 100,
    "preference": 10,
    "flags": "u",
    "service": "E2U+sip",
    "regexp": "!^.*$!sip:a@example.net!",
    "replacement": ".",
}
URI = "sip:a@example.net"
NUMBER = "+16045550123"


class Shell:
    """Runs the command with records in a file."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file = folder / "records.json"
        self._capsys = capsys

    def says(self, number: str, records: object, *options: str) -> Any:
        self.file.write_text(records if isinstance(records, str) else json.dumps(records))
        self._capsys.readouterr()
        call_command("who_can_call", number, "--records", str(self.file), *options)
        return json.loads(self._capsys.readouterr().out)

    def fails(self, number: str, records: object) -> str:
        with pytest.raises(CommandError) as caught:
            self.says(number, records)
        assert "\n" not in str(caught.value)
        return str(caught.value)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def test_every_telephone_system_is_named_with_what_it_calls(shell: Shell) -> None:
    found = shell.says(NUMBER, [RECORD])
    assert found == {telephone.name: [URI] for telephone in TELEPHONES}
    assert list(found) == ["kamailio", "opensips", "asterisk", "freeswitch", "yate", "freepbx"]
    assert set(map(str, shell.says(NUMBER, []).values())) == {"[]"}


def test_it_agrees_with_what_was_observed(shell: Shell) -> None:
    cases = json.loads((Path(__file__).parents[1] / "telephones/observed.json").read_text())
    assert len(cases) == len(observed())
    for case in cases:
        found = shell.says(case["number"], case["records"])
        assert {name: found[name] for name in case["observed"]} == case["observed"], case["name"]


@pytest.mark.parametrize(
    "number",
    [
        "16045550123",
        "+1 604 555 0123",
        "+1 (604) 555-0123",
        " 1.604.555/0123 ",
        "+1–604–555\u00a00123",
        "\u202a+1\u2011604\u2011555\u20110123\u202c",
        "tel:+1-604-555-0123",
        "0016045550123",
        "+١ 604 555 0123",
    ],
)
def test_a_number_may_be_written_in_any_way(shell: Shell, number: str) -> None:
    records = [RECORD | {"regexp": r"!^\+(.*)$!sip:\1@example.net!"}]
    assert shell.says(number, records)["kamailio"] == ["sip:16045550123@example.net"]


@pytest.mark.parametrize("number", ["", "+", "abc", "1604555CALL", "+1+6", "1 & 2", "sip:1604@x", "-", "1\n2x"])
def test_what_is_no_number_is_refused(shell: Shell, number: str) -> None:
    assert "is not a telephone number" in shell.fails(number, [RECORD])


def test_what_cannot_be_read_is_named_with_the_field(shell: Shell) -> None:
    assert shell.fails("1604555CALL", [RECORD]).startswith(
        "The number: This is not a telephone number: U+0043 LATIN CAPITAL LETTER C cannot be part of one."
    )


def test_a_number_that_no_domain_name_can_hold_is_refused(shell: Shell) -> None:
    assert "more than its domain name can hold" in shell.fails("1" * 200, [RECORD])


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ({"order": 100}, "must hold a list of records"),
        (7, "must hold a list of records"),
        ([RECORD, 7], "Record 2 is not an object"),
        ([RECORD, RECORD, {key: RECORD[key] for key in RECORD if key != "regexp"}], "Record 3 lacks “regexp”."),
        ([RECORD | {"order": "100"}], "“order” of record 1 must be a whole number."),
        ([RECORD | {"preference": True}], "“preference” of record 1 must be a whole number."),
        ([RECORD | {"order": 65536}], "Record 1: order must be from 0 to 65535."),
        ([RECORD | {"flags": None}], "“flags” of record 1 must be text."),
        ([RECORD | {"regexp": "x" * 256}], "Record 1: regexp has 256 octets; DNS allows 255."),
        ([RECORD | {"regexp": "é" * 128}], "Record 1: regexp has 256 octets; DNS allows 255."),
        ([RECORD | {"regexp": "\ud800"}], "Record 1: "),
        ([RECORD | {"replacement": "a..b."}], "Record 1: The replacement is not a domain name."),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_what_and_where(shell: Shell, records: object, why: str) -> None:
    assert why in shell.fails(NUMBER, records)


def test_a_file_that_is_not_there_or_no_text_is_named(shell: Shell, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"“.*nowhere” cannot be read: No such file"):
        call_command("who_can_call", NUMBER, "--records", str(tmp_path / "nowhere"))
    shell.file.write_bytes(b'["\xff"]')
    with pytest.raises(CommandError, match="is not UTF-8 text"):
        call_command("who_can_call", NUMBER, "--records", str(shell.file))


def test_the_replacement_may_be_left_out(shell: Shell) -> None:
    assert shell.says(NUMBER, [{key: RECORD[key] for key in RECORD if key != "replacement"}])["yate"] == [URI]


@pytest.mark.parametrize("replacement", ["", ".", "a.example", "a.example."])
def test_the_replacement_may_be_without_its_last_dot(shell: Shell, replacement: str) -> None:
    assert shell.says(NUMBER, [RECORD | {"replacement": replacement}])["yate"] == [URI]


def test_a_file_may_begin_with_a_mark_of_its_encoding_and_name_the_number(shell: Shell) -> None:
    assert shell.says(NUMBER, "\ufeff" + json.dumps([RECORD]))["yate"] == [URI]
    assert shell.says(NUMBER, {"name": "one", "number": NUMBER, "records": [RECORD]})["yate"] == [URI]


@pytest.mark.parametrize("odd", ["\U000e0041", "\x7f", "\xa0", "\u200b", "\U0001f4de"])
def test_every_character_comes_out_as_it_went_in(shell: Shell, odd: str) -> None:
    regexp = f"!^.*$!sip:{odd}@example.net!"
    assert shell.says(NUMBER, [RECORD | {"regexp": regexp}])["kamailio"] == [f"sip:{odd}@example.net"]


def test_records_come_from_the_standard_input_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps([RECORD]).encode())))
    call_command("who_can_call", NUMBER, "--records", "-")
    assert json.loads(capsys.readouterr().out)["asterisk"] == [URI]


def test_what_is_not_ascii_is_utf_8_on_the_wire_and_back(shell: Shell) -> None:
    found = shell.says(NUMBER, [RECORD | {"regexp": "!^.*$!sip:jörg@example.net!"}])
    assert found["kamailio"] == ["sip:jörg@example.net"]
    assert found["asterisk"] == []


def test_nothing_in_a_record_moves_the_cursor(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.file.write_text(json.dumps([RECORD | {"regexp": "!^.*$!sip:\x1b[2J\x9b@example.net!"}]))
    call_command("who_can_call", NUMBER, "--records", str(shell.file), "--explain")
    assert all(character.isprintable() or character == "\n" for character in capsys.readouterr().out)


def test_explained_are_the_number_and_every_record(shell: Shell) -> None:
    spoiler = RECORD | {"preference": 20, "regexp": "!^x$!sip:b@example.net!"}
    found = shell.says(NUMBER, [RECORD, spoiler], "--explain")
    assert found["asterisk"] == {
        "uris": [],
        "sentence": "Asterisk drops the whole number because the pattern of record 2 does not match it.",
        "records": [
            {
                "record": '100 10 "u" "E2U+sip" "!^.*$!sip:a@example.net!" .',
                "state": "skipped",
                "code": "dropped",
                "uri": "",
                "sentence": "Not used, because record 2 makes Asterisk drop the whole number.",
            },
            {
                "record": '100 20 "u" "E2U+sip" "!^x$!sip:b@example.net!" .',
                "state": "breaks",
                "code": "no-match",
                "uri": "",
                "sentence": "The pattern does not match +16045550123.",
            },
        ],
    }
    assert found["yate"]["uris"] == [URI]
    assert found["yate"]["records"][0]["sentence"] == f"Yate calls {URI}."


@pytest.mark.django_db
def test_without_a_file_the_name_servers_are_asked(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with bind.running(zone="e164.arpa") as server:
        settings.E164WEB = replace(settings.E164WEB, resolvers=[str(server.address)], name_servers=[])
        publish(server, NUMBER[1:], [replace(sip(), preference=preference) for preference in (30, 10, 20)])
        call_command("who_can_call", NUMBER)
        assert json.loads(capsys.readouterr().out)["kamailio"] == ["sip:good@example.net"] * 3
        for _ in range(5):  # BIND mixes its answers
            call_command("who_can_call", NUMBER, "--explain")
            explained = json.loads(capsys.readouterr().out)["kamailio"]["records"]
            assert [each["record"].split()[1] for each in explained] == ["10", "20", "30"]


DATA = r'100 10 "u" "E2U+sip" "!^\\+?(.*)$!sip:\\1@example.net!" .'
OWNER = "3.2.1.0.5.5.5.4.0.6.1.e164.arpa."
DIALLED = ["sip:16045550123@example.net"]


@pytest.mark.parametrize(
    "text",
    [
        DATA,
        f"NAPTR {DATA}",
        f"IN NAPTR {DATA}",
        f"300 IN NAPTR {DATA}",
        f"IN 5m naptr {DATA}",
        f"{OWNER} NAPTR {DATA}",
        f"{OWNER} IN NAPTR {DATA}",
        f"{OWNER}\t300\tIN\tNAPTR\t{DATA}",
        f"{OWNER} IN 300 NAPTR {DATA}",
        f"{OWNER.upper()} NAPTR {DATA}",
        f"\n; a comment\n{OWNER} 300 IN NAPTR {DATA} ; another\n\n",
        f'{OWNER} IN NAPTR ( 100 10\n  "u" "E2U+sip"\n {DATA.split(" ", 4)[4]} )',
        f"$ORIGIN e164.arpa.\n$TTL 300\n{OWNER.removesuffix('.e164.arpa.')} IN NAPTR {DATA}\n",
        f"$ORIGIN 2.1.0.5.5.5.4.0.6.1.e164.arpa.\n3 IN NAPTR {DATA}\n",
        f"$ORIGIN {OWNER}\n@ IN NAPTR {DATA}\n",
        f'{OWNER} IN TXT "NAPTR"\n  IN NAPTR {DATA}\n',
        f"*.5.5.5.4.0.6.1.e164.arpa. 300 IN NAPTR {DATA}",
        f'*.4.0.6.1.e164.arpa. NAPTR 100 5 "u" "E2U+sip" "!^.*$!sip:no@example.net!" .\n{OWNER} NAPTR {DATA}',
        f"@ 3600 IN SOA ns.example. h.example. 1 2 3 4 5\n@ IN NS ns.example.\n{OWNER} NAPTR {DATA}\n",
        f'{OWNER} NAPTR {DATA}\n4{OWNER[1:]} NAPTR 100 5 "u" "E2U+sip" "!^.*$!sip:no@example.net!" .',
        DATA.replace('"u"', "u").replace('"E2U+sip"', "E2U+sip"),
        f"{DATA}\r\n",
        f"\ufeff{DATA}",
    ],
)
def test_records_may_be_lines_of_a_zone_file(shell: Shell, text: str) -> None:
    assert shell.says(NUMBER, text)["kamailio"] == DIALLED


def test_lines_are_taken_in_the_order_in_which_they_are_tried(shell: Shell) -> None:
    lines = [
        DATA.replace("100 10", f"100 {preference}").replace("@", f"@{preference}.") for preference in (30, 10, 20)
    ]
    assert shell.says(NUMBER, "\n".join(lines))["kamailio"] == [
        f"sip:16045550123@{preference}.example.net" for preference in (10, 20, 30)
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello", "Line 1: “hello” is no DNS record."),
        (f"{DATA}\nsip:alice@example.org", "Line 2: “sip:alice@example.org” is no DNS record."),
        (f"{DATA}\n$GENERATE 1-9 $ {DATA}", "Line 2: “$GENERATE” is not read here"),
        (f"{DATA}\n{OWNER} NAPTR 100 x", "Line 2: The record cannot be read"),
        (f'{OWNER} NAPTR 100 70000 "u" "E2U+sip" "!^.*$!sip:a@b!" .', "Line 1: The record cannot be read"),
        (f'{OWNER} NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:a@b! .', "Line 1: The record cannot be read"),
        (f"{OWNER} NAPTR ( {DATA}", "a bracket was not closed"),
        (f"4{OWNER[1:]} NAPTR {DATA}", "No record belongs to +16045550123; they are those of +16045550124."),
        (f"*.4.4.e164.arpa. NAPTR {DATA}", "they are those of +44*."),
        (f"*.5.5.5.4.0.6.1.e164.arpa. NAPTR {DATA}\n4.2.1.0.5.5.5.4.0.6.1.e164.arpa. NAPTR {DATA}", "belongs to"),
    ],
)
def test_lines_that_are_wrong_or_of_others_are_said(shell: Shell, text: str, why: str) -> None:
    assert why in shell.fails(NUMBER, text)


def test_what_we_publish_is_read_back_from_its_text(shell: Shell) -> None:
    for case in observed():
        lines = [f"{OWNER} 300 IN NAPTR {record.to_text()}" for record in case.records]
        if not lines:
            continue
        assert read_zone_lines("\n".join(lines), NUMBER.removeprefix("+")) == list(case.records), case.name


@pytest.mark.django_db
def test_where_the_dns_has_none_it_says_who_was_asked(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with bind.running(zone="e164.arpa") as server:
        settings.E164WEB = replace(settings.E164WEB, resolvers=[str(server.address)], name_servers=[])
        call_command("who_can_call", NUMBER, "--explain")

    captured = capsys.readouterr()
    assert json.loads(captured.out)["yate"]["uris"] == []
    assert captured.err == (
        f"{server.address} has no records at 3.2.1.0.5.5.5.4.0.6.1.e164.arpa. "
        "Add --credential LABEL to ask a registry instead.\n"
    )


def test_an_empty_file_is_named(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.file.write_text("[]")
    call_command("who_can_call", NUMBER, "--records", str(shell.file))
    assert capsys.readouterr().err == f"The file “{shell.file}” has no records.\n"


def test_with_a_credential_its_registry_is_asked(credential: Credential, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("who_can_call", "+1 604 555 0123", "--credential", credential.label, "--explain")
    found = json.loads(capsys.readouterr().out)

    assert found["asterisk"]["uris"][0].startswith("sip:")
    records = Record.objects.filter(number__digits="16045550123").count()
    assert {len(each["records"]) for each in found.values()} == {records}


def test_a_registry_without_records_of_a_number_is_named(
    credential: Credential, capsys: pytest.CaptureFixture[str]
) -> None:
    Record.objects.filter(number__digits="16045550123").delete()
    call_command("who_can_call", NUMBER, "--user", "alice")
    captured = capsys.readouterr()

    assert json.loads(captured.out)["kamailio"] == []
    assert captured.err == "The account “alice” at “This registry” has no records of +16045550123.\n"


def test_records_without_a_form_in_the_dns_are_counted(
    credential: Credential, capsys: pytest.CaptureFixture[str]
) -> None:
    count = Record.objects.filter(number__digits="16045550123").update(service="UNHEARD-OF")
    call_command("who_can_call", NUMBER, "--credential", credential.label)

    assert capsys.readouterr().err == f"{count} of its {count} records have no form in the DNS.\n"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--credential", "Embedded"], "The account “alice” at “This registry” has no number +16045550999."),
        (["--credential", "Other"], "alice has no credential “Other”. There is: “Embedded”."),
        (["--user", "nobody"], "There is no active user “nobody”."),
        (["--user", "alice", "--records", "-"], "Records come from a file or from a registry, not from both."),
    ],
)
def test_what_cannot_be_asked_is_said(credential: Credential, options: list[str], why: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("who_can_call", "+1 604 555 0999", *options)
    assert str(caught.value) == why
