"""What a registry, or somebody with one account at the embedded one, can make a page cost."""

import pytest
from django.test import Client as Browser

from dashboard.enum import Service, check_draft
from dashboard.enum.target import Target
from dashboard.enum.uris import read_hostdata
from dashboard.models import Credential
from dashboard.protocol import (
    Number,
    RecordState,
    RemoteProtocolError,
    decode_reply,
    numbers_in,
    records_in,
    services_in,
)
from dashboard.registry.models import MAX_RECORDS, Account, Record
from dashboard.registry.models import Number as OwnNumber
from dashboard.services.numbers import RECORDS_SHOWN
from tests.security.evil_registry import EvilRegistry, ok

SMALL = 100_000  # bytes; a page of a handful of rows


def record_rows(count: int) -> list[bytes]:
    return [b"%d,1,604,5550123,100,%d,SIP,a%d@example.org" % (place, place, place) for place in range(1, count + 1)]


def test_a_number_with_endless_records_is_said_to_have_too_many(
    alice: Browser, at_evil: Credential, evil: EvilRegistry
) -> None:
    evil.answers["show"] = ok(*record_rows(20_000))
    for address in ("", "add/", "delete-all/", "records/1/", "records/1/delete/"):
        page = alice.get(f"/credentials/{at_evil.pk}/numbers/7/{address}")
        assert page.status_code == 502
        assert "This number has 20,000 records" in page.content.decode()
        assert len(page.content) < SMALL


def test_a_number_with_as_many_records_as_a_page_shows_is_shown(
    alice: Browser, at_evil: Credential, evil: EvilRegistry
) -> None:
    evil.answers["show"] = ok(*record_rows(RECORDS_SHOWN))
    page = alice.get(f"/credentials/{at_evil.pk}/numbers/7/")
    assert page.status_code == 200
    assert page.content.decode().count('<article class="record"') == RECORDS_SHOWN


def test_comparing_a_record_with_its_siblings_reads_each_of_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(service: Service, hostdata: str) -> Target:
        read.append(hostdata)
        return read_hostdata(service, hostdata)

    monkeypatch.setattr("dashboard.enum.siblings.read_hostdata", counted)
    drafts = [
        RecordState(id=place, preference=place, service="SIP", hostdata=f"once{place}@example.org")
        for place in range(50)
    ]
    for draft in drafts:
        check_draft(draft, "16045550123", [other for other in drafts if other is not draft])
    assert len(read) == len(drafts)


def test_the_embedded_registry_takes_no_endless_records_for_one_number(
    alice: Browser, account: Account, anonymous: Browser
) -> None:
    number = OwnNumber.objects.filter(account=account).order_by("pk").last()
    assert number is not None
    held = number.records.count()
    Record.objects.bulk_create(
        Record(number=number, preference=place, service="SIP", hostdata="a@example.org")
        for place in range(MAX_RECORDS - held)
    )
    body = (
        "version=1&command=new&username=alice&password=secret+at+the+registry"
        f"&id={number.pk}&preference=1&service=SIP&hostdata=b@example.org"
    )
    answer = anonymous.post("/e164/api", body, content_type="application/x-www-form-urlencoded").content
    assert b"response=BAD" in answer
    assert b"code=full" in answer
    assert number.records.count() == MAX_RECORDS


@pytest.mark.parametrize("place", ["country", "area", "local"])
def test_a_telephone_number_of_megabytes_is_no_number(
    alice: Browser, at_evil: Credential, evil: EvilRegistry, place: str
) -> None:
    fields = {"country": b"1", "area": b"604", "local": b"5550123"} | {place: b"5" * 1_000_000}
    evil.answers["list"] = ok(b"7," + b",".join(fields.values()))
    page = alice.get(f"/credentials/{at_evil.pk}/numbers/")
    assert page.status_code == 502
    assert len(page.content) < SMALL


def test_the_longest_number_that_is_one_is_read_the_quick_and_the_careful_way() -> None:
    longest = {"country": "1" * 100, "area": "2" * 100, "local": "3" * 100}
    row = b"7," + ",".join(longest.values()).encode()
    sound, odd = decode_reply(ok(row)), decode_reply(ok(b" 7 " + row[1:]))

    assert numbers_in(sound) == numbers_in(odd) == [Number(id=7, **longest)]


@pytest.mark.parametrize("length", [101, 150, 10_000])
def test_a_service_whose_name_is_too_long_for_any_command_is_refused(length: int) -> None:
    name = b"S" * length
    with pytest.raises(RemoteProtocolError):
        services_in(decode_reply(ok(b"SIP," + name)))
    with pytest.raises(RemoteProtocolError):
        records_in(decode_reply(ok(b"1,1,604,5550123,100,10," + name + b",alice@example.org")))


def test_a_registry_cannot_blow_a_page_up_with_names_of_services(
    alice: Browser, at_evil: Credential, evil: EvilRegistry
) -> None:
    at_evil.services = []
    at_evil.save()
    evil.answers |= {
        "listservices": ok(b",".join(b"%s%d" % (b"S" * 10_000, place) for place in range(1_000))),
        "show": ok(*record_rows(20)),
    }
    page = alice.get(f"/credentials/{at_evil.pk}/numbers/7/")
    assert page.status_code == 200
    assert len(page.content) < 5 * SMALL


@pytest.mark.parametrize("hostdata", [b"x" * 5_000, b"", b"   "])
def test_a_record_that_no_command_can_carry_is_shown_and_moving_it_sends_nothing(
    alice: Browser, at_evil: Credential, evil: EvilRegistry, hostdata: bytes
) -> None:
    evil.answers["show"] = ok(*record_rows(9), b"10,1,604,5550123,100,10,SIP," + hostdata)
    address = f"/credentials/{at_evil.pk}/numbers/7/"
    page = alice.get(address).content.decode()
    seen = page.partition('id="record-10"')[2].partition('name="fingerprint" value="')[2].partition('"')[0]
    answer = alice.post(f"{address}records/10/move/", {"direction": "up", "fingerprint": seen})
    assert answer.status_code == 502
    assert "hostdata must not be" in answer.content.decode()
    assert not any(b"command=update" in request.body for request in evil.received)
