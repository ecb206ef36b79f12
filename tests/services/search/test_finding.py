"""Numbers of the mirror are found by what they have, by those who may see them, page by page in their order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import (
    Credential,
    MirroredNumber,
    NumberNote,
    Registry,
    Role,
    Team,
    User,
    searching,
)
from dashboard.models.searching import mirrored_text
from dashboard.protocol import RecordState
from dashboard.services import search
from dashboard.services.search import QueryError, count_of, find, finding, page_of, walking
from tests.fixtures_people import share
from tests.fixtures_tokens import acting

Make = Callable[..., MirroredNumber]
OLD = ("SIP", "office@pbx-old.example.net")
NEW = ("SIP", "office@pbx-new.example.net")
FAX = ("MAILTO", "fax@pbx-old.example.net")


@pytest.fixture
def make(credential: Credential) -> Make:
    """Store a number in the mirror, with records as pairs of service and host data."""

    def made(digits: str, *pairs: tuple[str, str], **values: Any) -> MirroredNumber:
        records = [
            RecordState(id=n, preference=10, service=one, hostdata=other) for n, (one, other) in enumerate(pairs)
        ]
        given = {
            "credential": credential,
            "number_id": MirroredNumber.objects.count() + 1,
            "digits": digits,
            "records": records,
            "record_count": len(records),
            "seen_at": timezone.now(),
            "text": mirrored_text(digits, records),
        }
        return MirroredNumber.objects.create(**given | values)

    return made


@pytest.fixture(params=["few", "many"], autouse=True)
def how_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a person sees so few that their texts are read, or so many that these are looked up: in SQLite, which
    has an index of all that up to MOST_MARKED credentials see, by their credentials. PostgreSQL reads the next NEAR
    times as many as are shown first.
    """
    is_few = request.param == "few"
    monkeypatch.setattr(walking, "NEAR", 100 if is_few else 1)
    monkeypatch.setattr(searching, "FEW", 2_000 if is_few else 1)
    monkeypatch.setattr(finding, "MOST_MARKED", 0 if is_few else 100)


def found(person: User, query: str, **options: Any) -> list[str]:
    """The digits that a page shows; a page and all that is found are the same here."""
    page = page_of(person, query, **options)
    shown = [number.digits for number in page.shown]
    assert shown == [number.digits for number in find(person, query, **options)]
    assert count_of(person, query, **options) == (page.count, page.is_all) == (len(shown), True)
    return shown


@pytest.mark.parametrize(
    "query",
    [
        "",
        "+44207946",
        "7946 0958",
        "020 7946 0958",
        "8.5.9.0.6.4.9.7.0.2.4.4.e164.arpa",
        "number:+44",
        "country:GB",
        "country:44",
        "OFFICE@pbx",
        "ex",
        "host:pbx-old",
        "host:.EXAMPLE.",
        "service:sip",
        "mailto",
        'host:"fax@pbx-old"',
        "tag:moved",
        "moved",
        "note:desk",
        '"front desk"',
        "desk pbx-old",
        "desk moved 7946",
        "problem:any",
        "problem:kamailio",
        "problem:any dns:differs",
        "problem:yate dns:differs pbx-old",
        "-problem:none",
        "dns:differs",
        "records:2",
        "records:>1 records:<=2",
        "changed:2026-01-02",
        "changed:>2026-01-01 changed:<2026-01-03",
        "changed:>=2026-01-02 changed:<=2026-01-02",
        "changed:>7d",
        "credential:embedded",
        "-host:pbx-new -service:H323 -tag:ved -note:door -records:0 -dns:ok -changed:<7d",
        "sip:office@pbx-old.example.net -7777",
    ],
)
def test_a_number_is_found_by_whatever_is_known_of_it(
    person: User, credential: Credential, make: Make, query: str
) -> None:
    number = make(
        "442079460958",
        ("SIP", "sip:office@pbx-old.example.net"),
        FAX,
        problems=" kamailio yate ",
        dns_state="differs",
        changed_at=datetime(2026, 1, 2, 12, tzinfo=UTC),
    )
    NumberNote.objects.create(
        credential=credential, number_id=number.number_id, number=number.digits, text="Front desk", tags="moved vip"
    )
    assert found(person, query) == ["442079460958"]


