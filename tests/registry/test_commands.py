"""Each command, as a client that shares no code with us would send and read it."""

from urllib.parse import unquote_plus

import pytest
from django.test import Client

from dashboard.enum import allow_experimental, experimental_service, find_service
from dashboard.registry import store
from dashboard.registry.models import Account, Number, Record, Zone
from dashboard.registry.publishing.content import contents_of
from tests.registry.conftest import API, FORM, PASSWORD, Call

OK = b"version=1\r\nresponse=OK\r\n\r\n.\r\n"
UNKNOWN_ID = (
    b"version=1\r\nresponse=BAD\r\nerror=The+account+has+nothing+with+this+id.\r\ncode=unknown-id\r\n\r\n.\r\n"
)
VALUES = {"order": "100", "preference": "20", "service": "SIP", "hostdata": "new@example.org"}


def code_of(reply: bytes) -> str:
    """The stable word of a BAD, which must also have a sentence."""
    head, _, data = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"version=1\r\nresponse=BAD\r\nerror=")
    assert data == b".\r\n"
    lines = dict(line.split("=", 1) for line in head.decode("ascii").split("\r\n"))
    return lines["code"]


def rows_of(record: Record) -> bytes:
    return (
        f"{record.pk},1,604,5550123,{record.order},{record.preference},{record.service},{record.hostdata}\r\n"
    ).encode()


# --- what works -------------------------------------------------------------------------------------------------
def test_ping_says_ok_and_nothing_else(alice: Account, call: Call) -> None:
    assert call("ping") == OK


def test_list_gives_the_numbers_of_the_account_only(number: Number, bobs_record: Record, call: Call) -> None:
    row = f"{number.pk},1,604,5550123\r\n".encode()
    assert call("list") == b"version=1\r\nresponse=OK\r\nnumrows=1\r\n\r\n" + row + b".\r\n"


def test_list_of_an_account_without_numbers_has_no_rows(alice: Account, call: Call) -> None:
    assert call("list") == b"version=1\r\nresponse=OK\r\nnumrows=0\r\n\r\n.\r\n"


def test_list_sends_a_blank_area_code_as_blank(alice: Account, call: Call) -> None:
    number = Number.objects.create(account=alice, country="49", local="3023125000")
    assert f"{number.pk},49,,3023125000\r\n".encode() in call("list")


def test_show_gives_the_records_in_the_order_of_preference(
    number: Number, record: Record, second_record: Record, call: Call
) -> None:
    head = b"version=1\r\nresponse=OK\r\nnumrows=2\r\n\r\n"
    assert call("show", id=number.pk) == head + rows_of(second_record) + rows_of(record) + b".\r\n"


def test_getnaptr_gives_one_record(record: Record, second_record: Record, call: Call) -> None:
    assert call("getnaptr", id=record.pk) == b"version=1\r\nresponse=OK\r\n\r\n" + rows_of(record) + b".\r\n"


def test_new_adds_a_record_and_returns_its_id(number: Number, call: Call) -> None:
    reply = call("new", id=number.pk, **VALUES)
    record = number.records.get()
    assert reply == f"version=1\r\nresponse=OK\r\nid={record.pk}\r\n\r\n.\r\n".encode()
    assert (record.order, record.preference, record.service, record.hostdata) == (
        100,
        20,
        "SIP",
        "new@example.org",
    )


def test_update_changes_the_record(record: Record, call: Call) -> None:
    assert call("update", id=record.pk, **VALUES) == OK
    record.refresh_from_db()
    assert (record.order, record.preference, record.service, record.hostdata) == (
        100,
        20,
        "SIP",
        "new@example.org",
    )


@pytest.mark.parametrize("name", ["preference", "service", "hostdata"])
def test_update_keeps_the_value_of_an_absent_variable(record: Record, call: Call, name: str) -> None:
    before = getattr(record, name)
    values = {"preference": "77", "service": "XMPP", "hostdata": "other@example.org"}
    del values[name]
    assert call("update", id=record.pk, **values) == OK
    record.refresh_from_db()
    assert getattr(record, name) == before
    assert all(str(getattr(record, other)) == value for other, value in values.items())


