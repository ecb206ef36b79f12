"""What a search finds, as a file of one of several formats, written while it is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from dashboard.enum.problems import gettext_noop
from dashboard.models import Credential, MirroredNumber, User
from dashboard.services import audit
from dashboard.services.search import find
from dashboard.services.transfer import phone_books, records
from dashboard.services.transfer.decoding import Unreadable

BLOCK = 64 * 1024  # characters that are sent together, or a little more

Lines = Callable[[User, QuerySet[MirroredNumber]], Iterator[str]]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A format of files: what their names end in, what a browser is told that they are, and what writes them."""

    ending: str
    content_type: str
    lines: Lines


NO_KIND = gettext_noop("An export has one of these formats: %(kinds)s.")

_XML = "text/xml; charset=utf-8"
CISCO: Final = "cisco"
KINDS: Final[dict[str, FileKind]] = {
    "csv": FileKind("csv", "text/csv; charset=utf-8", records.as_csv_lines),
    "jsonl": FileKind("jsonl", "application/jsonl", records.as_json_lines),
    "zone": FileKind("zone", "text/dns; charset=utf-8", records.as_zone_lines),
    "vcard": FileKind("vcf", "text/vcard; charset=utf-8", phone_books.as_vcards),
    "yealink": FileKind("xml", _XML, phone_books.as_yealink),
    CISCO: FileKind("xml", _XML, lambda person, found: phone_books.as_cisco(person, found, 1)),
    "snom": FileKind("xml", _XML, phone_books.as_snom),
    "grandstream": FileKind("xml", _XML, phone_books.as_grandstream),
}


def export(
    person: User, query: str, kind: str, *, credential: Credential | None = None, part: int = 1
) -> Iterator[str]:
    """The text of a file, in parts, with what this person may see and looks for; that is noted. `kind` is of KINDS.

    Only a Cisco telephone's directory has more than one `part`. Raises search.QueryError, and Unreadable for another
    `kind`.
    """
    if kind not in KINDS:
        raise Unreadable(NO_KIND, {"kinds": ", ".join(KINDS)})
    found = find(person, query, credential=credential)
    audit.note("export.records", by=person, words=": ".join(filter(None, [kind, query])))
    return _blocks(phone_books.as_cisco(person, found, part) if kind == CISCO else KINDS[kind].lines(person, found))


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    """The same text in parts that are worth sending."""
    held, size = list[str](), 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= BLOCK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
