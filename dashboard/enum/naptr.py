"""The NAPTR record: its fields as on the wire, its text in a zone file, and what it resolves to."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.IN.NAPTR import NAPTR

from dashboard.enum.limits import MAX_STRING
from dashboard.enum.problems import NaptrError, gettext_noop
from dashboard.enum.substitution import substitute
from dashboard.protocol import MAX_UINT16


@dataclass(frozen=True, slots=True)
class Naptr:
    """One NAPTR record (RFC 3403 s4.1) that fits the wire.

    The strings hold wire octets, one character an octet (U+0000..U+00FF): a backslash is one backslash
    here, and is doubled in `to_text` only. `replacement` is an absolute domain name in text form. The
    constructor raises NaptrError, naming the field, for a value that has no wire form. Legal for DNS does
    not mean useful for ENUM.
    """

    order: int
    preference: int
    flags: str
    service: str
    regexp: str
    replacement: str = "."

    def __post_init__(self) -> None:
        for name in ("order", "preference"):
            _check_uint16(name, getattr(self, name))
        for name in ("flags", "service", "regexp"):
            _check_string(name, getattr(self, name))
        if self.replacement != ".":
            object.__setattr__(self, "replacement", _name(self.replacement).to_text())

    def to_text(self) -> str:
        """Return the record's data as a zone file has it, with escapes (RFC 1035 s5.1)."""
        strings = " ".join(f'"{_escape(text)}"' for text in (self.flags, self.service, self.regexp))
        return f"{self.order} {self.preference} {strings} {self.replacement}"

    def to_wire(self) -> bytes:
        """Return the record's data as in a DNS message, without compression (RFC 3403 s4.1)."""
        counted = b"".join(bytes([len(octets)]) + octets for octets in self._octets())
        return struct.pack("!HH", self.order, self.preference) + counted + (_name(self.replacement).to_wire() or b"")

    def to_rdata(self) -> NAPTR:
        """Return the record's data as dnspython's NAPTR."""
        flags, service, regexp = self._octets()
        return NAPTR(  # type: ignore[no-untyped-call]
            RdataClass.IN,
            RdataType.NAPTR,
            self.order,
            self.preference,
            flags,
            service,
            regexp,
            _name(self.replacement),
        )

    def _octets(self) -> list[bytes]:
        return [text.encode("latin-1") for text in (self.flags, self.service, self.regexp)]

    @classmethod
    def from_rdata(cls, rdata: dns.rdata.Rdata) -> Naptr:
        """Return the record that dnspython read; raises NaptrError if it is of another type."""
        if rdata.rdtype != RdataType.NAPTR:
            raise NaptrError("type", gettext_noop("This DNS record is not a NAPTR."))
        order, preference, *octets, replacement = (getattr(rdata, name) for name in cls.__slots__)
        flags, service, regexp = (text.decode("latin-1") for text in octets)
        return cls(order, preference, flags, service, regexp, replacement.to_text())

    def uri_for(self, digits: str) -> str:
        """Return what a caller of the number `digits` reaches through this record: a URI.

        The regexp is run on "+digits" as a POSIX extended regular expression (RFC 3402 s3.2). Empty if it
        does not match, is not a legal substitution, or what it makes cannot be told.
        """
        return substitute(self.regexp, "+" + digits) or ""


def _check_uint16(name: str, value: int) -> None:
    if not 0 <= value <= MAX_UINT16:
        message = gettext_noop("%(field)s must be from 0 to %(limit)d.")
        raise NaptrError(name, message, {"field": name, "limit": MAX_UINT16})


def _check_string(name: str, text: str) -> None:
    if len(text) > MAX_STRING:
        message = gettext_noop("%(field)s has %(count)d octets; DNS allows %(limit)d.")
        raise NaptrError(name, message, {"field": name, "count": len(text), "limit": MAX_STRING})
    if text and max(text) > "\xff":
        raise NaptrError(name, gettext_noop("%(field)s holds a character that is not an octet."), {"field": name})


def _name(text: str) -> dns.name.Name:
    try:
        name = dns.name.from_text(text, origin=None)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise NaptrError("replacement", gettext_noop("The replacement is not a domain name.")) from error
    if not (name.is_absolute() and text.isascii()):
        raise NaptrError("replacement", gettext_noop("The replacement must be ASCII and end with a dot."))
    return name


def _escape(text: str) -> str:
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character in '\\"':
        return "\\" + character
    return character if " " <= character <= "~" else f"\\{ord(character):03d}"
