"""What a number is in the DNS, whatever somebody has put into the database."""

import pytest
from pytest_django import DjangoAssertNumQueries

from dashboard.enum import MAX_ANSWER
from dashboard.registry import store
from dashboard.registry.models import Account, Number, Record
from dashboard.registry.publishing.content import Content, answer_size_of, contents_of, every_content, owner_name
from tests.registry.conftest import make_number
from tests.registry.publishing import bulk, make_zone

NUMBER = "16045550123"


def content_of(number: Number, **zone: object) -> Content:
    return contents_of([number.name], make_zone(**zone))[number.name]


def test_a_number_has_the_records_that_can_be_naptrs_in_their_order(number: Number) -> None:
    store.create_record(number, preference=20, service="MAILTO", hostdata="alice@example.org")
    store.create_record(number, preference=10, service="SIP", hostdata="alice@example.org")
    assert [naptr.service for naptr in content_of(number).naptrs] == ["E2U+sip", "E2U+email:mailto"]


@pytest.mark.parametrize(
    ("service", "hostdata", "reason"),
    [
        ("SIP", f"{'x' * 300}@example.org", "octets in the DNS"),
        ("SIP", "two hosts.example.org", "holds a blank"),
        ("SIP", "", "Enter the host data."),
        ("GONE", "alice@example.org", "has no known form in the DNS"),
        ("TEL", f"+{NUMBER}", "go round in a circle"),
        ("SIP", "{number}@gw.example.org", "write its digits"),
    ],
)
def test_what_cannot_be_a_naptr_is_left_out_with_a_reason(
    number: Number, record: Record, service: str, hostdata: str, reason: str
) -> None:
    Record.objects.create(number=number, preference=99, service=service, hostdata=hostdata)
    content = content_of(number)
    assert len(content.naptrs) == 1
    assert content.note.startswith(f"{service}, 99: ")
    assert reason in content.note
    assert not content.problem


def test_the_same_record_twice_is_one(number: Number) -> None:
    for _ in range(2):
        store.create_record(number, preference=10, service="SIP", hostdata="alice@example.org")
    assert len(content_of(number).naptrs) == 1


def test_a_number_that_is_not_there_has_nothing(db: None) -> None:
    assert contents_of(["4930"], make_zone()) == {"4930": Content("4930")}


def test_a_block_and_a_number_of_the_same_digits_are_two_names(number: Number, record: Record) -> None:
    number.is_block = True
    store.save_number(number)
    contents = contents_of([NUMBER, f"{NUMBER}*"], make_zone())
    assert (len(contents[NUMBER].naptrs), len(contents[f"{NUMBER}*"].naptrs)) == (0, 1)


def test_a_block_gets_back_references_for_what_was_dialled(number: Number) -> None:
    number.is_block = True
    store.save_number(number)
    store.create_record(number, preference=10, service="SIP", hostdata="{rest}@gw.example.org;n={number}")
    (naptr,) = content_of(number).naptrs
    assert naptr.regexp == rf"!^\+?({NUMBER}(.*))$!sip:\2@gw.example.org;n=\1!"
    assert naptr.uri_for(NUMBER + "7") == f"sip:7@gw.example.org;n={NUMBER}7"


def test_a_block_that_becomes_one_number_keeps_its_placeholders_and_publishes_none(number: Number) -> None:
    number.is_block = True
    store.save_number(number)
    store.create_record(number, preference=10, service="SIP", hostdata="{number}@gw.example.org")
    number.is_block = False
    store.save_number(number)
    assert content_of(number).naptrs == ()
    assert "write its digits" in content_of(number).note
    assert number.records.get().hostdata == "{number}@gw.example.org"


def test_an_owner_is_the_reversed_digits_and_a_block_a_wildcard() -> None:
    assert owner_name("4930", "e164.arpa") == "0.3.9.4.e164.arpa"
    assert owner_name("4930*", "e164.arpa") == "*.0.3.9.4.e164.arpa"


def test_a_callers_name_is_published_only_where_the_zone_says_so(number: Number, record: Record) -> None:
    number.caller_name = "Ålice"
    store.save_number(number)
    assert set(content_of(number).rdatas()) == {"NAPTR"}
    texts = content_of(number, publishes_caller_names=True).rdatas()["TXT"]
    assert texts[0].to_text() == '"\\195\\133lice"'


def test_text_records_are_touched_only_where_they_are_ours(number: Number, record: Record) -> None:
    zone = make_zone()
    content = content_of(number)
    assert set(content.replacement(zone, ()).rdatas) == {"NAPTR"}
    assert content.replacement(zone, {"TXT"}).rdatas["TXT"] == ()


def test_too_large_an_answer_is_a_problem_and_no_content(number: Number) -> None:
    for preference in range(40):
        hostdata = f"{'x' * 100}{preference}@example.org"
        store.create_record(number, preference=preference, service="SIP", hostdata=hostdata, is_checked=True)
    assert answer_size_of(number) > MAX_ANSWER
    assert f"{answer_size_of(number)} octets" in content_of(number).problem


def test_a_block_is_as_large_as_its_longest_number(number: Number) -> None:
    for preference in range(12):
        store.create_record(number, preference=preference, service="SIP", hostdata=f"{preference}@example.org")
    before = answer_size_of(number)
    number.is_block = True
    assert answer_size_of(number) == before + 2 * (15 - len(NUMBER))


def test_contents_take_few_queries_whatever_their_number(
    alice: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bulk(alice, 500)
    zone = make_zone()
    with django_assert_num_queries(5):
        contents = contents_of([f"1604{local:07d}" for local in range(500)], zone)
    assert {len(content.naptrs) for content in contents.values()} == {2}


def test_all_contents_come_in_the_order_of_digits(alice: Account) -> None:
    bulk(alice, 1_200)
    make_number(alice, "49", "", "30")
    names = [content.name for content in every_content(make_zone())]
    assert len(names) == 1_201
    assert names == sorted(names)


def test_a_number_that_cannot_be_written_holds_up_itself_alone(
    number: Number, record: Record, account: Account
) -> None:
    other = make_number(account, "61", "491", "570157")
    # Past every form: 400 octets, which no string of a TXT record holds.
    Number.objects.filter(pk=number.pk).update(caller_name="ä" * 200)

    contents = contents_of([number.name, other.name], make_zone(publishes_caller_names=True))

    assert "cannot be written" in contents[number.name].problem
    assert not contents[other.name].problem