def test_update_without_any_value_changes_nothing(record: Record, call: Call) -> None:
    assert call("update", id=record.pk) == OK
    assert Record.objects.filter(pk=record.pk, preference=10, hostdata="alice@example.org").exists()


@pytest.mark.parametrize("order", ["0", "100", "7", "65535", "4000000000", "first"])
def test_any_order_is_accepted_and_stored_as_100(number: Number, record: Record, call: Call, order: str) -> None:
    assert call("update", id=record.pk, order=order) == OK
    assert b"response=OK" in call("new", id=number.pk, **VALUES | {"order": order})
    assert set(number.records.values_list("order", flat=True)) == {100}


@pytest.mark.parametrize("confirm", ["y", "Y"])
def test_delete_removes_one_record(record: Record, second_record: Record, call: Call, confirm: str) -> None:
    assert call("delete", id=record.pk, confirm=confirm) == OK
    assert list(Record.objects.all()) == [second_record]


@pytest.mark.parametrize("confirm", ["y", "Y"])
def test_deleteall_removes_the_records_of_one_number(
    record: Record, second_record: Record, bobs_record: Record, number: Number, call: Call, confirm: str
) -> None:
    assert call("deleteall", id=number.pk, confirm=confirm) == OK
    assert list(Record.objects.all()) == [bobs_record]
    assert Number.objects.filter(pk=number.pk).exists()


def test_deleteall_of_a_number_without_records_is_fine(number: Number, call: Call) -> None:
    assert call("deleteall", id=number.pk, confirm="y") == OK


def test_listservices_names_the_services_on_one_line(alice: Account, call: Call) -> None:
    head, _, data = call("listservices").partition(b"\r\n\r\n")
    line, end = data.split(b"\r\n", 1)
    assert head == b"version=1\r\nresponse=OK"
    assert end == b".\r\n"
    names = line.decode().split(",")
    assert {"SIP", "IAX2", "IAX", "H323", "MAILTO", "XMPP", "TEL", "WEB"} <= set(names)
    assert len(names) == len(set(names))


def test_every_service_that_is_named_can_be_used(number: Number, call: Call) -> None:
    for name in call("listservices").split(b"\r\n\r\n")[1].split(b"\r\n")[0].decode().split(","):
        service = find_service(name)
        assert service is not None
        values = VALUES | {"service": name, "hostdata": service.example}
        assert b"response=OK" in call("new", id=number.pk, **values)


def test_an_experimental_service_that_is_allowed_is_listed_used_and_published(number: Number, call: Call) -> None:
    values = VALUES | {"service": "x-skype:callto", "hostdata": "alice"}
    assert code_of(call("new", id=number.pk, **values)) == "unknown-service"
    allow_experimental([experimental_service("x-skype:callto")])
    try:
        assert b",x-skype:callto\r\n" in call("listservices")
        assert b"response=OK" in call("new", id=number.pk, **values)
        assert code_of(call("new", id=number.pk, **values | {"hostdata": "a b"})) == "hostdata"
        (naptr,) = contents_of([number.name], Zone.current())[number.name].naptrs
        assert naptr.to_text() == '100 20 "u" "E2U+x-skype:callto" "!^.*$!callto:alice!" .'
    finally:
        allow_experimental([])
    assert contents_of([number.name], Zone.current())[number.name].naptrs == ()


def test_myip_is_the_address_of_the_client(alice: Account, client: Client) -> None:
    body = f"version=1&command=myip&username=alice&password={PASSWORD}".encode()
    reply = client.post(API, body, content_type=FORM, secure=True, REMOTE_ADDR="2001:db8::7")
    assert reply.content == b"version=1\r\nresponse=OK\r\n\r\n2001:db8::7\r\n.\r\n"


