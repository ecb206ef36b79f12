"""The ten commands as calls of the client, for tests that try each of them."""

from collections.abc import Callable

from dashboard.client import Client
from dashboard.protocol import Delete, DeleteAll, New, RecordData, Update, Write

NUMBER = 1001  # the first number and record that the test registry gives out
RECORD = 50001

ADDED = RecordData(preference=5, service="SIP", hostdata="new@example.org")
CHANGED = RecordData(preference=7, service="IAX2", hostdata="iax.example.org")

READS: dict[str, Callable[[Client], object]] = {
    "ping": lambda client: client.ping(),
    "list": lambda client: client.list(),
    "show": lambda client: client.show(NUMBER),
    "getnaptr": lambda client: client.getnaptr(RECORD),
    "listservices": lambda client: client.listservices(),
    "myip": lambda client: client.myip(),
}


def _writing(command: Write) -> Callable[[Client], object]:
    return lambda client: client.write(command)


WRITES: dict[str, Callable[[Client], object]] = {
    "new": _writing(New.of(NUMBER, ADDED)),
    "update": _writing(Update.of(RECORD, CHANGED)),
    "delete": _writing(Delete(id=RECORD)),
    "deleteall": _writing(DeleteAll(id=NUMBER)),
}
COMMANDS = READS | WRITES
