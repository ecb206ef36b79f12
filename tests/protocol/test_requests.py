"""Requests as a registry meets them: from our client, from other programs, and from strangers."""

import hashlib

import pytest

from dashboard.protocol import (
    LocalProtocolError,
    New,
    Ping,
    RemoteProtocolError,
    Request,
    Show,
    decode_request,
    encode_request,
    secret_of,
)

SECRET = secret_of("correct horse")
NEW = f"version=1&command=new&username=bob&secret={SECRET}&id=7&preference=10&service=SIP&hostdata=a"


def _rejection(body: bytes) -> RemoteProtocolError:
    with pytest.raises(RemoteProtocolError) as caught:
        decode_request(body)
    return caught.value


def test_the_secret_is_the_md5_of_the_password_in_utf_8() -> None:
    assert secret_of("password") == "5f4dcc3b5aa765d61d8327deb882cf99"
    assert secret_of("pässwörd") == hashlib.md5("pässwörd".encode(), usedforsecurity=False).hexdigest()


def test_a_password_without_utf_8_form_has_no_secret() -> None:
    with pytest.raises(LocalProtocolError) as caught:
        secret_of("\ud800")
    assert caught.value.field == "password"


@pytest.mark.parametrize("raw", ["p%C3%A4ss", "p%E4ss", "p\u00e4ss"])
def test_a_password_means_the_same_in_either_character_set(raw: str) -> None:
    for body in (
        f"version=1&command=ping&username=bob&password={raw}".encode(),
        f"version=1&command=ping&username=bob&password={raw}".encode("latin-1"),
    ):
        assert decode_request(body).secret == secret_of("päss")


def test_a_request_never_shows_its_secret() -> None:
    assert SECRET not in repr(Request(Show(id=7), "bob", SECRET))


@pytest.mark.parametrize("secret", ["", "short", SECRET.upper(), SECRET + "0", SECRET[:-1] + "g", SECRET + "\n", 7])
def test_only_an_md5_passes_for_a_secret(secret: object) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        Request(Ping(), "bob", secret)  # type: ignore[arg-type]
    assert caught.value.field == "secret"
    assert str(secret) not in str(caught.value) or not secret


@pytest.mark.parametrize("username", ["", "a\nb", "a\0b", "\ud800", "x" * 255, None])
def test_only_a_short_line_passes_for_a_username(username: object) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        Request(Ping(), username, SECRET)  # type: ignore[arg-type]
    assert caught.value.field == "username"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&",
        b"ping",
        b'{"command": "ping"}',
        b"version=1\r\ncommand=ping\r\n",
        b"\0version=1",
        b'--x\r\nContent-Disposition: form-data; name="version"\r\n\r\n1\r\n--x--\r\n',
    ],
)
def test_a_body_that_is_no_form_is_named_as_such(body: bytes) -> None:
    assert _rejection(body).code == "not-a-form"


def test_a_body_larger_than_any_command_is_not_looked_at() -> None:
    form = NEW.encode() + b"&x="

    assert decode_request(form + b"x" * (65_536 - len(form))).command
    assert _rejection(form + b"x" * (65_537 - len(form))).code == "too-large"


@pytest.mark.parametrize("command", ["", "&command=", "&command=drop", "&command=ping+", "&command=%00"])
def test_an_unknown_command_is_named(command: str) -> None:
    assert _rejection(f"version=1&username=bob&secret={SECRET}{command}".encode()).code == "unknown-command"


def test_names_and_commands_are_read_without_case() -> None:
    body = f"VERSION=1.0&Command=PING&UserName=Bob&Secret={SECRET}".encode()

    assert decode_request(body) == Request(Ping(), "Bob", SECRET)


@pytest.mark.parametrize("field", ["username", "id", "preference", "service", "hostdata"])
def test_a_field_that_is_missing_is_named(field: str) -> None:
    form = "&".join(pair for pair in NEW.split("&") if not pair.startswith(f"{field}="))

    error = _rejection(form.encode())

    assert (error.code, error.params["field"]) == ("missing-field", field)


def test_new_without_an_order_gets_100() -> None:
    command = decode_request(NEW.encode()).command

    assert command == New(id=7, order=100, preference=10, service="SIP", hostdata="a")


@pytest.mark.parametrize(
    "id_", ["x", "-1", "%2B1", "1.0", "1e3", "0x10", "1_000", "%C2%B2", "%D9%A7", "9" * 19, "9" * 5000, "1%00"]
)
def test_an_id_is_ascii_digits_and_nothing_else(id_: str) -> None:
    assert _rejection(NEW.replace("id=7", f"id={id_}").encode()).code == "bad-id"


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("preference=10", "preference=65536", "preference"),
        ("preference=10", "preference=-1", "preference"),
        ("preference=10", "preference=", "preference"),
        ("preference=10", "preference=ten", "preference"),
        ("preference=10", "preference=%C2%B2", "preference"),
        ("preference=10", "preference=" + "1" * 5000, "preference"),
        ("service=SIP", "service=SIP%2CIAX", "service"),
        ("service=SIP", "service=", "service"),
        ("service=SIP", "service=" + "S" * 101, "service"),
        ("hostdata=a", "hostdata=+", "hostdata"),
        ("hostdata=a", "hostdata=" + "a" * 1001, "hostdata"),
        ("username=bob", "username=b%0Ab", "username"),
        ("username=bob", "username=" + "b" * 255, "username"),
        (f"secret={SECRET}", "secret=hunter2", "secret"),
    ],
)
def test_a_field_with_an_illegal_value_is_named(before: str, after: str, field: str) -> None:
    error = _rejection(NEW.replace(before, after).encode())

    assert (error.code, error.params["field"]) == ("bad-field", field)


def test_a_field_sent_twice_is_refused_rather_than_guessed() -> None:
    for again in ("id=8", "ID=7", "command=ping", f"secret={SECRET}", "hostdata=b"):
        assert _rejection(f"{NEW}&{again}".encode()).code == "bad-field"


@pytest.mark.parametrize(
    "credential",
    ["password=hunter2&secret=hunter2", "secret=hunter2", "password=hunter2&id=1&id=2", "secret=hunter2&version=2"],
)
def test_no_error_repeats_a_secret(credential: str) -> None:
    error = _rejection(f"version=1&command=show&username=bob&{credential}".encode())

    assert "hunter2" not in f"{error} {error.params!r} {error.__cause__!r} {error.__context__}"


def test_a_secret_is_the_last_variable_so_that_a_cut_request_cannot_be_obeyed() -> None:
    assert encode_request(Request(Show(id=1234), "bob", SECRET)).endswith(f"&id=1234&secret={SECRET}".encode())
