"""Dynamic updates (RFC 2136): the records of names replaced, whole, in one message."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.name
import dns.update
from dns.rdata import Rdata

from dashboard.enum.problems import gettext_noop
from dashboard.nameservers.addresses import Address
from dashboard.nameservers.exchanging import exchange
from dashboard.nameservers.keys import Key
from dashboard.nameservers.problems import Rejected
from dashboard.nameservers.wire import MAX_MESSAGE

MAX_RRS: Final = 500  # records and deletions in a message; servers take much longer for more at once


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a name shall have: every record type named in `rdatas` gets exactly those records, perhaps none.

    `name` has no dot at the end; `ttl` is in seconds. Types that are not named stay as they are.
    """

    name: str
    ttl: int
    rdatas: Mapping[str, tuple[Rdata, ...]]

    @property
    def rrs(self) -> int:
        """How many entries of a message it takes: one to delete each type, one for each record."""
        return len(self.rdatas) + sum(map(len, self.rdatas.values()))


def batches(replacements: Iterable[Replacement]) -> Iterator[list[Replacement]]:
    """Split into messages of at most MAX_RRS entries, keeping the order.

    A name is never divided; one that is larger goes alone.
    """
    batch: list[Replacement] = []
    rrs = 0
    for replacement in replacements:
        if batch and rrs + replacement.rrs > MAX_RRS:
            yield batch
            batch, rrs = [], 0
        batch.append(replacement)
        rrs += replacement.rrs
    if batch:
        yield batch


def update(
    server: Address, zone: str, replacements: Sequence[Replacement], *, key: Key | None, timeout: float = 10
) -> None:
    """Replace the records of these names, all or nothing, in one message over TCP; over after `timeout` seconds.

    Returns when the server has confirmed it, with a signature if there is a key. Raises NameServerError: Rejected if
    a part of the message is wrong or it is too large, the others as they say. Where the answer is lost, the update
    may have been made; sending it again is harmless.
    """
    try:
        with exchange(server, _message(zone, replacements), key, timeout) as reply:
            _, _, signed = reply.next()
            reply.require(signed)
    except dns.exception.TooBig:
        too_large = gettext_noop("The update does not fit into a message, which has %(limit)d octets at most.")
        raise Rejected(server, "too-large", too_large, {"limit": MAX_MESSAGE}) from None


def _message(zone: str, replacements: Sequence[Replacement]) -> dns.update.UpdateMessage:
    origin = dns.name.from_text(zone)
    message = dns.update.UpdateMessage(origin)
    for replacement in replacements:
        # Names are compared octet by octet: what all have in common is left out until they are written.
        owner = dns.name.from_text(replacement.name).relativize(origin)
        for rdtype, rdatas in replacement.rdatas.items():
            message.delete(owner, rdtype)
            if rdatas:
                message.add(owner, replacement.ttl, *rdatas)
    return message
