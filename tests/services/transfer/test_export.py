"""What a search finds, as files; those that an import reads find nothing to change."""

import csv
import io
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.enum import Name, check_draft, naptr_for, read_zone
from dashboard.models import AuditEvent, Credential, MirroredNumber, NumberNote, Result, User
from dashboard.protocol import RecordState
from dashboard.services.exporting import as_csv, undefused
from dashboard.services.transfer.files import KINDS, export
from dashboard.services.transfer.phone_books import CISCO_ENTRIES
from tests.enum.strategies import known_drafts
from tests.services.transfer.conftest import imported, mirrored, numbers_of, sip

pytestmark = pytest.mark.django_db

ONE, TWO = "442079460148", "442079460149"


def file_of(person: User, kind: str, query: str = "", part: int = 1) -> str:
    """A file with what was found."""
    return "".join(export(person, query, kind, part=part))


def is_sound(record: RecordState, name: Name) -> bool:
    """Whether a registry could have a record: legal, and without the characters that end its rows."""
    return not any(problem.is_error for problem in check_draft(record, name.digits, is_block=name.is_block))


drafts = st.lists(known_drafts, max_size=4)
accounts = st.dictionaries(st.from_regex(r"[1-9][0-9]{1,14}\*?", fullmatch=True), drafts, max_size=5)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "zone"])
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(accounts)
def test_an_export_imports_to_no_changes(
    person: User, credential: Credential, kind: str, account: dict[str, list[RecordState]]
) -> None:
    MirroredNumber.objects.all().delete()
    credential.services = []
    credential.save()
    mirrored(credential, "999999999")
    for number_id, (text, records) in enumerate(account.items(), start=1):
        name = Name(text.removesuffix("*"), is_block=text.endswith("*"))
        sound = [
            one.placed(place, order=100) for place, one in enumerate(records) if is_sound(one.placed(None), name)
        ]
        mirrored(credential, text, sound, number_id=number_id)

    kept = imported(person, credential, file_of(person, kind), name=f"x.{kind}", replaces=True)

    numbers = numbers_of(kept)
    assert {(number.result, number.words) for number in numbers} <= {(Result.SAME, "")}
    expected = set(account) | {"999999999"}
    if kind == "zone":  # in which there are no numbers without records
        rows = MirroredNumber.objects.exclude(record_count=0)
        expected = {f"{row.digits}{'*' * row.local.endswith('*')}" for row in rows}
    assert {number.digits for number in numbers} == expected


@given(
    st.text(st.sampled_from("'=+-@\t\r,\"\n;a") | st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
)
def test_what_a_spreadsheet_would_run_is_defused_and_comes_back_unharmed(text: str) -> None:
    (_heading, (cell,)) = csv.reader(io.StringIO("".join(as_csv(["x"], [[text]])), newline=""))

    assert undefused(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_table_has_a_line_for_each_record(person: User, credential: Credential) -> None:
    mirrored(credential, ONE, [sip(1, "=cmd@example.org"), sip(2, 'a,"b"@example.org', 20)])
    mirrored(credential, "4420*")

    rows = list(csv.reader(io.StringIO(file_of(person, "csv"))))

    assert rows == [
        ["number", "preference", "service", "hostdata", "order", "credential"],
        ["'+4420*", "", "", "", "", "Embedded"],
        [f"'+{ONE}", "10", "SIP", "'=cmd@example.org", "100", "Embedded"],
        [f"'+{ONE}", "20", "SIP", 'a,"b"@example.org', "100", "Embedded"],
    ]


def test_a_zone_has_the_records_as_they_are_published(person: User, credential: Credential) -> None:
    mirrored(credential, "4420*", [sip(1, "{number}@pbx.example.org")])
    mirrored(credential, ONE, [sip(2, "a@example.org"), sip(3, "no uri", 20)])

    text = file_of(person, "zone")

    assert "$ORIGIN 2.4.4.e164.arpa.\n" in text
    assert "; 8.4.1.0.6.4.9.7.0 is not published: 20 SIP no uri\n" in text
    (block, number) = read_zone(io.StringIO(text))
    assert (block.name, number.name) == (Name("4420", is_block=True), Name(ONE))
    assert block.naptr == naptr_for(sip(1, "{number}@pbx.example.org"), name=Name("4420", is_block=True))


def test_a_search_is_exported_and_noted(person: User, credential: Credential, stranger: User) -> None:
    mirrored(credential, ONE, [sip(1, "a@example.org")])
    mirrored(credential, TWO, [sip(2, "b@example.org")])

    assert file_of(person, "jsonl", f"+{TWO}").count("\n") == 1
    assert file_of(stranger, "jsonl") == ""
    assert AuditEvent.objects.filter(event="export.records").count() == 2


@pytest.fixture
def named(credential: Credential) -> str:
    """A number with a name that hurts, one without, and a block."""
    first = mirrored(credential, ONE)
    mirrored(credential, "4420*")
    mirrored(credential, TWO)
    name = 'Müller & Söhne <"a">; b, c\\ ' + "x" * 60
    NumberNote.objects.create(credential=credential, number_id=first.number_id, text=f"{name}\u202e\nmore")
    return name


NAMES = {
    "yealink": ("YealinkIPPhoneDirectory", "DirectoryEntry", "Name", "Telephone"),
    "snom": ("SnomIPPhoneDirectory", "DirectoryEntry", "Name", "Telephone"),
    "cisco": ("CiscoIPPhoneDirectory", "DirectoryEntry", "Name", "Telephone"),
    "grandstream": ("AddressBook", "Contact", "LastName", "Phone/phonenumber"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_a_phone_book_has_the_numbers_with_their_names(person: User, named: str, kind: str) -> None:
    root_name, entry, name, number = NAMES[kind]

    root = ET.fromstring(file_of(person, kind).encode())  # noqa: S314 -- our own

    assert root.tag == root_name
    found = [(one.findtext(name), one.findtext(number)) for one in root.findall(entry)]
    assert found == [(named[:99], f"+{ONE}"), ("+44 20 7946 0149", f"+{TWO}")]


def test_a_vcard_is_escaped_and_folded(person: User, named: str) -> None:
    text = file_of(person, "vcard")

    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = text.replace("\r\n ", "").split("\r\n")
    escaped = named[:99].replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    assert lines[:5] == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{escaped}",
        f"TEL;VALUE=uri;TYPE=voice:tel:+{ONE}",
        "END:VCARD",
    ]


def test_a_cisco_telephone_gets_as_many_as_it_takes(person: User, credential: Credential) -> None:
    for place in range(CISCO_ENTRIES + 3):
        mirrored(credential, f"4420794601{place:02}")

    parts: Sequence[int] = [file_of(person, "cisco", part=part).count("<DirectoryEntry>") for part in (1, 2, 3)]

    assert parts == [CISCO_ENTRIES, 3, 0]


def test_every_format_has_a_file_of_nothing(person: User) -> None:
    for kind in KINDS:
        assert isinstance(file_of(person, kind), str)
