"""How requests are read and sent where the protocol's text leaves it open: a test for each point.

Points about HTTP itself (framing, status, redirects, size and deadline) belong to the client and the endpoint.
"""

from urllib.parse import parse_qs

import pytest

from dashboard.protocol import (
    Delete,
    DeleteAll,
    GetNaptr,
    New,
    Ping,
    RemoteProtocolError,
    Request,
    Update,
    decode_request,
    encode_request,
    ok_reply,
    records_in,
    secret_of,
)

SECRET = secret_of("pw")
CREDENTIAL = f"username=bob&secret={SECRET}"


def _rejection(form: str) -> RemoteProtocolError:
    with pytest.raises(RemoteProtocolError) as caught:
        decode_request(form.encode())
    return caught.value


@pytest.mark.parametrize("raw", ["%0D", "%0A", "%0D%0A9%2C1", "%00"])
@pytest.mark.parametrize("command", ["new", "update"])
@pytest.mark.parametrize("field", ["service", "hostdata"])
def test_cr_lf_nul_in_a_field_are_refused(command: str, field: str, raw: str) -> None:
    fields = {"service": "SIP", "hostdata": "a@example.net"}
    fields[field] += raw
    form = "&".join(f"{name}={value}" for name, value in fields.items())

    error = _rejection(f"version=1&command={command}&{CREDENTIAL}&id=7&order=100&preference=10&{form}")

    assert (error.code, error.params["field"]) == ("bad-field", field)


@pytest.mark.parametrize("version", ["version=2&", "version=&", ""])
def test_version_other_than_1_in_a_request_is_refused(version: str) -> None:
    assert _rejection(f"{version}command=ping&{CREDENTIAL}").code == "version"


@pytest.mark.parametrize("command", ["delete", "deleteall"])
def test_confirm_may_be_written_small_or_large_and_nothing_else(command: str) -> None:
    form = f"version=1&command={command}&{CREDENTIAL}&id=52"

    assert decode_request(f"{form}&confirm=y".encode()).command.is_write
    assert decode_request(f"{form}&confirm=Y".encode()).command.is_write
    for confirm in ("", "&confirm=", "&confirm=yes", "&confirm=1", "&confirm=n", "&confirm=y+"):
        assert _rejection(form + confirm).code == "confirm"


@pytest.mark.parametrize("command", [Delete(id=52), DeleteAll(id=7)])
def test_confirm_is_sent_as_a_small_y(command: Delete | DeleteAll) -> None:
    assert b"&confirm=y&" in encode_request(Request(command, "bob", SECRET))


def test_naptr_ids_are_the_ids_of_show() -> None:
    row = "52,1,604,9586111,100,10,SIP,a@example.net"
    record = records_in(ok_reply([row]))[0]

    for command in (GetNaptr(id=record.id), Delete(id=record.id)):
        assert b"&id=52&" in encode_request(Request(command, "bob", SECRET))


@pytest.mark.parametrize("order", ["7", "", "-1", "70000", "first", "9" * 5000, "%B2"])
def test_order_of_any_value_is_accepted(order: str) -> None:
    fields = "id=7&preference=10&service=SIP&hostdata=a"

    for command in ("new", "update"):
        body = f"version=1&command={command}&{CREDENTIAL}&{fields}&order={order}".encode()
        asked = decode_request(body).command
        assert isinstance(asked, New | Update)
        assert asked.order == (7 if order == "7" else 100)


def test_order_is_sent_as_100() -> None:
    new = New(id=7, preference=10, service="SIP", hostdata="a")
    update = Update(id=52, preference=10, service="SIP", hostdata="a")

    for command in (new, update):
        assert b"&order=100&" in encode_request(Request(command, "bob", SECRET))


def test_update_always_sends_all_four_variables() -> None:
    body = encode_request(Request(Update(id=52, preference=10, service="SIP", hostdata="a"), "bob", SECRET))

    assert {"order", "preference", "service", "hostdata"} <= parse_qs(body.decode()).keys()


def test_update_with_some_variables_missing_leaves_them_alone() -> None:
    request = decode_request(f"version=1&command=update&{CREDENTIAL}&id=52&preference=5".encode())

    assert request.command == Update(id=52, order=None, preference=5, service=None, hostdata=None)


@pytest.mark.parametrize("credential", ["", f"&secret={SECRET}&password=pw", "&secret=&password=", "&password="])
def test_secret_and_password_both_or_neither_are_refused(credential: str) -> None:
    assert _rejection(f"version=1&command=ping&username=bob{credential}").code == "credentials"


def test_secret_and_password_mean_the_same_and_only_the_secret_is_sent() -> None:
    by_password = decode_request(b"version=1&command=ping&username=bob&password=pw")
    by_secret = decode_request(f"version=1&command=ping&username=bob&secret={SECRET.upper()}".encode())

    assert by_password == by_secret == Request(Ping(), "bob", SECRET)
    assert b"password" not in encode_request(by_password)
