"""A text becomes a preview: each number with what it is to have, and each problem with its line and field."""

import pytest

from dashboard.models import Credential, Import, ImportChunk, ImportLine, Job, JobState, MirroredNumber, Result, User
from dashboard.registry.models import Account, Number, Range
from dashboard.services import bulk
from dashboard.services.background.tasks import run_waiting
from dashboard.services.transfer import preparing
from dashboard.services.transfer.decoding import Unreadable
from dashboard.services.transfer.keeping import keep
from dashboard.services.transfer.options import Options
from dashboard.services.transfer.starting import start_preview
from tests.services.transfer.conftest import Imports, imported, mirrored, numbers_of, sip

pytestmark = pytest.mark.django_db

ONE, TWO = "442079460148", "442079460149"
HEAD = "number,preference,service,hostdata\n"


def test_a_table_becomes_the_preview_of_a_job(credential: Credential, imports: Imports) -> None:
    row = mirrored(credential, ONE, [sip(1, "old@example.org")])
    mirrored(credential, TWO, [sip(2, "bob@example.org")])

    first, second = imports(f"{HEAD}+{ONE},10,SIP,new@example.org\n+{TWO},10,SIP,bob@example.org\n", replaces=True)

    assert (first.place, first.digits, first.number_id, first.result) == (1, ONE, row.number_id, Result.WAITING)
    assert first.before == [sip(1, "old@example.org")]
    assert first.after == [sip(None, "new@example.org")]
    assert first.seen == row.fingerprint
    assert (second.result, second.words) == (Result.SAME, "")
    job = Job.objects.get()
    assert (job.state, job.action) == (JobState.PREVIEW, "import")
    assert job.mirrored_at is not None
    assert not ImportChunk.objects.exists()


def test_what_is_missing_is_added_where_nothing_else_was_chosen(credential: Credential, imports: Imports) -> None:
    mirrored(credential, ONE, [sip(1, "old@example.org")])

    (number,) = imports(f"{HEAD}+{ONE},20,SIP,new@example.org\n")

    assert number.after == [sip(1, "old@example.org"), sip(None, "new@example.org", 20)]


def test_lines_of_one_number_need_not_stand_together(credential: Credential, imports: Imports) -> None:
    mirrored(credential, ONE)
    mirrored(credential, TWO)

    numbers = imports(
        f"{HEAD}+{ONE},10,SIP,a@example.org\n+{TWO},10,SIP,b@example.org\n+{ONE},20,SIP,c@example.org\n"
    )

    assert [[one.hostdata for one in number.after] for number in numbers] == [
        ["a@example.org", "c@example.org"],
        ["b@example.org"],
    ]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("4.42079E+11", "A spreadsheet made “4.42079E+11” of the number"),
        ("4,42079E+11", "its last digits are lost"),
        (ONE, "has no +: spreadsheets take it off"),
        (f"'{ONE}", "A spreadsheet's apostrophe"),
        (f"{ONE}.0", "A spreadsheet put decimals"),
        ("", "it has no digits"),
        ("+44x", "LATIN SMALL LETTER X"),
        ("020 7946", "lacks its country code"),
        ("+1234567890123456", "at most 15"),
    ],
)
def test_a_number_that_a_spreadsheet_mangled_is_named_with_its_line(
    credential: Credential, imports: Imports, written: str, words: str
) -> None:
    mirrored(credential, ONE)

    (number,) = imports(f'{HEAD}\n"{written}",10,SIP,a@example.org\n')

    assert (number.result, number.digits) == (Result.CANNOT, "")
    assert number.words.startswith("Line 3, number: ")
    assert words in number.words
    assert ImportLine.objects.get().field == "number"


def test_numbers_without_a_plus_are_taken_where_somebody_says_what_they_are(
    credential: Credential, imports: Imports
) -> None:
    mirrored(credential, ONE)

    (number,) = imports(f"{HEAD}{ONE},10,SIP,a@example.org\n", takes_plain=True)

    assert (number.digits, number.result) == (ONE, Result.WAITING)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("ten,SIP,a@example.org", "Line 2, preference: “ten” is no preference"),
        ("70000,SIP,a@example.org", "Line 2, preference: "),
        ("10,SIP,a b@example.org", "Line 2, host data: The host data holds a blank"),
        ("10,SIP,sip:a@b@example.org", "Line 2, host data: "),
        ("10,SIP,a\x00b@example.org", "Line 2, host data: The host data holds a control character (U+0000)"),
        ("10,S|P,a@example.org", "Line 2, service: “S|P” cannot be the name"),
        ("10,,", "Line 2, host data: There is no service"),
        ("10,SIP,a,b@example.org", "Line 2: The line has 5 cells, and the table has 4"),
    ],
)
def test_what_is_wrong_with_a_record_keeps_its_number_as_it_is(
    credential: Credential, imports: Imports, cells: str, words: str
) -> None:
    mirrored(credential, ONE, [sip(1, "old@example.org")])

    (number,) = imports(f"{HEAD}+{ONE},{cells}\n")

    assert number.result == Result.CANNOT
    assert number.after == number.before
    assert number.words.startswith(words)