@pytest.mark.parametrize(
    "query",
    [
        "7777",
        "number:+49",
        "country:DE",
        "country:US",
        "host:pbx-new",
        "host:442079",
        "host:sip\x1fo",
        "service:si",
        "tag:mov",
        "note:vip",
        "desk 7777",
        "problem:none",
        "problem:asterisk",
        "problem:any dns:ok",
        "problem:asterisk dns:differs",
        "dns:ok",
        "dns:unknown",
        "records:0",
        "changed:2026-01-01",
        "changed:<7d",
        "-host:pbx-old",
        "-service:MAILTO",
        "-tag:moved",
        "-desk",
        "-credential:Embedded",
    ],
)
def test_what_is_not_so_finds_nothing(person: User, credential: Credential, make: Make, query: str) -> None:
    number = make(
        "442079460958",
        OLD,
        FAX,
        problems=" kamailio ",
        dns_state="differs",
        changed_at=timezone.now() - timedelta(days=30),
    )
    NumberNote.objects.create(credential=credential, number_id=number.number_id, text="Front desk", tags="moved vip")
    assert found(person, query) == []


def test_service_and_host_are_those_of_one_record(person: User, make: Make) -> None:
    make("1", NEW, FAX)  # a SIP record, and one that points to the old PBX
    make("2", OLD)
    make("3", ("H323", "pbx-old.example.net"), ("SIP", "x@example.org"))
    assert found(person, "host:pbx-old") == ["1", "2", "3"]
    assert found(person, "host:pbx-old service:SIP") == ["2"]
    assert found(person, "host:pbx-old service:SIP host:office") == ["2"]
    assert found(person, "host:office host:fax") == []  # which number 1 has in two records
    assert found(person, "host:pbx-old -service:SIP") == []
    assert found(person, "service:MAILTO -host:pbx-new") == []


def test_codes_of_north_america_are_told_apart(person: User, make: Make) -> None:
    make("16045551234")
    make("12125551234")
    assert found(person, "country:CA") == ["16045551234"]
    assert found(person, "country:US") == ["12125551234"]
    assert found(person, "country:1") == ["12125551234", "16045551234"]


def in_pages(person: User, query: str) -> list[tuple[str, int]]:
    """What a search finds, page by page; on the way back they are the same."""
    pages, page = list[list[tuple[str, int]]](), page_of(person, query)
    while page.after:
        pages.append([(one.digits, one.pk) for one in page.shown])
        page = page_of(person, query, after=page.after)
    last = [(one.digits, one.pk) for one in page.shown]
    for there in reversed(pages):
        page = page_of(person, query, before=page.before)
        assert [(one.digits, one.pk) for one in page.shown] == there
    assert page.before == ""
    return [*chain.from_iterable(pages), *last]


def test_pages_go_on_where_the_last_one_ended_also_between_equal_digits(
    person: User, make: Make, registry_of: Callable[[str], Credential], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 3)
    other = registry_of("Other")
    # Not in the order of their ids, and with as many first digits alike as an index cannot tell apart.
    for digits in ["12345678903", "12345678902", "2", "12345678901", "12345678902", "1", "12345678902"]:
        make(digits, OLD)
        make(digits, OLD, credential=other)
    expected = [(one.digits, one.pk) for one in MirroredNumber.objects.order_by("digits", "pk")]
    for query in ("", "host:pbx-old", "pbx-old"):
        assert in_pages(person, query) == expected


def test_what_few_numbers_have_comes_in_their_order_wherever_they_are(
    person: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 2)
    having = [2, 3, 4, 9, 17, 18, 19, 20, 39]
    for place in reversed(range(40)):
        make(f"49{place:02}", OLD if place in having else NEW)
    for query in ("host:pbx-old", "pbx-old", "host:pbx -host:pbx-new"):
        assert [digits for digits, _ in in_pages(person, query)] == [f"49{place:02}" for place in having]


def test_what_is_no_place_in_the_list_is_refused(person: User) -> None:
    for cursor in ("x", "1", "-1", "1-", "\u0661-1", f"1-{'9' * 40}"):
        with pytest.raises(QueryError):
            page_of(person, "", after=cursor)


@pytest.fixture
def registry_of(person: User, embedded: Registry) -> Callable[[str], Credential]:
    """Another credential of Alice's."""

    def made(label: str) -> Credential:
        return Credential.objects.create(user=person, registry=embedded, username=label, label=label)

    return made


def test_everybody_finds_what_they_may_see_and_nothing_else(
    person: User, stranger: User, viewer: User, team: Team, make: Make, registry_of: Callable[[str], Credential]
) -> None:
    shared = registry_of("Shared")
    share(shared, team, Role.VIEWER)
    make("1", OLD)
    make("2", OLD, credential=shared)
    assert found(person, "pbx-old") == ["1", "2"]
    assert found(person, "pbx-old", credential=shared) == ["2"]
    assert found(viewer, "pbx-old") == ["2"]
    assert found(stranger, "pbx-old") == []
    with pytest.raises(QueryError, match="called so"):
        page_of(viewer, "credential:Embedded")


