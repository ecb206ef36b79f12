"""Requests: a command and who asks for it, as the body of a POST form and back."""

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from dashboard.protocol.commands import COMMANDS, Command, New, Update
from dashboard.protocol.encoding import urldecode, urlencode
from dashboard.protocol.errors import LocalProtocolError, RemoteProtocolError, gettext_noop
from dashboard.protocol.values import DEFAULT_ORDER, MAX_UINT16, check_text, whole_number

VERSION = "1"

# The text is headed "version 1.0" and its examples say "version=1": both mean this protocol.
VERSIONS = frozenset({"1", "1.0"})

# The longest honest request is an `update`, some 4 KB when every character of its host data is urlencoded.
# Strangers can post before they are known, so megabytes are not even looked at.
MAX_REQUEST = 64 * 1024

# Account names are names or e-mail addresses, and an address has at most 254 characters (RFC 5321, section
# 4.5.3.1).
MAX_USERNAME = 254

# What may be quoted to whoever sent it. Where variables are separated by anything but "&", the first one holds all
# others too, and among them the password.
_NUMBER = re.compile(r"[0-9.]{1,10}")
_WORD = re.compile(r"[A-Za-z]{1,20}")

_SECRET = re.compile(r"[0-9a-f]{32}")
_MISSING = gettext_noop("%(field)s is missing.")
_RAW_CONTROLS = re.compile(rb"[\x00-\x1f\x7f]")


def secret_of(password: str) -> str:
    """What the protocol calls `secret`: "the MD5 of the password", 32 lower-case hex digits, of its UTF-8.

    Raises LocalProtocolError when the password has no UTF-8 form (a lone surrogate).
    """
    try:
        raw = password.encode()
    except UnicodeEncodeError:
        raise LocalProtocolError("not-text", gettext_noop("%(field)s must be text."), {"field": "password"}) from None
    # MD5 is what the protocol prescribes; it protects nothing here, TLS does.
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Request:
    """A command, and the account in whose name it is sent.

    `secret` is what `secret_of` returns; it is as good as the password and stays out of the repr.
    Raises LocalProtocolError for illegal values.
    """

    command: Command
    username: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        check_text("username", self.username)
        if not 0 < len(self.username) <= MAX_USERNAME:
            raise LocalProtocolError(
                "username",
                gettext_noop("%(field)s must have from 1 to %(limit)s characters."),
                {"field": "username", "limit": MAX_USERNAME},
            )
        check_text("secret", self.secret)
        if not _SECRET.fullmatch(self.secret):
            raise LocalProtocolError(
                "secret",
                gettext_noop("%(field)s must be an MD5 in 32 lower-case hex digits."),
                {"field": "secret"},
            )


def encode_request(request: Request) -> bytes:
    """The body of the POST that carries `request`: application/x-www-form-urlencoded, in ASCII.

    Sends `secret` and never `password` ("mutually exclusive of each other. pick one"), and sends it last: its
    length is known, so a body that was cut short is refused instead of deleting record 12 for record 1234.
    """
    variables = {
        "version": VERSION,
        "command": request.command.name,
        "username": request.username,
        **_variables_of(request.command),
        "secret": request.secret,
    }
    return "&".join(f"{name}={urlencode(value)}" for name, value in variables.items()).encode("ascii")


def _variables_of(command: Command) -> dict[str, str]:
    values = ((item.name, getattr(command, item.name)) for item in dataclasses.fields(command))
    return {name: "y" if value is True else str(value) for name, value in values if value is not None}


def decode_request(body: bytes) -> Request:
    """The request in the body of a POST.

    A `password` becomes the `secret` that it stands for. Names and commands are read without regard to case,
    unknown variables are ignored. Raises RemoteProtocolError, and nothing else, for every other body; the
    error's text never repeats a password or secret.
    """
    variables = _form(body)
    _check_version(variables)
    command_type = _command_type(variables)
    username = _required(variables, "username")
    secret = _secret(variables)
    try:
        return Request(_command(command_type, variables), username, secret)
    except LocalProtocolError as error:
        code = "bad-id" if error.field == "id" else "bad-field"
        raise RemoteProtocolError(code, error.message, error.params) from None


