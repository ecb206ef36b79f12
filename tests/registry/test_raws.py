"""Raw records: published word for word with the others of their number, or not at all; administrators make them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from dashboard.enum import Naptr
from dashboard.registry import store
from dashboard.registry.models import Account, NameServer, Number, RawRecord, Record
from dashboard.registry.neighbours import effect_sentences
from dashboard.registry.publishing import zone_file
from dashboard.registry.publishing.content import Content, answer_size_of, contents_of
from dashboard.registry.publishing.raws import published_at
from tests.registry.conftest import Call, make_number
from tests.registry.publishing import make_server, make_zone, waiting
from tests.registry.test_queue import settle

ALL_TO_ONE = r"!^(.*)$!sip:\1@pbx.example.org!"
ADMIN = "admin:registry_rawrecord_"
VALUES = {"order": 100, "preference": 10, "flags": "u", "service": "E2U+sip", "regexp": ALL_TO_ONE, "replacement": ""}


@pytest.fixture
def block(alice: Account) -> Number:
    make_zone()
    number = Number(account=alice, country="44", area="20", local="794", is_block=True)
    store.save_number(number)
    return number


@pytest.fixture
def raw(block: Number) -> RawRecord:
    made = RawRecord(number=block, **VALUES)
    store.save_raw(made)
    return made


def content_of(number: Number) -> Content:
    return contents_of([number.name], make_zone())[number.name]


def post(client: Client, action: str, *args: object, **values: object) -> str:
    """What the page says that does not take the form; empty if it did."""
    response = client.post(reverse(ADMIN + action, args=args), VALUES | values)
    return "" if response.status_code == 302 else response.content.decode()


def test_a_raw_record_is_published_beside_the_others_of_its_name(raw: RawRecord, block: Number) -> None:
    store.create_record(block, preference=20, service="SIP", hostdata="{rest}@gw.example.org")
    sip = r"!^\+?4420794(.*)$!sip:\1@gw.example.org!"
    assert content_of(block).naptrs == (
        Naptr(100, 20, "u", "E2U+sip", sip),
        Naptr(100, 10, "u", "E2U+sip", ALL_TO_ONE),
    )
    here = [Naptr(100, 10, "u", "E2U+sip", ALL_TO_ONE)]
    assert published_at([block.digits, block.name, "44"]) == [[], here, []]


def test_the_zone_file_escapes_it_once(raw: RawRecord) -> None:
    text = "".join(zone_file.lines(make_zone(), 1))
    assert '*.4.9.7.0.2.4.4 IN NAPTR 100 10 "u" "E2U+sip" "!^(.*)$!sip:\\\\1@pbx.example.org!" .\n' in text


def test_every_change_of_a_raw_record_waits_to_be_sent(raw: RawRecord, block: Number) -> None:
    make_server()
    settle()
    raw.preference = 5
    store.save_raw(raw)
    assert waiting() == {block.name}
    settle()
    store.delete_raw(raw)
    assert (waiting(), content_of(block).naptrs) == ({block.name}, ())


def test_what_is_gone_meanwhile_is_not_saved(raw: RawRecord) -> None:
    RawRecord.objects.all().delete()
    with pytest.raises(RawRecord.DoesNotExist):
        store.save_raw(raw)
    with pytest.raises(RawRecord.DoesNotExist):
        store.delete_raw(RawRecord(pk=raw.pk or 1, number=raw.number))
    assert not RawRecord.objects.exists()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"regexp": r"!^(.*)$!sip:${\1}@a.example!"}, "takes for something else"),
        ({"regexp": 'x" . ; \n$INCLUDE /etc/passwd'}, "Only the printable characters of ASCII"),
        ({"replacement": "a.example."}, "never both"),
    ],
)
def test_what_is_unsafe_is_neither_saved_nor_published(block: Number, values: dict[str, object], reason: str) -> None:
    with pytest.raises(store.NotPublishable, match=reason):
        store.save_raw(RawRecord(number=block, **VALUES | values))
    RawRecord.objects.create(number=block, **VALUES | values)  # past the store
    content = content_of(block)
    assert (content.naptrs, content.problem) == ((), "")
    assert reason in content.note
    assert "INCLUDE" not in "".join(zone_file.lines(make_zone(), 1))


def test_raw_records_count_in_the_size_of_the_answer(block: Number) -> None:
    long = "!^.*$!sip:" + "a" * 200 + "{}@pbx.example.org!"
    assert answer_size_of(block) == 0
    many = [RawRecord(number=block, **VALUES | {"regexp": long.format(place)}) for place in range(15)]
    for raw in many:
        store.save_raw(raw)
    assert 3_500 < answer_size_of(block) <= 4_096
    with pytest.raises(store.AnswerTooLarge):
        store.save_raw(RawRecord(number=block, **VALUES | {"regexp": long.format("b" * 20), "preference": 99}))
    with pytest.raises(store.AnswerTooLarge):
        store.create_record(block, preference=1, service="SIP", hostdata=f"{'b' * 200}@a.example")
    assert (RawRecord.objects.count(), block.records.count()) == (15, 0)


def test_a_number_with_raw_records_alone_is_in_the_dns_for_its_neighbours(alice: Account, raw: RawRecord) -> None:
    within = make_number(alice, "44", "20", "79460958")
    assert any("those of the block +4420794*" in sentence for sentence in effect_sentences(within, comes=True))


def test_the_protocol_neither_shows_nor_deletes_raw_records(raw: RawRecord, call: Call) -> None:
    assert b"pbx.example.org" not in call("show", id=raw.number_id)
    assert b"response=OK" in call("deleteall", id=raw.number_id, confirm="y")
    assert RawRecord.objects.get() == raw


# --- the admin ---------------------------------------------------------------------------------------------------
def test_an_administrator_makes_changes_and_deletes_raw_records(block: Number, admin_client: Client) -> None:
    make_server()
    assert post(admin_client, "add", number=block.pk) == ""
    made = RawRecord.objects.get()
    assert waiting() == {block.name}
    assert post(admin_client, "change", made.pk, preference=30) == ""
    assert RawRecord.objects.get().preference == 30
    page = admin_client.get(reverse(ADMIN + "change", args=[made.pk])).content.decode()
    assert "100 30 &quot;u&quot; &quot;E2U+sip&quot; &quot;!^(.*)$!sip:\\\\1@pbx.example.org!&quot; ." in page
    number = admin_client.get(reverse("admin:registry_number_change", args=[block.pk])).content.decode()
    assert reverse(ADMIN + "change", args=[made.pk]) in number
    found = admin_client.get(reverse(ADMIN + "changelist"), {"q": "+44 20"}).content.decode()
    assert "sip:\\1@pbx.example.org" in found
    admin_client.post(reverse(ADMIN + "delete", args=[made.pk]), {"post": "yes"})
    assert not RawRecord.objects.exists()


def test_the_form_names_the_field_and_what_is_wrong(block: Number, admin_client: Client) -> None:
    assert "which has 1" in post(admin_client, "add", number=block.pk, regexp=r"!^(.*)$!sip:\6@a.example!")
    assert "domain name, with a dot" in post(
        admin_client, "add", number=block.pk, regexp="", flags="", replacement="a b.example"
    )
    assert not RawRecord.objects.exists()


def test_what_telephone_systems_stumble_over_is_asked_twice(block: Number, admin_client: Client) -> None:
    values = {"number": block.pk, "flags": "", "service": "", "regexp": "", "replacement": "4420.Enum.example.org"}
    page = post(admin_client, "add", **values)
    assert "makes Asterisk drop the whole number" in page
    tick = re.search(r'<input type="checkbox" name="accepted" value="([0-9a-f]{64})"', page)
    assert tick is not None
    assert "drop the whole number" in post(
        admin_client, "add", **values | {"replacement": "x.example"}, accepted=tick[1]
    )
    assert post(admin_client, "add", **values, accepted=tick[1]) == ""
    assert RawRecord.objects.get().replacement == "4420.enum.example.org."


def test_who_is_no_administrator_makes_none(block: Number, client: Client) -> None:
    client.post(reverse(ADMIN + "add"), VALUES | {"number": block.pk})
    assert not RawRecord.objects.exists()


def test_no_name_server_is_kept_waiting_by_the_record_of_a_number_that_became_another(
    raw: RawRecord, block: Number, record: Record
) -> None:
    make_server()
    block.is_block = False
    store.save_number(block)
    assert NameServer.objects.get().publications.filter(name=block.name).exists()
    assert content_of(block).naptrs  # the pattern matches this number too
    RawRecord.objects.update(regexp=r"!^\+442(.......)$!sip:\1@pbx.example.org!")
    assert "does not match +4420794" in content_of(block).note