def test_a_number_that_the_account_does_not_have_says_so(credential: Credential, imports: Imports) -> None:
    mirrored(credential, ONE)

    (number,) = imports(f"{HEAD}+{TWO},10,SIP,a@example.org\n", makes=False)

    assert number.words == f"“Embedded” has no number +{TWO} (line 2)."


@pytest.mark.django_db(transaction=True)
def test_numbers_are_made_within_the_ranges_of_the_account(
    person: User, credential: Credential, account: Account
) -> None:
    Range.objects.create(account=account, digits="4420794601")
    mirrored(credential, "15550100")
    kept = imported(
        person, credential, f"{HEAD}+{ONE},10,SIP,a@example.org\n+{TWO},,,\n+491,10,SIP,a@example.org\n", makes=True
    )

    made, empty, refused = numbers_of(kept)
    assert (made.number_id, made.result, empty.result) == (None, Result.WAITING, Result.WAITING)
    assert (refused.digits, refused.result) == ("491", Result.CANNOT)
    assert "in none of the account's ranges" in refused.words
    assert not Number.objects.filter(digits=ONE).exists()  # until somebody has started it

    bulk.start(person, kept.job_id or 0, has_read=True)
    run_waiting()

    assert [number.result for number in numbers_of(kept)] == [Result.DONE, Result.DONE, Result.CANNOT]
    assert [one.hostdata for one in Number.objects.get(digits=ONE).records.all()] == ["a@example.org"]


def test_a_number_with_an_empty_line_is_to_have_no_records(credential: Credential, imports: Imports) -> None:
    mirrored(credential, ONE, [sip(1, "old@example.org")])

    (stays,) = imports(f"{HEAD}+{ONE},,,\n")
    (number,) = imports(f"{HEAD}+{ONE},,,\n", replaces=True)

    assert (stays.result, stays.words.partition(".")[2]) == (
        Result.SAME,
        " They stay: this import only adds what is missing.",
    )
    assert (number.after, number.result) == ([], Result.WAITING)


def test_json_lines_have_a_number_or_a_record_each(credential: Credential, imports: Imports) -> None:
    mirrored(credential, ONE)
    mirrored(credential, TWO)
    record = '{"preference": 10, "service": "SIP", "hostdata": "%s@example.org"}'
    text = "\n".join(
        [
            f'{{"number": "+{ONE}", "records": [{record % "a"}, {(record % "b").replace("10", "20")}]}}',
            f'{{"number": "+{TWO}", {(record % "c")[1:]}',
            f'{{"number": {ONE}, "records": []}}',
            '{"number": "+44", "records": [1]}',
            "[1]",
            "{",
            "[" * 5_000,
        ]
    )

    *wrong, first, second = imports(text)

    assert [one.hostdata for one in (*first.after, *second.after)] == [f"{name}@example.org" for name in "abc"]
    assert [number.words.partition(":")[0] for number in wrong] == [
        "Line 3, number",
        "Line 5",
        "Line 6",
        "Line 7",
        "Line 4",
    ]


ZONE = f"""\
$ORIGIN {".".join(reversed(ONE[:-1]))}.e164.arpa.
8 IN NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:a@example.org!" .
9 IN NAPTR 100 10 "u" "E2U+sip" "!^\\\\+44(.*)$!sip:\\\\1@example.org!" .
$INCLUDE /etc/passwd
"""


def test_what_is_no_service_with_host_data_is_left_out_or_split(credential: Credential, imports: Imports) -> None:
    mirrored(credential, ONE, [sip(1, "sip:a@example.org")])
    mirrored(credential, TWO, [sip(2, "old@example.org")])

    include, same, left_out = imports(ZONE, name="x.zone")

    assert include.words.startswith("Line 4, NAPTR record: $INCLUDE is not followed")
    assert same.result == Result.SAME  # published alike, whatever it is written as
    assert (left_out.result, left_out.after) == (Result.CANNOT, left_out.before)
    assert "Line 3, NAPTR record: " in left_out.words
    assert "parts of the dialled number" in left_out.words
    assert "call sip:2079460149@example.org" in left_out.words

    *_others, split = imports(ZONE, name="x.zone", splits=True, replaces=True)

    assert split.after == [sip(None, "2079460149@example.org")]