# --- the bytes of other clients ---------------------------------------------------------------------------------
def test_a_client_that_sends_the_secret_is_known(alice: Account, client: Client) -> None:
    # The MD5 of "Wonderland 1865", in capitals as some languages print it.
    body = b"command=ping&secret=SECRET&username=alice&version=1.0"
    import hashlib

    secret = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest().upper()
    assert client.post(API, body.replace(b"SECRET", secret.encode()), content_type=FORM).content == OK


def test_a_client_of_the_old_kind_is_understood(record: Record, client: Client) -> None:
    # No content type, a plus for the blank, a percent sign that encodes nothing, and a line end after the form.
    body = b"version=1&command=UPDATE&username=alice&password=Wonderland+1865&note=100%%&id=%d&hostdata=new@e.org\r\n"
    assert client.post(API, body % record.pk, content_type="").content == OK
    record.refresh_from_db()
    assert record.hostdata == "new@e.org"


@pytest.mark.parametrize(
    "hostdata",
    [
        "!^.*$!alice@example.org",
        "back\\slash\\1@example.org",
        "a,b,c,,@example.org",
        "+16045550100@example.org",
        "naïve☎電話\U0001f4de@example.org",
        "<script>'@example.org",
        "%2B&=;@example.org",
        "x" * 238 + "@e.org",
    ],
)
def test_unusual_host_data_come_back_as_they_were_sent(number: Number, call: Call, hostdata: str) -> None:
    assert b"response=OK" in call("new", id=number.pk, **VALUES | {"hostdata": hostdata})
    record = number.records.get()
    assert record.hostdata == hostdata
    shown = call("show", id=number.pk)
    assert shown.endswith(f",100,20,SIP,{hostdata}\r\n.\r\n".encode())
    assert call("getnaptr", id=record.pk).endswith(f",100,20,SIP,{hostdata}\r\n.\r\n".encode())


# Saved before anybody looked at them, or past every form.
@pytest.mark.parametrize(
    "hostdata",
    [
        "!^.*$!sip:alice@example.org!",
        "\"double\" and 'single'",
        " leading and trailing ",
        "tab\tand \x7f and \x1b[0m",
        "a line separator \u2028 that is no line end",
        ".",
        "x" * 1000,
    ],
)
def test_host_data_that_is_not_published_is_still_told(number: Number, call: Call, hostdata: str) -> None:
    record = Record.objects.create(number=number, preference=20, service="SIP", hostdata=hostdata)
    shown = call("show", id=number.pk)
    assert shown.endswith(f",100,20,SIP,{hostdata}\r\n.\r\n".encode())
    assert call("getnaptr", id=record.pk).endswith(f",100,20,SIP,{hostdata}\r\n.\r\n".encode())
    assert call("update", id=record.pk, preference=7) == OK


UNPUBLISHABLE = [
    ("SIP", "a b@example.org", "blank"),
    ("SIP", " alice@example.org", "blank"),
    ("SIP", "x" * 300 + "@example.org", "octets"),
    ("SIP", "!^.*$!sip:alice@example.org!", "host"),
    ("SIP", "alice@example.org:99999", "99999"),
    ("SIP", '"Alice" <sip:alice@example.org>', "without a name"),
    ("SIP", "http://example.org/", "sip:"),
    ("SIP", "tab\t@example.org", "control"),
    ("SIP", ".", "host"),
    ("MAILTO", "alice", "before the @"),
    ("TEL", "604 555", "country code"),
    ("TEL", "+1 604 555 0123", "circle"),
    ("TEL", "16045550123", "circle"),
    ("SIP", "{number}@gw.example.org", "write its digits"),
]


@pytest.mark.parametrize(("service", "hostdata", "part"), UNPUBLISHABLE)
def test_what_would_never_be_published_is_refused_with_the_reason(
    number: Number, record: Record, call: Call, service: str, hostdata: str, part: str
) -> None:
    values = {"service": service, "hostdata": hostdata}
    for reply in (call("new", id=number.pk, **VALUES | values), call("update", id=record.pk, **values)):
        assert code_of(reply) == "hostdata"
        assert part in unquote_plus(reply.decode().partition("error=")[2].partition("\r\n")[0])
    assert list(number.records.values_list("hostdata", flat=True)) == ["alice@example.org"]


