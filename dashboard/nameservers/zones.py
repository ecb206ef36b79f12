"""What there is to know about a zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.enum import NumberRules, is_public
from dashboard.nameservers.addresses import Address
from dashboard.nameservers.keys import Key


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """A zone with numbers: the suffix that they count from, the servers that answer for it, what it takes for a
    number, whether it has callers' names (TXT), and the TTL of its records in seconds. No TTL: it is another's zone,
    and nothing is expected of it.

    `origin` is the domain name at which it begins (its apex), the suffix unless it is told; `cuts` are digits at
    which it ends, because other zones begin there. No servers: they are to be found in the DNS, unless it `is_ours`,
    so that nobody but us could publish it. `problem` is a sentence that says why nothing is published there by us;
    then nothing is expected of it either. `keys` are those of servers that know us by them.
    """

    suffix: str
    servers: tuple[Address, ...] = ()
    rules: NumberRules = field(default_factory=NumberRules)
    caller_names: bool = False
    ttl: int | None = None
    is_ours: bool = False
    origin: str = ""
    cuts: tuple[str, ...] = ()
    problem: str = ""
    keys: Mapping[Address, Key] = field(default_factory=dict, hash=False, repr=False)

    def __post_init__(self) -> None:
        if not self.origin:
            object.__setattr__(self, "origin", self.suffix)

    def holds(self, digits: str) -> bool:
        """Whether the number or block `digits` is in this zone."""
        name = f"{'.'.join(reversed(digits))}.{self.suffix}"
        inside = name == self.origin or name.endswith(f".{self.origin}")
        return inside and not digits.startswith(self.cuts)

    @property
    def is_public(self) -> bool:
        """Whether its numbers are those of the public telephone network, and no plan of its own."""
        return is_public(self.suffix) and not self.rules.leading_zero


def serial_is_newer(serial: int, than: int) -> bool:
    """Whether a zone's serial comes after another in the circle of 32 bits. Source: RFC 1982 s3.2.

    Serials exactly half the circle apart have no order; neither is newer.
    """
    return 0 < (serial - than) % 2**32 < 2**31
