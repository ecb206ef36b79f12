"""A registry and a credential: one method for each command."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from dashboard import protocol
from dashboard.client.attempt import Attempt, Endpoint
from dashboard.client.errors import RegistryError
from dashboard.client.wire import Exchange
from dashboard.protocol import Command, Number, Record, Reply

CONNECT_TIMEOUT = 5.0  # seconds; a registry on another continent answers within one
DEADLINE = 20.0  # seconds; below the 30 after which gunicorn ends a worker that hangs
REPLY_LIMIT = 32 * 1024 * 1024  # bytes; some 700,000 numbers
RETRY_PAUSES = (0.1, 0.4)  # seconds before the second and the third attempt of a read

T = TypeVar("T")
Gate = Callable[[Command], AbstractContextManager[Callable[[RegistryError | None], None]]]
Numbers = list[Number]  # inside the class, `list` is a command
Records = list[Record]
Services = list[str]


class Client:
    """Speaks to the registry at `url` for one account.

    `secret` is the MD5 of the password, 32 lower-case hex digits. `ca_bundle` is the path of a PEM file (or a folder
    of them) to trust in place of certifi's. Times are in seconds: `connect_timeout` for each step of connecting,
    `deadline` for a whole call with its retries, and `total`, if given, from now on for all calls together; a
    write then leaves half of what remains for reading back. `reply_limit` is in bytes. `gate` is entered round each
    attempt to speak to the registry and told how it ended: it may wait, or raise NotSent. `record` gets an Exchange
    for each attempt.

    Reads are repeated where a moment may mend the failure; writes are sent once. Every method raises Refused,
    NotSent or ReplyLost, and LocalProtocolError for values that no command can carry. Threads may share it.
    """

    def __init__(
        self,
        url: str,
        username: str,
        secret: str,
        *,
        ca_bundle: str = "",
        connect_timeout: float = CONNECT_TIMEOUT,
        deadline: float = DEADLINE,
        total: float | None = None,
        reply_limit: int = REPLY_LIMIT,
        gate: Gate | None = None,
        record: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.endpoint = Endpoint(
            url=url,
            username=username,
            secret=secret,
            ca_bundle=ca_bundle,
            connect_timeout=connect_timeout,
            reply_limit=reply_limit,
            record=record,
        )
        self._gate = gate or _open
        self._deadline = deadline
        self._expires = None if total is None else time.monotonic() + total

    def call(self, command: Command) -> Reply:
        """Send any command and return its reply, which is OK."""
        return self._perform(command, _as_it_is)

    def ping(self) -> Reply:
        """Ask whether the registry answers and takes the credential."""
        return self.call(protocol.Ping())

    def list(self) -> Numbers:
        """The numbers of the account."""
        return self._perform(protocol.List(), protocol.numbers_in)

    def show(self, number_id: int) -> Records:
        """The records of a number."""
        return self._perform(protocol.Show(id=number_id), protocol.records_in)

    def getnaptr(self, record_id: int) -> Record:
        """One record."""
        return self._perform(protocol.GetNaptr(id=record_id), protocol.record_in)

    def listservices(self) -> Services:
        """The services that the registry takes, as it names them."""
        return self._perform(protocol.ListServices(), protocol.services_in)

    def myip(self) -> str:
        """The address from which the registry sees us."""
        return self._perform(protocol.MyIp(), protocol.address_in)

    def write(self, command: protocol.Write) -> int | None:
        """Send a command that writes, once. The id of a new record, where the registry says it."""
        return self._perform(command, protocol.new_id_in if isinstance(command, protocol.New) else _nothing)

    def _perform(self, command: Command, read: Callable[[Reply], T]) -> T:
        ends = self._end_of(command)
        pauses: Iterator[float] = iter(() if command.is_write else RETRY_PAUSES)
        while isinstance(result := self._try(Attempt(self.endpoint, command, ends), read), RegistryError):
            pause = next(pauses, None)
            if pause is None or not result.is_transient or time.monotonic() + pause >= ends:
                raise result
            time.sleep(pause)
        return result

    def _try(self, attempt: Attempt, read: Callable[[Reply], T]) -> T | RegistryError:
        with self._gate(attempt.command) as ended:
            result = attempt.make(read)
            ended(result if isinstance(result, RegistryError) else None)
        # Outside: a record that waits for the database is no registry that is slow.
        attempt.keep(result)
        return result

    def _end_of(self, command: Command) -> float:
        now = time.monotonic()
        if self._expires is None:
            return now + self._deadline
        left = max(0.0, self._expires - now)
        return now + min(self._deadline, left / 2 if command.is_write else left)


@contextmanager
def _open(_command: Command) -> Iterator[Callable[[RegistryError | None], None]]:
    yield lambda _error: None


def _as_it_is(reply: Reply) -> Reply:
    return reply


def _nothing(_reply: Reply) -> None:
    return None