def test_orders_that_a_registry_would_forget_are_not_lost_silently(credential: Credential, imports: Imports) -> None:
    mirrored(credential, ONE)
    record = '%d %d "u" "E2U+sip" "!^.*$!sip:%s@example.org!" .\n'
    owner = f"{'.'.join(reversed(ONE))}.e164.arpa. NAPTR "

    (well,) = imports(owner + record % (1, 10, "a") + owner + record % (2, 20, "b"), name="x.zone")
    (ill,) = imports(owner + record % (1, 20, "a") + owner + record % (2, 10, "b"), name="x.zone")

    assert well.result == Result.WAITING
    assert (ill.result, "several orders" in ill.words) == (Result.CANNOT, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_every_encoding_and_delimiter(
    credential: Credential, imports: Imports, encoding: str, delimiter: str
) -> None:
    mirrored(credential, ONE)
    rows = [["Número", "Préférence", "Dienst", "Hôte"], [f"+{ONE}", "10", "SIP", "ü@example.org"]]

    (number,) = imports("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))

    assert number.after == [sip(None, "ü@example.org")]


def test_a_preview_without_a_look_at_the_numbers_says_what_to_do(person: User, credential: Credential) -> None:
    kept = imported(person, credential, f"{HEAD}+{ONE},10,SIP,a@example.org\n")

    job = Job.objects.get(pk=kept.job_id or 0)
    assert (job.state, "refresh it" in job.failure) == (JobState.CANCELLED, True)


def test_columns_are_remembered_for_the_next_table_with_that_heading(person: User, credential: Credential) -> None:
    mirrored(credential, ONE)
    text = f"who,where\n+{ONE},a@example.org\n".encode()
    first = keep(person, credential.pk, [text], options=Options())
    with pytest.raises(Unreadable, match="not known which column"):
        start_preview(person, first, Options.of(first.options))
    chosen = Options.of(first.options | {"columns": {"number": 0, "hostdata": 1}, "service": "SIP"})
    start_preview(person, first, chosen)

    again = keep(person, credential.pk, [text], options=Options(replaces=True))

    assert Options.of(again.options).columns == {"number": 0, "hostdata": 1}
    assert (again.options["service"], again.options["replaces"]) == ("SIP", True)


def test_whoever_takes_over_makes_no_number_twice(
    person: User, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(30):
        mirrored(credential, f"4420794601{place:02}")
    lines = "".join(f"+4420794601{place:02},10,SIP,a@example.org\n" for place in range(30))
    kept = keep(person, credential.pk, [(HEAD + lines).encode()], options=Options())
    job = start_preview(person, kept, Options.of(kept.options))
    monkeypatch.setattr(preparing, "NUMBERS", 10)
    stopped, insisted = RuntimeError("killed"), list[int]()

    def stop() -> None:
        insisted.append(1)
        if len(insisted) == 3:
            raise stopped

    monkeypatch.setattr(preparing, "insist", stop)
    with pytest.raises(RuntimeError):
        preparing.prepare_import.func(kept.pk)
    run_waiting()

    assert [number.place for number in numbers_of(Import.objects.get())] == list(range(1, 31))
    assert Job.objects.get(pk=job.pk).state == JobState.PREVIEW


def test_a_text_that_is_too_large_is_refused_while_it_comes(
    person: User, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.transfer.keeping.MEGABYTE", 10)

    with pytest.raises(Unreadable, match="larger than 20 MB"):
        keep(person, credential.pk, iter(lambda: b"x" * 1000, b""), options=Options())

    assert not Import.objects.exists()


def test_a_line_without_an_end_is_no_text(person: User, credential: Credential) -> None:
    with pytest.raises(Unreadable, match="Line 1 has more than"):
        keep(person, credential.pk, [b"x" * 70_000], options=Options())
    with pytest.raises(Unreadable, match="nothing in it"):
        keep(person, credential.pk, [b""], options=Options())


def test_nothing_of_the_mirror_is_changed_by_a_preview(credential: Credential, imports: Imports) -> None:
    mirrored(credential, ONE, [sip(1, "old@example.org")])
    before = list(MirroredNumber.objects.values())

    imports(f"{HEAD}+{ONE},10,SIP,new@example.org\n")

    assert list(MirroredNumber.objects.values()) == before
