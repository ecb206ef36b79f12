"""Accounts, numbers and records in memory, and what each command does to them.

Source: the protocol text, sections "Response format" and "Commands". No sockets and no faults here.
"""

import hashlib
import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote_plus

FIRST_NUMBER_ID = 1001  # ids of numbers and records differ, so that mixing them up shows
FIRST_RECORD_ID = 50001
WRITES = frozenset({"new", "update", "delete", "deleteall"})
SERVICES = "SIP,IAX2,H323,MAILTO,XMPP,TEL,WEB"
RECORD_VARIABLES = ("preference", "service", "hostdata")

# Ofcom's numbers for drama: each prefix is followed by three digits.
UK_DRAMA = (
    ("113", "4960"), ("114", "4960"), ("115", "4960"), ("116", "4960"), ("117", "4960"), ("118", "4960"),
    ("121", "4960"), ("131", "4960"), ("141", "4960"), ("151", "4960"), ("161", "4960"), ("20", "79460"),
    ("191", "4980"), ("29", "20180"), ("1632", "960"), ("7700", "900"), ("8081", "570"), ("909", "8790"),
    ("306", "9990"), ("28", "96496"),
)  # fmt: skip


class RefusalError(Exception):
    """The command is answered with BAD: a stable code, and a sentence in `args`."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass
class Record:
    """A NAPTR of a number, as `show` names its fields."""

    id: int
    number_id: int
    preference: str
    service: str
    hostdata: str


@dataclass
class Number:
    """A number of an account, as `list` names its fields."""

    id: int
    owner: str
    country: str
    area: str
    local: str
    records: dict[int, Record] = field(default_factory=dict)

    @property
    def row(self) -> str:
        """The fields that a row of `list` and of `show` share."""
        return f"{self.country},{self.area},{self.local}"


@dataclass(frozen=True)
class Answer:
    """A reply before it becomes bytes: variables in their order, then the data rows."""

    ok: bool = True
    variables: tuple[tuple[str, str], ...] = ()
    rows: tuple[str, ...] = ()

    def encode(self, line_end: str = "\r\n", blank_lines: int = 1) -> bytes:
        """The reply's bytes, with the line ends and the number of blank lines that a registry may choose."""
        head = [("version", "1"), ("response", "OK" if self.ok else "BAD"), *self.variables]
        lines = [f"{quote_plus(name)}={quote_plus(value)}" for name, value in head]
        return line_end.join([*lines, *[""] * blank_lines, *self.rows, ".", ""]).encode()


def secret_of(password: str) -> str:
    """The protocol's `secret`: the MD5 of the password."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


def fictional_numbers() -> Iterator[tuple[str, str, str]]:
    """100,000 numbers that nobody can own: 555-0100 to 0199 of each NANP area, and Ofcom's drama ranges."""
    for area, line in itertools.product(range(200, 1000), range(100, 200)):
        yield "1", str(area), f"5550{line}"
    for (prefix, local), line in itertools.product(UK_DRAMA, range(1000)):
        yield "44", prefix, f"{local}{line:03}"


