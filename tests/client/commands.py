"""The ten commands as calls of the client, for tests that try each of them."""

from collections.abc import Callable

from dashboard.client import Client

NUMBER = 1001  # the first number and record that the test registry gives out
RECORD = 50001

READS: dict[str, Callable[[Client], object]] = {
    "ping": lambda client: client.ping(),
    "list": lambda client: client.list(),
    "show": lambda client: client.show(NUMBER),
    "getnaptr": lambda client: client.getnaptr(RECORD),
    "listservices": lambda client: client.listservices(),
    "myip": lambda client: client.myip(),
}
WRITES: dict[str, Callable[[Client], object]] = {
    "new": lambda client: client.new(NUMBER, preference=5, service="SIP", hostdata="new@example.org"),
    "update": lambda client: client.update(RECORD, preference=7, service="IAX2", hostdata="iax.example.org"),
    "delete": lambda client: client.delete(RECORD),
    "deleteall": lambda client: client.deleteall(NUMBER),
}
COMMANDS = READS | WRITES
