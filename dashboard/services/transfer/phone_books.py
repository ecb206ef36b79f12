"""Phone books: vCard (RFC 6350), and the XML that desk telephones read.

An entry is called by the first line of its number's note, else by the number. Blocks are no numbers that could be
dialled, and left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dashboard.models import MirroredNumber, User
from dashboard.services.numbers.formatting import text_of
from dashboard.services.transfer.rows import chunks_of, credentials_of, names_of

MAX_OCTETS: Final = 75  # of a line of a vCard; longer ones are folded (RFC 6350 s3.2)
CISCO_ENTRIES: Final = 32  # that a Cisco telephone takes in one directory
MAX_NAME: Final = 99  # characters of a name on a telephone

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and its number, with + and the country code."""

    name: str
    number: str


def entries(person: User, found: QuerySet[MirroredNumber]) -> Iterator[Entry]:
    """The entries for what was found."""
    for credential in credentials_of(person, found):
        for chunk in chunks_of(found, credential):
            names = names_of(credential, chunk)
            for row in chunk:
                if not row.name.endswith("*"):
                    name = _visible(names.get(row.number_id, "")) or text_of(row.name)
                    yield Entry(name, f"+{row.name}")


def as_vcards(person: User, found: QuerySet[MirroredNumber]) -> Iterator[str]:
    """vCards of version 4.0, one after another."""
    for entry in entries(person, found):
        lines = (
            "BEGIN:VCARD",
            "VERSION:4.0",
            f"FN:{_escaped(entry.name)}",
            f"TEL;VALUE=uri;TYPE=voice:tel:{entry.number}",
            "END:VCARD",
        )
        yield "".join(f"{_folded(line)}\r\n" for line in lines)


def as_yealink(person: User, found: QuerySet[MirroredNumber]) -> Iterator[str]:
    """What a Yealink telephone reads as a remote phone book."""
    return _directory("YealinkIPPhoneDirectory", "", entries(person, found))


def as_snom(person: User, found: QuerySet[MirroredNumber]) -> Iterator[str]:
    """What a Snom telephone shows as a directory."""
    return _directory("SnomIPPhoneDirectory", f"<Title>{escape(_('Numbers'))}</Title>\n", entries(person, found))


def as_cisco(person: User, found: QuerySet[MirroredNumber], part: int) -> Iterator[str]:
    """What a Cisco telephone shows as a directory: it takes so many entries, and the others are in the next parts."""
    first = (part - 1) * CISCO_ENTRIES
    own = list(islice(entries(person, found), first, first + CISCO_ENTRIES))
    prompt = _("%(first)d to %(last)d") % {"first": first + 1, "last": first + len(own)} if own else _("No numbers")
    head = f"<Title>{escape(_('Numbers'))}</Title>\n<Prompt>{escape(prompt)}</Prompt>\n"
    return _directory("CiscoIPPhoneDirectory", head, iter(own))


def _directory(root: str, head: str, every: Iterator[Entry]) -> Iterator[str]:
    """The form that Cisco's directory has, and others have taken from it."""
    yield f"{_HEAD}<{root}>\n{head}"
    for entry in every:
        yield (
            f"<DirectoryEntry><Name>{escape(entry.name)}</Name>"
            f"<Telephone>{escape(entry.number)}</Telephone></DirectoryEntry>\n"
        )
    yield f"</{root}>\n"


def as_grandstream(person: User, found: QuerySet[MirroredNumber]) -> Iterator[str]:
    """What a Grandstream telephone downloads as a phone book."""
    yield f"{_HEAD}<AddressBook>\n"
    for entry in entries(person, found):
        yield (
            f"<Contact><FirstName></FirstName><LastName>{escape(entry.name)}</LastName><Phone>"
            f"<phonenumber>{escape(entry.number)}</phonenumber><accountindex>0</accountindex></Phone></Contact>\n"
        )
    yield "</AddressBook>\n"


def _visible(text: str) -> str:
    """A name that any XML may hold: without control characters and what Unicode has no character for."""
    return "".join(sign for sign in text if sign.isprintable())[:MAX_NAME]


def _escaped(text: str) -> str:
    """The text of a vCard's property (RFC 6350 s3.4)."""
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line in parts of MAX_OCTETS, of which none ends within a character; those that follow begin with a blank."""
    parts, octets = [""], 0
    for sign in line:
        size = len(sign.encode("utf-8"))
        if octets + size > MAX_OCTETS:
            parts.append(" ")
            octets = 1
        parts[-1] += sign
        octets += size
    return "\r\n".join(parts)
