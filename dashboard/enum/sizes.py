"""How large the DNS answer of a number is, and which sizes make trouble."""

from __future__ import annotations

from collections.abc import Iterable

import dns.name

from dashboard.enum.naptr import Naptr
from dashboard.enum.numbers import DEFAULT_SUFFIX

# An answer above this leaves UDP (the DNS flag day of 2020), and telephone systems that ask without TCP get nothing.
UDP_ANSWER = 1232
# Asterisk reads an answer into a buffer of this size (main/dns.c) and knows no larger one.
MAX_ANSWER = 4096

_HEADER = 12  # RFC 1035 s4.1.1
_QUESTION = 4  # type and class behind the name (RFC 1035 s4.1.2)
_RECORD = 12  # pointer to the name, type, class, TTL, length (RFC 1035 s4.1.3)
_NAPTR = 4 + 3  # order and preference, and the lengths of three strings (RFC 3403 s4.1)
_EDNS = 11  # an empty OPT record (RFC 6891 s6.1.2)


def answer_size(digits: str, records: Iterable[Naptr], suffix: str = DEFAULT_SUFFIX) -> int:
    """Return the octets of the DNS answer that holds `records`, asked for the number `digits` below `suffix`.

    The header, the question, the records with their names compressed, and EDNS; without signatures and without what
    a server may add of its own accord. A record that is there twice counts once (RFC 2181 s5). Never raises.
    """
    name = 2 * len(digits) + len(suffix.strip(".")) + 2  # a length octet a label, and the root's
    return _HEADER + name + _QUESTION + sum(map(_record_size, set(records))) + _EDNS


def _record_size(record: Naptr) -> int:
    strings = len(record.flags) + len(record.service) + len(record.regexp)
    return _RECORD + _NAPTR + strings + _name_size(record.replacement)


def _name_size(replacement: str) -> int:
    # Nearly always the root. Escapes make a name's text longer than its wire form, so others are made.
    return 1 if replacement == "." else len(dns.name.from_text(replacement).to_wire() or b"")
