"""DNS messages as octets (RFC 1035 s4.1), read without objects.

dnspython makes an object of every part of a message. That is too slow, and too large, for transfers of 100,000
numbers; so what comes in is walked here, and only the content of records is left to dnspython.
Whatever reads raises IndexError, struct.error or FormError where the octets are no message.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

import dns.exception
import dns.name

RESPONSE, TRUNCATED, OPCODE = 0x8000, 0x0200, 0x7800
HEADER = 12
MAX_NAME = 253  # octets of a name without the first length and the root (RFC 1035 s2.3.4)
MAX_LABELS = 127  # of a name, without the root (RFC 1035 s2.3.4 leaves no room for more)
MAX_MESSAGE = 65535  # octets, over UDP as over TCP
SOA, TSIG = 6, 250
ANSWERS, AUTHORITIES, ADDITIONALS = 1, 2, 3

_POINTER = 0xC0
_PLAIN = re.compile(rb"[a-z0-9_*.-]*")  # characters that need no escape in a name's text
_COUNTS = struct.Struct("!6H")
_QUESTION = struct.Struct("!HH")
_RECORD = struct.Struct("!HHIH")


class Header(NamedTuple):
    """The first 12 octets."""

    id: int
    flags: int
    questions: int
    answers: int
    authorities: int
    additionals: int

    @property
    def rcode(self) -> int:
        """The code without EDNS' upper bits."""
        return self.flags & 0xF


class Entry(NamedTuple):
    """Where a record is in a message. `start` is its owner's place, `data` and `end` that of its content."""

    section: int
    start: int
    rdtype: int
    rdclass: int
    ttl: int
    data: int
    end: int


def header(message: bytes) -> Header:
    """The header of a message."""
    return Header(*_COUNTS.unpack_from(message))


def entries(message: bytes) -> Iterator[Entry]:
    """The records of a message, in order."""
    head = header(message)
    at = HEADER
    for _ in range(head.questions):
        at = _after_name(message, at) + _QUESTION.size
    for section, count in zip((ANSWERS, AUTHORITIES, ADDITIONALS), head[3:], strict=True):
        for _ in range(count):
            start, data = at, _after_name(message, at) + _RECORD.size
            rdtype, rdclass, ttl, length = _RECORD.unpack_from(message, data - _RECORD.size)
            at = data + length
            if at > len(message):
                raise dns.exception.FormError
            yield Entry(section, start, rdtype, rdclass, ttl, data, at)
    if at != len(message):
        raise dns.exception.FormError


def _after_name(message: bytes, at: int) -> int:
    while length := message[at]:
        if length >= _POINTER:
            return at + 2
        if length > 63:
            raise dns.exception.FormError
        at += length + 1
    return at + 1


def name(message: bytes, at: int) -> str:
    """The name at a place, in lower case and without a dot at the end; "" for the root."""
    labels: list[bytes] = []
    before = at
    while length := message[at]:
        if length >= _POINTER:
            at = (length << 8 | message[at + 1]) & ~(_POINTER << 8)
            # Each pointer must go further back than the last, or there might be no end.
            if at >= before:
                raise dns.exception.FormError
            before = at
        elif length > 63 or len(labels) == MAX_LABELS:
            raise dns.exception.FormError
        else:
            labels.append(message[at + 1 : at + 1 + length])
            at += length + 1
    joined = b".".join(labels).lower()
    if len(joined) > MAX_NAME:
        raise dns.exception.FormError
    if _PLAIN.fullmatch(joined) and joined.count(b".") < max(len(labels), 1):
        return joined.decode("ascii")
    return dns.name.Name([*labels, b""]).to_text(omit_final_dot=True).lower()


def question(message: bytes) -> tuple[str, int, int] | None:
    """The question, or the zone of an update: name, type and class. None if there is not exactly one."""
    if header(message).questions != 1:
        return None
    return name(message, HEADER), *_QUESTION.unpack_from(message, _after_name(message, HEADER))


def serial(message: bytes, soa: Entry) -> int:
    """The serial of an SOA, which follows its two names (RFC 1035 s3.3.13)."""
    (number,) = struct.unpack_from("!I", message, _after_name(message, _after_name(message, soa.data)))
    return int(number)
