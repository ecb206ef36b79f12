"""The page of a block: for which numbers it answers, where its holes are, and what one number in it gets."""

from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, User
from dashboard.registry import store
from dashboard.registry.models import Account, RawRecord
from dashboard.registry.models import Number as Stored
from dashboard.services import numbers
from dashboard.services.dns.looking import expected_of
from dashboard.services.records.block import look_at_block
from tests.registry.publishing import make_zone
from tests.web.views.pages import text_of

ALL_TO_ONE = r"!^(.*)$!sip:\1@pbx.example.org!"


def make(account: Account, name: str, hostdata: str = "") -> Stored:
    """A number or block of an account, with a record if it is told where that leads."""
    digits = name.removesuffix("*")
    number = Stored(account=account, country=digits[:2], local=digits[2:], is_block=digits != name)
    store.save_number(number)
    if hostdata:
        store.create_record(number, preference=10, service="SIP", hostdata=hostdata)
    return number


@pytest.fixture
def block(account: Account) -> Stored:
    """+4920*, of which administrators send everything to one server."""
    make_zone()
    made = make(account, "4920*")
    store.save_raw(RawRecord(number=made, regexp=ALL_TO_ONE))
    return made


@pytest.fixture
def address(credential: Credential, block: Stored) -> str:
    return f"/credentials/{credential.pk}/numbers/{block.pk}/"


@pytest.fixture
def bobs(account: Account) -> Account:
    return Account.objects.create(username="bob", secret_hash="!")


def page(alice: Browser, address: str, **query: str) -> tuple[str, Any]:
    answer = alice.get(f"{address}block/", query)
    assert answer.status_code == 200
    return " ".join(text_of(answer).split()), answer


def test_a_block_without_holes_answers_for_all_of_its_numbers(alice: Browser, address: str) -> None:
    said, _ = page(alice, address)
    assert "+4920 0" not in said
    assert all(f"+4920{digit}…" in said for digit in "0123456789")
    assert "None: it answers for every longer number" in said
    assert "+49200000000 gets the records of this block." in said
    assert "sip:+49200000000@pbx.example.org" in said


def test_numbers_of_the_account_and_of_others_are_holes(
    alice: Browser, address: str, account: Account, bobs: Account
) -> None:
    mine = make(account, "492079460958", "alice@example.org")
    make(account, "492012345678")  # without records it is not in the DNS
    make(bobs, "492055501234", "secret@bob.example")
    said, answer = page(alice, address, dialled="+49 20 7000 0000")

    assert "+49201…" in said.partition("Its holes")[0]
    assert not {"+49207…", "+49205…"} & set(said.partition("Its holes")[0].replace(",", "").split())
    assert f'/numbers/{mine.pk}/">' in answer.content.decode()
    assert "+49205… Numbers of others are there" in said
    assert "0501234" not in said.replace(" ", "")
    assert "bob" not in said
    assert "+492070000000 gets no answer from this block: it is in one of its holes." in said


def test_a_number_that_has_its_own_records_leads_there(alice: Browser, address: str, account: Account) -> None:
    make(account, "492079460958", "alice@example.org")
    said, _ = page(alice, address, dialled="+49 20 7946 0958")
    assert "+492079460958 gets the records of another number" in said


def test_a_number_in_it_whose_records_are_raw_leads_there_too(
    alice: Browser, person: User, credential: Credential, address: str, account: Account
) -> None:
    mine = make(account, "492079460958")
    numbers.show_number(person, credential, mine.pk)  # which has no records that the protocol knows
    store.save_raw(RawRecord(number=mine, regexp="!^.*$!sip:a@example.org!"))
    said, _ = page(alice, address, dialled="+49 20 7946 0958")
    assert "+492079460958 gets the records of another number" in said


def test_the_page_of_a_number_without_records_says_whose_answer_callers_get(
    alice: Browser, credential: Credential, block: Stored, account: Account
) -> None:
    number = make(account, "492079460958")
    answer = alice.get(f"/credentials/{credential.pk}/numbers/{number.pk}/")
    said = " ".join(text_of(answer).split())
    assert "Until it has records, callers get those of the block +49 20*." in said
    assert "telephone systems can call this number" in said
    assert f'/numbers/{block.pk}/block/?dialled=%2B492079460958"' in answer.content.decode()


def test_a_block_within_a_block_answers_for_its_own(
    person: User, credential: Credential, block: Stored, account: Account
) -> None:
    inner = make(account, "492079*", "inner@example.org")
    seen = look_at_block(person, credential, block.pk, "+49 20 7912 3456")
    assert seen.other is not None
    assert (seen.other.id, [hole.digits for hole in seen.holes]) == (inner.pk, ["49207"])
    assert look_at_block(person, credential, block.pk, "+49 20 6000").is_answering


def test_a_pattern_for_a_part_of_the_block_is_told_number_by_number(
    person: User, credential: Credential, block: Stored
) -> None:
    RawRecord.objects.update(regexp=r"!^\+4920(7.*)$!sip:\1@pbx.example.org!")
    inside, outside = (look_at_block(person, credential, block.pk, f"+49 20 {rest}") for rest in ("7123", "8123"))
    assert {each.uris for each in inside.callers.predictions if each.telephone.name == "kamailio"} == {
        ("sip:7123@pbx.example.org",)
    }
    assert not outside.callers.can_call


def test_the_page_of_the_number_shows_raw_records_and_counts_on_them(
    alice: Browser, address: str, block: Stored
) -> None:
    said = " ".join(text_of(alice.get(address)).split())
    assert "raw record of an administrator" in said
    assert "What it answers for" in said
    store.save_raw(RawRecord(number=block, flags="", service="", replacement="4920.enum.example.org.", preference=20))
    said = " ".join(text_of(alice.get(address)).split())
    assert "Asterisk drops the whole number because record 2 does not have the flag" in said
    assert "4920.enum.example.org." in said


def test_the_line_of_the_number_says_which_records_are_raw_and_counts_on_them(alice: Browser, address: str) -> None:
    said = " ".join(text_of(alice.get(f"{address}history/")).split())
    assert f"{ALL_TO_ONE} raw record of an administrator" in said
    assert "All 6 telephone systems can call this number." in said


def test_what_the_dns_should_have_includes_raw_records(person: User, credential: Credential, block: Stored) -> None:
    found = numbers.show_number(person, credential, block.pk)
    zone = found.find_zone() if found.find_zone else None
    assert zone is not None
    expected = expected_of(found.number, found.records, credential.registry, zone, found.raws)
    assert [record.regexp for record in expected.records] == [ALL_TO_ONE]


def test_the_page_of_what_is_no_block_is_that_of_the_number(
    alice: Browser, credential: Credential, account: Account
) -> None:
    number = make(account, "492079460958", "alice@example.org")
    address = f"/credentials/{credential.pk}/numbers/{number.pk}/"
    assert alice.get(f"{address}block/").headers["Location"] == address


def test_a_stranger_sees_no_block(mallory: Browser, address: str) -> None:
    assert mallory.get(f"{address}block/").status_code == 404


def test_of_another_account_nothing_is_shown(alice: Browser, credential: Credential, bobs: Account) -> None:
    theirs = make(bobs, "4930*", "bob@example.org")
    assert alice.get(f"/credentials/{credential.pk}/numbers/{theirs.pk}/block/").status_code == 404