def _form(body: bytes) -> dict[str, str]:
    if len(body) > MAX_REQUEST:
        raise RemoteProtocolError(
            "too-large", gettext_noop("The request is larger than %(limit)s bytes."), {"limit": MAX_REQUEST}
        )
    # Old clients end the body with a line end that is no part of the form.
    form = body.removesuffix(b"\r\n")
    if b"=" not in form or _RAW_CONTROLS.search(form):
        raise RemoteProtocolError("not-a-form", gettext_noop("The request is not a form."))
    variables: dict[str, str] = {}
    for pair in filter(None, form.split(b"&")):
        raw_name, _, raw_value = pair.partition(b"=")
        name = urldecode(raw_name).lower()
        if name in variables:
            # A name that we do not know may be a piece of a password with an "&" in it.
            _refuse("bad-field", gettext_noop("%(field)s was sent twice."), name if name in _NAMES else "A variable")
        variables[name] = urldecode(raw_value)
    return variables


def _refuse(code: str, message: str, name: str) -> NoReturn:
    raise RemoteProtocolError(code, message, {"field": name})


def _required(variables: Mapping[str, str], name: str) -> str:
    if not variables.get(name):
        _refuse("missing-field", _MISSING, name)
    return variables[name]


def _check_version(variables: Mapping[str, str]) -> None:
    version = variables.get("version", "")
    if version in VERSIONS:
        return
    message = gettext_noop(
        "This registry speaks version 1 of the protocol. Begin the request with version=1&command="
    )
    if _NUMBER.fullmatch(version):
        message = gettext_noop("This registry speaks version 1 of the protocol, not “%(version)s”.")
    raise RemoteProtocolError("version", message, {"version": version})


def _command_type(variables: Mapping[str, str]) -> type[Command]:
    name = variables.get("command", "")
    command_type = COMMANDS.get(name.lower())
    if command_type is None:
        message = gettext_noop("There is no such command. Variables are separated by “&”.")
        if _WORD.fullmatch(name):
            message = gettext_noop("There is no command “%(command)s”.")
        raise RemoteProtocolError("unknown-command", message, {"command": name})
    return command_type


def _secret(variables: Mapping[str, str]) -> str:
    secret, password = variables.get("secret"), variables.get("password")
    if secret and password is None:
        return secret.lower()
    if password and secret is None:
        return secret_of(password)
    raise RemoteProtocolError("credentials", gettext_noop("Send either secret or password."))


def _command(command_type: type[Command], variables: Mapping[str, str]) -> Command:
    if command_type is New:
        variables = {"order": str(DEFAULT_ORDER), **variables}
    values: dict[str, Any] = {}
    for item in dataclasses.fields(command_type):
        values[item.name] = _READERS[item.name](variables)
        # Only `update` may leave variables out: they keep their values.
        if values[item.name] is None and command_type is not Update:
            _refuse("missing-field", _MISSING, item.name)
    return command_type(**values)


def _id(variables: Mapping[str, str]) -> int:
    number = whole_number(_required(variables, "id"))
    if number is None:
        raise RemoteProtocolError("bad-id", gettext_noop("The id must be a whole number."), {"field": "id"})
    return number


def _confirm(variables: Mapping[str, str]) -> bool:
    # The examples say "confirm=y" and the text says "must be set to Y". Nothing else will do.
    if variables.get("confirm") not in {"y", "Y"}:
        raise RemoteProtocolError(
            "confirm", gettext_noop("Send confirm=y to show that you mean it."), {"field": "confirm"}
        )
    return True


def _order(variables: Mapping[str, str]) -> int | None:
    if "order" not in variables:
        return None
    # "order will always be set to 100 for user records": no value matters enough to refuse it.
    order = whole_number(variables["order"])
    return order if order is not None and order <= MAX_UINT16 else DEFAULT_ORDER


def _preference(variables: Mapping[str, str]) -> int | None:
    if "preference" not in variables:
        return None
    preference = whole_number(variables["preference"])
    if preference is None:
        _refuse("bad-field", gettext_noop("%(field)s must be a whole number."), "preference")
    return preference


_READERS: dict[str, Callable[[Mapping[str, str]], object]] = {
    "id": _id,
    "confirm": _confirm,
    "order": _order,
    "preference": _preference,
    "service": lambda variables: variables.get("service"),
    "hostdata": lambda variables: variables.get("hostdata"),
}
_NAMES = frozenset({"version", "command", "username", "secret", "password", *_READERS})
