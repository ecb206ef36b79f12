"""A text is kept, in parts, until a preview is made of it; and what somebody said about tables like it."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.enum.problems import gettext_noop
from dashboard.models import ColumnMapping, Credential, Format, Import, ImportChunk, ImportLine, User
from dashboard.models.transfer import MAX_FILE_NAME
from dashboard.services.sentences import visible
from dashboard.services.transfer import decoding, tables
from dashboard.services.transfer.decoding import Unreadable
from dashboard.services.transfer.options import Options
from dashboard.services.transfer.reading import completed, format_of, head_of, sample

PART = 256 * 1024  # octets that are stored together
LATEST = 10  # imports that are listed
LEFT_ALONE = 5  # imports of one person of which no job was made; older ones go
MEGABYTE = 1024 * 1024
_REMEMBERED = ("columns", "has_header", "service", "preference", "takes_plain")

_TOO_LARGE = gettext_noop("The text is larger than %(limit)d MB (E164WEB_IMPORT_MB). Import it in parts.")
_EMPTY = gettext_noop("There is nothing in it.")


def too_large() -> Unreadable:
    """What is said of a text that has more octets."""
    return Unreadable(_TOO_LARGE, {"limit": settings.E164WEB.import_mb})


def limit() -> int:
    """How many octets a text may have."""
    return int(settings.E164WEB.import_mb) * MEGABYTE


def keep(
    person: User,
    pk: int,
    parts: Iterable[bytes],
    *,
    name: str = "",
    format_: Format | None = None,
    options: Options,
    submission: uuid.UUID | None = None,
) -> Import:
    """Keep a text for numbers of the credential `pk`. What it is, and its encoding, is found out where nobody says.

    What the person said about columns of a table with the same heading is used again. The same text with the same
    `submission` is kept once, also where both come at one instant. Raises Unreadable for a text that is too large,
    empty or no text; Http404, and PermissionDenied for who may only look.
    """
    credential = access.credential(person, pk, access.EDIT)
    head, parts = head_of(parts)
    with transaction.atomic():
        # Of two clicks one waits for the other here.
        User.objects.select_for_update(no_key=True).filter(pk=person.pk).values_list("pk").first()
        made = Import.objects.create(
            user=person,
            credential=credential,
            format=format_ or format_of(name, head),
            name=visible(name[: MAX_FILE_NAME // 2]),
            options=options.stored(),
        )
        made.size, digest = _store(made, parts)
        if submission is not None:
            made.submission = uuid.uuid5(submission, repr((pk, made.format, made.name, made.options, digest)))
            earlier = Import.objects.filter(user=person, submission=made.submission).select_related("job").first()
            if earlier is not None:
                made.delete()
                return earlier
        chosen = completed(options, Format(made.format), lambda: parts_of(made))
        if made.format == Format.CSV and not options.columns:
            chosen = _as_before(person, made, chosen)
        made.options = chosen.stored()
        made.save(update_fields=["size", "options", "submission"])
        left = Import.objects.filter(user=person, job=None).order_by("-pk").values_list("pk", flat=True)
        Import.objects.filter(pk__in=list(left[LEFT_ALONE:])).delete()
    return made


def _store(made: Import, parts: Iterable[bytes]) -> tuple[int, str]:
    """Store a text, and return how many octets it has, and their digest. Raises Unreadable."""
    size, digest = 0, hashlib.sha256()
    for place, octets in enumerate(_cut(parts)):
        size += len(octets)
        if size > limit():
            raise too_large()
        digest.update(octets)
        ImportChunk.objects.create(of=made, place=place, octets=octets)
    if not size:
        raise Unreadable(_EMPTY)
    return size, digest.hexdigest()


def _cut(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same octets in parts of one size."""
    left = bytearray()
    for part in parts:
        left += part
        while len(left) >= PART:
            yield bytes(left[:PART])
            del left[:PART]
    if left:
        yield bytes(left)


def parts_of(of: Import) -> Iterator[bytes]:
    """The octets of a text, a part at a time."""
    for place in ImportChunk.objects.filter(of=of).order_by("place").values_list("place", flat=True):
        yield bytes(ImportChunk.objects.get(of=of, place=place).octets)


def find(person: User, pk: int) -> Import:
    """An import of this person's, with a credential that they may still change. Raises Http404, PermissionDenied."""
    found = Import.objects.filter(user=person, pk=pk).select_related("credential__registry", "job").first()
    if found is None:
        raise Http404(_("There is no such import."))
    access.credential(person, found.credential_id, access.EDIT)
    return found


def _digest(of: Import, options: Options) -> str:
    heading = tables.heading_of(decoding.lines_of(parts_of(of), options.encoding), options.delimiter)
    return hashlib.sha256("\0".join(heading).encode("utf-8", "surrogatepass")).hexdigest()


def remember(person: User, of: Import, options: Options) -> None:
    """Know what the person said about this table when another one with its heading comes."""
    stored = options.stored()
    kept = {name: stored[name] for name in _REMEMBERED}
    ColumnMapping.objects.update_or_create(user=person, digest=_digest(of, options), defaults={"options": kept})


def _as_before(person: User, of: Import, options: Options) -> Options:
    known = ColumnMapping.objects.filter(user=person, digest=_digest(of, options)).first()
    return options if known is None else Options.of(options.stored() | known.options)


def latest(person: User) -> QuerySet[Import]:
    """The last imports of a person with credentials that they may still change."""
    editable = access.allowed(person, access.EDIT)
    found = Import.objects.filter(user=person, credential__in=editable).select_related("credential", "job")
    return found[:LATEST]


def problems_of(of: Import) -> QuerySet[ImportLine]:
    """The lines with problems, in their order."""
    return ImportLine.objects.filter(of=of).exclude(words="").order_by("line", "pk")


def sample_of(of: Import, options: Options) -> list[list[str]]:
    """The first rows of a table, with its heading. Raises Unreadable."""
    return sample(options, lambda: parts_of(of))


def credential_of(person: User, of: Import) -> Credential:
    """The credential of an import, to be changed. Raises Http404, PermissionDenied."""
    return access.credential(person, of.credential_id, access.EDIT)
