"""The commands of the protocol, each a value that cannot be illegal."""

from dataclasses import dataclass
from typing import ClassVar

from dashboard.protocol.errors import LocalProtocolError, gettext_noop
from dashboard.protocol.values import (
    DEFAULT_ORDER,
    MAX_ID,
    MAX_SERVICE,
    MAX_UINT16,
    RecordData,
    check_inner_text,
    check_integer,
    check_length,
    check_text,
)

# A NAPTR's regexp holds at most 255 octets (RFC 1035, section 3.3), and the host data is part of it. The
# limit only keeps absurd input out; the exact rule belongs to the DNS side, which can explain it.
MAX_HOSTDATA = 1_000


def _check_filled(field: str, value: str) -> None:
    if not value.strip():
        raise LocalProtocolError("blank", gettext_noop("%(field)s must not be blank."), {"field": field})


def _check_service(value: str) -> None:
    check_inner_text("service", value, MAX_SERVICE)
    _check_filled("service", value)


def _check_hostdata(value: str) -> None:
    check_text("hostdata", value)
    _check_filled("hostdata", value)
    check_length("hostdata", value, MAX_HOSTDATA)


def _check_confirm(value: object) -> None:
    # "confirm must be set to Y to indicate the user really wanted to do it." (spec, delete)
    if value is not True:
        raise LocalProtocolError("confirm", gettext_noop("A deletion must be confirmed."), {"field": "confirm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Ask whether the registry answers and accepts the credential. Changes nothing."""

    name: ClassVar[str] = "ping"
    is_write: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Ask for the numbers of the account."""

    name: ClassVar[str] = "list"
    is_write: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Ask for the records of the number `id`. Raises LocalProtocolError for an illegal id."""

    name: ClassVar[str] = "show"
    is_write: ClassVar[bool] = False
    id: int

    def __post_init__(self) -> None:
        check_integer("id", self.id, MAX_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetNaptr:
    """Ask for the record `id`. Raises LocalProtocolError for an illegal id."""

    name: ClassVar[str] = "getnaptr"
    is_write: ClassVar[bool] = False
    id: int

    def __post_init__(self) -> None:
        check_integer("id", self.id, MAX_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Delete the record `id`.

    The text calls it an id "as returned by list", but `list` returns ids of numbers: the ids of `show` are
    meant. Raises LocalProtocolError for an illegal id, or when `confirm` is not True.
    """

    name: ClassVar[str] = "delete"
    is_write: ClassVar[bool] = True
    id: int
    confirm: bool = True

    def __post_init__(self) -> None:
        check_integer("id", self.id, MAX_ID)
        _check_confirm(self.confirm)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAll:
    """Delete every record of the number `id`.

    Raises LocalProtocolError for an illegal id, or when `confirm` is not True.
    """

    name: ClassVar[str] = "deleteall"
    is_write: ClassVar[bool] = True
    id: int
    confirm: bool = True

    def __post_init__(self) -> None:
        check_integer("id", self.id, MAX_ID)
        _check_confirm(self.confirm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Change the record `id`. A variable that is None is not sent and keeps its value.

    Raises LocalProtocolError for illegal values.
    """

    name: ClassVar[str] = "update"
    is_write: ClassVar[bool] = True
    id: int
    order: int | None = DEFAULT_ORDER
    preference: int | None
    service: str | None
    hostdata: str | None

    @classmethod
    def of(cls, record_id: int, data: RecordData) -> "Update":
        """The command that makes a record hold `data`."""
        return cls(id=record_id, preference=data.preference, service=data.service, hostdata=data.hostdata)

    def __post_init__(self) -> None:
        check_integer("id", self.id, MAX_ID)
        if self.order is not None:
            check_integer("order", self.order, MAX_UINT16)
        if self.preference is not None:
            check_integer("preference", self.preference, MAX_UINT16)
        if self.service is not None:
            _check_service(self.service)
        if self.hostdata is not None:
            _check_hostdata(self.hostdata)


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """Add a record to the number `id`. Raises LocalProtocolError for illegal values."""

    name: ClassVar[str] = "new"
    is_write: ClassVar[bool] = True
    id: int
    order: int = DEFAULT_ORDER
    preference: int
    service: str
    hostdata: str

    @classmethod
    def of(cls, number_id: int, data: RecordData) -> "New":
        """The command that adds a record that holds `data`."""
        return cls(id=number_id, preference=data.preference, service=data.service, hostdata=data.hostdata)

    def __post_init__(self) -> None:
        check_integer("id", self.id, MAX_ID)
        check_integer("order", self.order, MAX_UINT16)
        check_integer("preference", self.preference, MAX_UINT16)
        _check_service(self.service)
        _check_hostdata(self.hostdata)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListServices:
    """Ask for the service types that the registry supports."""

    name: ClassVar[str] = "listservices"
    is_write: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MyIp:
    """Ask for the address from which the registry sees us."""

    name: ClassVar[str] = "myip"
    is_write: ClassVar[bool] = False


Write = Delete | DeleteAll | Update | New
Command = Ping | List | Show | GetNaptr | Delete | DeleteAll | Update | New | ListServices | MyIp

COMMANDS: dict[str, type[Command]] = {
    command.name: command
    for command in (Ping, List, Show, GetNaptr, Delete, DeleteAll, Update, New, ListServices, MyIp)
}