@pytest.mark.parametrize("values", [{"service": "MAILTO"}, {"hostdata": "+442079460958"}])
def test_service_and_host_data_are_looked_at_together(record: Record, call: Call, values: dict[str, str]) -> None:
    Record.objects.filter(pk=record.pk).update(hostdata="pbx.example.org" if "service" in values else "a@example.org")
    assert code_of(call("update", id=record.pk, **values)) == "hostdata"
    assert call("update", id=record.pk, service="TEL", hostdata="+44 20 7946 0958") == OK


def test_a_block_keeps_its_placeholders_as_they_were_sent(number: Number, call: Call) -> None:
    number.is_block = True
    store.save_number(number)
    assert b"response=OK" in call("new", id=number.pk, **VALUES | {"hostdata": "{number}@gw.example.org"})
    assert call("show", id=number.pk).endswith(b",100,20,SIP,{number}@gw.example.org\r\n.\r\n")
    refused = call("new", id=number.pk, **VALUES | {"service": "TEL", "hostdata": "+{number}"})
    assert code_of(refused) == "hostdata"


def test_a_service_is_kept_as_it_was_written(record: Record, call: Call) -> None:
    assert call("update", id=record.pk, service="e2u+Sip") == OK
    assert b",e2u+Sip," in call("getnaptr", id=record.pk)


# --- ids --------------------------------------------------------------------------------------------------------
ON_A_NUMBER = [("show", {}), ("new", VALUES), ("deleteall", {"confirm": "y"})]
ON_A_RECORD = [("getnaptr", {}), ("update", VALUES), ("delete", {"confirm": "y"})]


@pytest.mark.parametrize(("command", "values"), ON_A_NUMBER)
def test_somebody_elses_number_is_as_if_it_did_not_exist(
    alice: Account, bobs_record: Record, call: Call, command: str, values: dict[str, str]
) -> None:
    assert call(command, id=bobs_record.number_id, **values) == UNKNOWN_ID
    assert call(command, id=987_654_321, **values) == UNKNOWN_ID
    assert list(Record.objects.values_list("hostdata", flat=True)) == ["bob@example.org"]


@pytest.mark.parametrize(("command", "values"), ON_A_RECORD)
def test_somebody_elses_record_is_as_if_it_did_not_exist(
    alice: Account, bobs_record: Record, call: Call, command: str, values: dict[str, str]
) -> None:
    assert call(command, id=bobs_record.pk, **values) == UNKNOWN_ID
    assert call(command, id=987_654_321, **values) == UNKNOWN_ID
    assert list(Record.objects.values_list("hostdata", flat=True)) == ["bob@example.org"]


@pytest.mark.parametrize(("command", "values"), ON_A_NUMBER + ON_A_RECORD)
def test_the_largest_id_of_the_protocol_is_only_unknown(
    alice: Account, call: Call, command: str, values: dict[str, str]
) -> None:
    assert call(command, id="9" * 18, **values) == UNKNOWN_ID


@pytest.mark.parametrize(("command", "values"), ON_A_NUMBER + ON_A_RECORD)
@pytest.mark.parametrize("wrong", ["", "x", "-1", "1.5", "9" * 400, "١٢", "1 or 1=1", "0x10"])
def test_an_id_that_is_no_id_is_refused(
    record: Record, call: Call, command: str, values: dict[str, str], wrong: str
) -> None:
    assert code_of(call(command, id=wrong, **values)) in {"bad-id", "missing-field"}
    assert Record.objects.filter(pk=record.pk, hostdata="alice@example.org").exists()


@pytest.mark.parametrize(("command", "values"), ON_A_NUMBER + ON_A_RECORD)
def test_a_missing_id_is_named(alice: Account, call: Call, command: str, values: dict[str, str]) -> None:
    reply = call(command, **values)
    assert code_of(reply) == "missing-field"
    assert b"id" in reply


