"""DNS messages as octets (RFC 1035 s4.1): read without objects, written without copies.

dnspython makes an object of every part of a message. That is too slow, and too large, for zones of 100,000 numbers;
so updates and transfers walk and write the octets here, and leave the content of records to dnspython.
Whatever reads raises IndexError, struct.error or FormError where the octets are no message.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import dns.exception
import dns.name

QUERY, UPDATE = 0, 5
RESPONSE, TRUNCATED, OPCODE = 0x8000, 0x0200, 0x7800
HEADER = 12
MAX_MESSAGE = 65535  # octets, over UDP as over TCP
IN, ANY = 1, 255
SOA, TSIG, AXFR = 6, 250, 252
ANSWERS, AUTHORITIES, ADDITIONALS = 1, 2, 3

QUESTION_NAME = b"\xc0\x0c"  # a pointer to the name of the question (RFC 1035 s4.1.4)

_POINTER = 0xC0
_POINTER_REACH = 0x4000
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


def question(message: bytes) -> tuple[dns.name.Name, int, int] | None:
    """The question, or the zone of an update: name, type and class. None if there is not exactly one."""
    if header(message).questions != 1:
        return None
    name, length = dns.name.from_wire(message, HEADER)
    return name, *_QUESTION.unpack_from(message, HEADER + length)


def write_question(message_id: int, opcode: int, name: dns.name.Name, rdtype: int) -> bytearray:
    """A message with a question in class IN, and no records yet. The name is at `HEADER`."""
    message = bytearray(_COUNTS.pack(message_id, opcode << 11, 1, 0, 0, 0))
    message += name.to_digestable()
    message += _QUESTION.pack(rdtype, IN)
    return message


def write_record(message: bytearray, owner: bytes, rdtype: int, rdclass: int, ttl: int, data: bytes) -> None:
    """Append a record. Who calls counts it, with `count`."""
    message += owner
    message += _RECORD.pack(rdtype, rdclass, ttl, len(data))
    message += data


def count(message: bytearray, section: int, records: int) -> None:
    """Say how many records a section has."""
    struct.pack_into("!H", message, 4 + 2 * section, records)


def pointer(place: int) -> bytes | None:
    """What stands for a name that was written at `place`; None beyond the reach of pointers."""
    return struct.pack("!H", _POINTER << 8 | place) if place < _POINTER_REACH else None


def serial(message: bytes, soa: Entry) -> int:
    """The serial of an SOA, which follows its two names (RFC 1035 s3.3.13)."""
    (number,) = struct.unpack_from("!I", message, _after_name(message, _after_name(message, soa.data)))
    return int(number)
