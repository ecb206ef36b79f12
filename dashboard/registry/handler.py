"""The server side of the protocol: the body of a POST in, the body of a response out. Knows no HTTP framework."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Case, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext, gettext_noop

from dashboard import protocol
from dashboard.enum import find_service, known_services
from dashboard.registry import store
from dashboard.registry.auth import authenticate
from dashboard.registry.counted_body import IN_MEMORY, CountedBody
from dashboard.registry.models import BLOCK, MAX_RECORDS, Account, Number, Record
from dashboard.registry.publishing.content import too_large
from dashboard.registry.refusal import Refusal

CONTENT_TYPE = "text/plain; charset=utf-8"
ROWS_AT_A_TIME = 2_000  # fetched from the database; the rest of a long list waits there
_SERVICE = re.compile(r"[A-Za-z0-9+:._-]+")  # what may be quoted
# These are no requests at all, so the answer is HTTP's, not the protocol's.
_NO_FORM = frozenset({"not-a-form", "too-large"})


@dataclass(frozen=True, slots=True)
class RegistryResponse:
    """What goes back: the HTTP status, and a body of `length` bytes in pieces, to be read once."""

    status: int
    content: Iterable[bytes]
    length: int
    content_type: str = CONTENT_TYPE


class _NumberRow(NamedTuple):
    """What `encode_number` reads, without the constructor's checks: they would treble the time of a long list."""

    id: int
    country: str
    area: str
    local: str


def handle(body: bytes, *, address: str, in_process: bool = False) -> RegistryResponse:
    """Carry out the request in `body`, sent from the IP `address`, or from this very process.

    Whatever is wrong with it is answered with BAD and a reason (status 200), or with status 400 if it is no form.
    Raises only what the database raises when it fails.
    """
    try:
        request = protocol.decode_request(body)
        account = authenticate(request.username, request.secret, None if in_process else address)
        if request.command.is_write:
            return _write(account, request.command)
        return _read(account, request.command, address)
    except protocol.RemoteProtocolError as error:
        status = 400 if error.code in _NO_FORM else 200
        return _bad(error.code, gettext(error.message) % error.params, status)
    except Refusal as refusal:
        return _bad(refusal.code, gettext(refusal.message) % refusal.params)
    except store.AnswerTooLarge as error:
        return _bad("hostdata", too_large(error.size))
    except store.NotPublishable as error:
        return _bad("hostdata", str(error))
    except ObjectDoesNotExist:
        # One answer for what is not there and for what is another account's: ids must not be worth guessing.
        return _bad("unknown-id", gettext("The account has nothing with this id."))


def service_names() -> list[str]:
    """The services that `listservices` names: each enumservice once, under its short name if it has one."""
    names: dict[str, str] = {}
    for service in known_services():
        names.setdefault(service.enumservice, service.name)
    return list(names.values())


def _bad(code: str, sentence: str, status: int = 200) -> RegistryResponse:
    return _whole(protocol.bad_reply(code, sentence), status)


def _whole(reply: protocol.Reply, status: int = 200) -> RegistryResponse:
    body = protocol.encode_reply(reply)
    return RegistryResponse(status, (body,), len(body))


def _streamed(rows: Iterator[bytes]) -> RegistryResponse:
    body = CountedBody(rows, lambda count: protocol.encode_head(True, [("numrows", str(count))]), protocol.TERMINATOR)
    # What fits into memory needs no pieces.
    content: Iterable[bytes] = (b"".join(body),) if body.length <= IN_MEMORY else body
    return RegistryResponse(200, content, body.length)


def _read(account: Account, command: protocol.Command, address: str) -> RegistryResponse:
    match command:
        case protocol.List():
            return _streamed(_number_rows(account))
        case protocol.Show(id=pk):
            return _streamed(_record_rows(account.numbers.get(pk=pk)))
        case protocol.GetNaptr(id=pk):
            return _getnaptr(_record(account, pk))
        case protocol.ListServices():
            return _whole(protocol.ok_reply([",".join(service_names())]))
        case protocol.MyIp():
            # Behind a Unix socket there may be none to tell.
            return _whole(protocol.ok_reply([address] if address else []))
    return _whole(protocol.ok_reply())


def _write(account: Account, command: protocol.Command) -> RegistryResponse:
    variables: dict[str, int] = {}
    match command:
        case protocol.New():
            variables["id"] = _new(account, command)
        case protocol.Update():
            _update(account, command)
        case protocol.Delete(id=pk):
            store.delete_record(_record(account, pk))
        case protocol.DeleteAll(id=pk):
            store.delete_all(account.numbers.get(pk=pk))
    return _whole(protocol.ok_reply(**variables))


def _number_rows(account: Account) -> Iterator[bytes]:
    """One SELECT and no transaction: whoever writes meanwhile is not kept waiting, and is not seen half."""
    local = Case(When(is_block=True, then=Concat("local", Value(BLOCK))), default="local")
    rows = account.numbers.order_by("pk").values_list("pk", "country", "area", local)
    named = map(_NumberRow._make, rows.iterator(chunk_size=ROWS_AT_A_TIME))
    return (protocol.encode_number(cast("protocol.Number", row)) for row in named)


def _record_rows(number: Number) -> Iterator[bytes]:
    records = number.records.order_by("order", "preference", "pk")
    return (_record_row(record, number) for record in records.iterator(chunk_size=ROWS_AT_A_TIME))


def _record_row(record: Record, number: Number) -> bytes:
    return protocol.encode_record(
        protocol.Record(
            id=record.pk,
            country=number.country,
            area=number.area,
            local=number.written_local,
            order=record.order,
            preference=record.preference,
            service=record.service,
            hostdata=record.hostdata,
        )
    )


def _getnaptr(record: Record) -> RegistryResponse:
    row = _record_row(record, record.number).decode().removesuffix("\r\n")
    return _whole(protocol.ok_reply([row]))


def _record(account: Account, pk: int) -> Record:
    return Record.objects.select_related("number").get(pk=pk, number__account=account)


def _new(account: Account, command: protocol.New) -> int:
    _check_service(command.service)
    number = account.numbers.get(pk=command.id)
    if number.records.count() >= MAX_RECORDS:
        raise Refusal("full", gettext_noop("A number can have %(limit)s records at most."), {"limit": MAX_RECORDS})
    record = store.create_record(
        number,
        preference=command.preference,
        service=command.service,
        hostdata=command.hostdata,
    )
    return record.pk


def _update(account: Account, command: protocol.Update) -> None:
    record = _record(account, command.id)
    values: store.RecordValues = {}
    if command.preference is not None:
        values["preference"] = command.preference
    if command.service is not None:
        values["service"] = command.service
        # A service that was fine once must not keep the record's other fields from being changed.
        if command.service != record.service:
            _check_service(command.service)
    if command.hostdata is not None:
        values["hostdata"] = command.hostdata
    store.update_record(record, values)


def _check_service(name: str) -> None:
    if find_service(name) is None:
        message = gettext_noop("This registry has no such service. The command listservices names them all.")
        # Where variables were separated by anything but "&", the rest of the request is in here too.
        if _SERVICE.fullmatch(name):
            message = gettext_noop(
                "This registry has no service “%(name)s”. The command listservices names them all."
            )
        raise Refusal("unknown-service", message, {"name": name})