# --- bad fields -------------------------------------------------------------------------------------------------
BAD_FIELDS = [
    ({"preference": "65536"}, "bad-field"),
    ({"preference": "-1"}, "bad-field"),
    ({"preference": "ten"}, "bad-field"),
    ({"service": "CARRIER-PIGEON"}, "unknown-service"),
    ({"service": "SIP,1"}, "bad-field"),
    ({"service": "S" * 10_000}, "bad-field"),
    ({"hostdata": "two\r\nlines"}, "bad-field"),
    ({"hostdata": "two\nlines"}, "bad-field"),
    ({"hostdata": "a nul \x00"}, "bad-field"),
    ({"hostdata": ""}, "bad-field"),
    ({"hostdata": "x" * 10_000}, "bad-field"),
]


@pytest.mark.parametrize(("wrong", "code"), BAD_FIELDS)
def test_new_refuses_a_bad_field(number: Number, call: Call, wrong: dict[str, str], code: str) -> None:
    assert code_of(call("new", id=number.pk, **VALUES | wrong)) == code
    assert not number.records.exists()


@pytest.mark.parametrize(("wrong", "code"), BAD_FIELDS)
def test_update_refuses_a_bad_field(record: Record, call: Call, wrong: dict[str, str], code: str) -> None:
    assert code_of(call("update", id=record.pk, **VALUES | wrong)) == code
    assert Record.objects.filter(pk=record.pk, preference=10, hostdata="alice@example.org").exists()


@pytest.mark.parametrize("missing", ["preference", "service", "hostdata"])
def test_new_asks_for_every_field(number: Number, call: Call, missing: str) -> None:
    values = {name: value for name, value in VALUES.items() if name != missing}
    assert code_of(call("new", id=number.pk, **values)) == "missing-field"
    assert not number.records.exists()


def test_a_record_whose_service_is_no_longer_known_can_still_be_edited(record: Record, call: Call) -> None:
    Record.objects.filter(pk=record.pk).update(service="OLD")
    assert call("update", id=record.pk, service="OLD", preference="3") == OK
    assert b",100,3,OLD," in call("getnaptr", id=record.pk)


@pytest.mark.parametrize("command", ["delete", "deleteall"])
@pytest.mark.parametrize("confirm", [None, "", "n", "yes", "1", "YY"])
def test_a_deletion_that_is_not_confirmed_is_refused(
    record: Record, call: Call, command: str, confirm: str | None
) -> None:
    pk = record.pk if command == "delete" else record.number_id
    values = {"id": pk} if confirm is None else {"id": pk, "confirm": confirm}
    assert code_of(call(command, **values)) == "confirm"
    assert Record.objects.filter(pk=record.pk).exists()


# --- before the command -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("version", ["", "2", "1.1", "one"])
def test_another_version_is_refused(alice: Account, call: Call, version: str) -> None:
    assert code_of(call("ping", version=version)) == "version"


@pytest.mark.parametrize("command", ["", "drop", "list2"])
def test_an_unknown_command_is_refused(alice: Account, call: Call, command: str) -> None:
    assert code_of(call(command)) == "unknown-command"


def test_secret_and_password_together_are_refused(alice: Account, call: Call) -> None:
    assert code_of(call("ping", secret="0" * 32)) == "credentials"


def test_neither_secret_nor_password_is_refused(alice: Account, call: Call) -> None:
    assert code_of(call("ping", password="")) == "credentials"


ALL = [("ping", {}), ("list", {}), ("listservices", {}), ("myip", {}), *ON_A_NUMBER, *ON_A_RECORD]


@pytest.mark.parametrize(("command", "values"), ALL)
def test_every_command_wants_the_right_password(
    record: Record, call: Call, command: str, values: dict[str, str]
) -> None:
    reply = call(command, id=record.pk, **values, password="wrong")
    assert code_of(reply) == "login"
    assert Record.objects.filter(pk=record.pk, hostdata="alice@example.org").exists()
