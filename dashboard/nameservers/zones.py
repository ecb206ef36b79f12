"""What there is to know about a zone."""

from dataclasses import dataclass, field

from dashboard.enum import NumberRules, is_public
from dashboard.nameservers.addresses import Address


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """An ENUM zone: its suffix, the servers that answer for it, what it takes for a number, whether it has callers'
    names (TXT), and the TTL of its records in seconds. No TTL: it is another's zone, and nothing is expected of it.

    No servers: they are to be found in the DNS, unless it `is_ours`, so that nobody but us could publish it.
    """

    suffix: str
    servers: tuple[Address, ...] = ()
    rules: NumberRules = field(default_factory=NumberRules)
    caller_names: bool = False
    ttl: int | None = None
    is_ours: bool = False

    @property
    def is_public(self) -> bool:
        """Whether its numbers are those of the public telephone network, and no plan of its own."""
        return is_public(self.suffix) and not self.rules.leading_zero


def serial_is_newer(serial: int, than: int) -> bool:
    """Whether a zone's serial comes after another in the circle of 32 bits. Source: RFC 1982 s3.2.

    Serials exactly half the circle apart have no order; neither is newer.
    """
    return 0 < (serial - than) % 2**32 < 2**31