def test_a_token_for_some_numbers_finds_no_others(person: User, make: Make) -> None:
    make("442079460958", OLD)
    make("4915112345678", OLD)
    program = acting(person, beginnings=("44",))
    for query in ("", "pbx-old", "host:pbx-old", "-tag:old", "country:DE", "49151"):
        assert set(found(program, query)) <= {"442079460958"}
    assert found(program, "host:pbx-old") == ["442079460958"]


def test_the_index_follows_what_happens_to_a_number(person: User, make: Make) -> None:
    number, other = make("1604555", OLD), make("1604556", OLD)
    number.records, number.digits, number.dns_state = [], "1604999", "missing"
    number.text = mirrored_text(number.digits, [])
    number.save()
    assert found(person, "host:pbx-old") == ["1604556"]
    assert found(person, "dns:missing") == ["1604999"]
    other.delete()
    assert found(person, "pbx-old") == []
    MirroredNumber.objects.update(problems=" yate ")
    assert found(person, "problem:yate") == found(person, "problem:any") == ["1604999"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM dashboard_mirrored_text WHERE dashboard_mirrored_text MATCH '\"+16\"'"
            )
            assert cursor.fetchone() == (1,)


def test_a_number_of_which_only_its_id_is_known_is_not_found(person: User, make: Make) -> None:
    make("", seen_at=None, text="")
    assert found(person, "") == []


def test_the_database_is_asked_as_often_for_many_as_for_few(
    person: User, make: Make, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 5)
    queries = ("", "pbx-old desk", "host:pbx-old service:SIP tag:old", "dns:ok problem:any changed:<7d")

    def asked() -> list[int]:
        counts = []
        for query in queries:
            with CaptureQueriesContext(
                connection,
            ) as context:
                page_of(person, query)
            counts.append(len(context))
        return counts

    for digits in range(2_000, 2_006):
        number = make(str(digits), OLD)
        NumberNote.objects.create(credential=credential, number_id=number.number_id, text="desk", tags="old")
    few = asked()
    for digits in range(1_000, 1_060):
        number = make(str(digits), OLD)
        NumberNote.objects.create(credential=credential, number_id=number.number_id, text="desk", tags="old")
    assert asked() == few
    assert max(few) <= 10


def test_counting_ends_where_nobody_reads_on(person: User, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "COUNTED", 2)
    for digits in ("1", "2"):
        make(digits)
    assert search.count_of(person, "") == (2, True)
    make("3")
    assert search.count_of(person, "") == (2, False)


def test_a_small_account_is_searched_without_a_walk_through_a_large_one(
    person: User, credential: Credential, make: Make, registry_of: Callable[[str], Credential]
) -> None:
    """SQLite's index is in the order of the numbers of all accounts."""
    if connection.vendor != "sqlite":
        return
    make("999", OLD, credential=registry_of("Small"))
    steps = list[int]()
    connection.connection.set_progress_handler(lambda: steps.append(1), 10)
    try:

        def searched() -> int:
            steps.clear()
            assert found(person, "credential:small host:pbx-old") == ["999"]
            return len(steps)

        alone = searched()
        records = [RecordState(id=1, preference=10, service=OLD[0], hostdata=OLD[1])]
        MirroredNumber.objects.bulk_create(
            MirroredNumber(
                credential=credential,
                number_id=place,
                digits=digits,
                seen_at=timezone.now(),
                text=mirrored_text(digits, records),
            )
            for place in range(3_000)
            for digits in [str(10_000 + place)]
        )
        assert searched() < 6 * alone  # through all of the large one it were a hundred times as many
    finally:
        connection.connection.set_progress_handler(None, 0)


def test_a_page_far_behind_costs_what_the_first_one_does(person: User, credential: Credential) -> None:
    """SQLite begins at one bound only, which must be that of the page. PostgreSQL takes the narrowest by itself."""
    if connection.vendor != "sqlite":
        return
    count = 3_000
    MirroredNumber.objects.bulk_create(
        MirroredNumber(credential=credential, number_id=place, digits=str(10_000 + place), seen_at=timezone.now())
        for place in range(count)
    )
    steps = list[int]()
    connection.connection.set_progress_handler(lambda: steps.append(1), 10)
    try:

        def walked(after: str) -> int:
            steps.clear()
            assert page_of(person, "", after=after).shown
            return len(steps)

        far = MirroredNumber.objects.order_by("digits")[count - 500]
        near_steps, far_steps = walked(page_of(person, "").after), walked(f"{far.digits}-{far.pk}")
    finally:
        connection.connection.set_progress_handler(None, 0)
    assert far_steps < 2 * near_steps
