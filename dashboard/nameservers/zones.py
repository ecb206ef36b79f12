"""What there is to know about a zone."""

from dataclasses import dataclass, field

from dashboard.nameservers.addresses import Address
from dashboard.naptr import NumberRules


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """An ENUM zone: its suffix, the servers that answer for it, what it takes for a number, and whether it has
    callers' names (TXT). No servers: they are to be found in the DNS.
    """

    suffix: str
    servers: tuple[Address, ...] = ()
    rules: NumberRules = field(default_factory=NumberRules)
    caller_names: bool = False


def serial_is_newer(serial: int, than: int) -> bool:
    """Whether a zone's serial comes after another in the circle of 32 bits. Source: RFC 1982 s3.2.

    Serials exactly half the circle apart have no order; neither is newer.
    """
    return 0 < (serial - than) % 2**32 < 2**31