class Store:
    """Everything that a registry keeps. One lock: tests are about order and effect, not about throughput."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.secrets: dict[str, str] = {}
        self.numbers: dict[int, Number] = {}
        self.records: dict[int, Record] = {}
        self._number_ids = itertools.count(FIRST_NUMBER_ID)
        self._record_ids = itertools.count(FIRST_RECORD_ID)
        self._lists: dict[str, Answer] = {}
        self.returns_new_id = True
        self._commands: dict[str, Callable[[str, dict[str, str]], Answer]] = {
            "ping": lambda _owner, _form: Answer(rows=("pong",)),
            "myip": lambda _owner, form: Answer(rows=(form.get("peer", "127.0.0.1"),)),
            "listservices": lambda _owner, _form: Answer(rows=(SERVICES,)),
            "list": self._list,
            "show": self._show,
            "getnaptr": self._getnaptr,
            "new": self._new,
            "update": self._update,
            "delete": self._delete,
            "deleteall": self._deleteall,
        }

    def add_account(self, username: str, password: str) -> None:
        """Let this user name and password in."""
        self.secrets[username] = secret_of(password)

    def add_number(self, owner: str, country: str, area: str, local: str) -> int:
        """Give a number to an account; its id."""
        with self.lock:
            number = Number(next(self._number_ids), owner, country, area, local)
            self.numbers[number.id] = number
            self._lists.pop(owner, None)
            return number.id

    def add_record(self, number_id: int, preference: int | str, service: str, hostdata: str) -> int:
        """Give a record to a number; its id."""
        with self.lock:
            record = Record(next(self._record_ids), number_id, str(preference), service, hostdata)
            self.records[record.id] = record
            self.numbers[number_id].records[record.id] = record
            return record.id

    def row_of(self, record: Record) -> str:
        """The row of `show` and `getnaptr` for a record; order is always 100."""
        number = self.numbers[record.number_id].row
        return f"{record.id},{number},100,{record.preference},{record.service},{record.hostdata}"

    def rows_of(self, number_id: int) -> list[str]:
        """The rows that `show` would send."""
        with self.lock:
            return [self.row_of(record) for record in self.numbers[number_id].records.values()]

    def answer(self, form: dict[str, str]) -> Answer:
        """Carry a command out. Never raises: what is wrong with it is in the answer."""
        try:
            owner = self._authorise(form)
            command = self._commands.get(form.get("command", ""), _unknown)
            with self.lock:
                return command(owner, form)
        except RefusalError as refusal:
            return Answer(ok=False, variables=(("error", str(refusal)), ("code", refusal.code)))

    def _authorise(self, form: dict[str, str]) -> str:
        if form.get("version") not in {"1", "1.0"}:
            raise RefusalError("version", "This registry speaks version 1.")
        if ("secret" in form) == ("password" in form):
            raise RefusalError("credentials", "Send either secret or password.")
        secret = form.get("secret") or secret_of(form.get("password", ""))
        username = form.get("username", "")
        if self.secrets.get(username) != secret.lower():
            raise RefusalError("login", "The user name or the password is wrong.")
        return username

    def _number(self, owner: str, form: dict[str, str]) -> Number:
        number = self.numbers.get(_id(form))
        if number is None or number.owner != owner:
            raise RefusalError("not-found", "There is no such number.")
        return number

    def _record(self, owner: str, form: dict[str, str]) -> Record:
        record = self.records.get(_id(form))
        if record is None or self.numbers[record.number_id].owner != owner:
            raise RefusalError("not-found", "There is no such record.")
        return record

    def _list(self, owner: str, form: dict[str, str]) -> Answer:
        del form
        if owner not in self._lists:
            mine = [number for number in self.numbers.values() if number.owner == owner]
            rows = tuple(f"{number.id},{number.row}" for number in mine)
            self._lists[owner] = Answer(variables=(("numrows", str(len(rows))),), rows=rows)
        return self._lists[owner]

    def _show(self, owner: str, form: dict[str, str]) -> Answer:
        rows = tuple(self.rows_of(self._number(owner, form).id))
        return Answer(variables=(("numrows", str(len(rows))),), rows=rows)

    def _getnaptr(self, owner: str, form: dict[str, str]) -> Answer:
        return Answer(rows=(self.row_of(self._record(owner, form)),))

    def _new(self, owner: str, form: dict[str, str]) -> Answer:
        number = self._number(owner, form)
        if missing := [name for name in RECORD_VARIABLES if not form.get(name)]:
            raise RefusalError("missing-field", f"{missing[0]} is missing.")
        values = _record_values(form)
        record_id = self.add_record(number.id, values["preference"], values["service"], values["hostdata"])
        return Answer(variables=(("id", str(record_id)),) if self.returns_new_id else ())

    def _update(self, owner: str, form: dict[str, str]) -> Answer:
        record = self._record(owner, form)
        for name, value in _record_values(form).items():
            setattr(record, name, value)
        return Answer()

    def _delete(self, owner: str, form: dict[str, str]) -> Answer:
        record = self._record(owner, form)
        _confirm(form)
        del self.records[record.id]
        del self.numbers[record.number_id].records[record.id]
        return Answer()

    def _deleteall(self, owner: str, form: dict[str, str]) -> Answer:
        number = self._number(owner, form)
        _confirm(form)
        for record_id in number.records:
            del self.records[record_id]
        number.records.clear()
        return Answer()


def read_form(body: bytes) -> dict[str, str] | None:
    """The variables of a request, or None where the body is not a form."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict"))
    except ValueError:
        return None


def _unknown(owner: str, form: dict[str, str]) -> Answer:
    del owner, form
    raise RefusalError("unknown-command", "There is no such command.")


def _id(form: dict[str, str]) -> int:
    text = form.get("id", "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise RefusalError("bad-id", "id must be a number.")
    return int(text)


def _confirm(form: dict[str, str]) -> None:
    if form.get("confirm") not in {"y", "Y"}:
        raise RefusalError("confirm", "Send confirm=y.")


def _record_values(form: dict[str, str]) -> dict[str, str]:
    values = {name: form[name] for name in RECORD_VARIABLES if name in form}
    for name, value in values.items():
        if any(character in value for character in "\r\n\0"):
            raise RefusalError("bad-field", f"{name} must be one line.")
    if not values.get("preference", "0").isdecimal():
        raise RefusalError("bad-field", "preference must be a number.")
    return values
