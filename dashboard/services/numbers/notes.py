"""What people note about numbers: kept here for all who may see the number, unknown to registries."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from dashboard import access
from dashboard.models import Credential, NumberNote, User
from dashboard.models.searching import MAX_DIGITS
from dashboard.protocol import Number
from dashboard.services import audit


class NoteConflict(Exception):
    """Somebody else saved another note meanwhile (`found`), so nothing was saved."""

    def __init__(self, found: NumberNote) -> None:
        super().__init__("changed meanwhile")
        self.found = found


def note_of(credential: Credential, number_id: int) -> NumberNote:
    """What is noted about a number of a credential that somebody may see; an empty note where nothing is."""
    found = NumberNote.objects.filter(credential=credential, number_id=number_id)
    return next(iter(found), None) or NumberNote(credential=credential, number_id=number_id)


def notes_of(credential: Credential, number_ids: Iterable[int]) -> dict[int, NumberNote]:
    """The notes of some numbers by their ids."""
    found = NumberNote.objects.filter(credential=credential, number_id__in=list(number_ids))
    return {note.number_id: note for note in found}


def noted_with(credential: Credential, words: str) -> QuerySet[NumberNote, int]:
    """The ids of the numbers in whose notes or tags the words are."""
    if "\0" in words:
        return NumberNote.objects.none().values_list("number_id", flat=True)  # PostgreSQL takes it for no text
    found = NumberNote.objects.filter(Q(text__icontains=words) | Q(tags__icontains=words), credential=credential)
    return found.values_list("number_id", flat=True)


def write_note(person: User, credential: Credential, number: Number, *, text: str, tags: str, version: int) -> None:
    """Save a note and its tags; `version` is that of the note that the person saw.

    Raises NoteConflict, and what `access.credential` raises: a role may have changed meanwhile.
    """
    with transaction.atomic():
        access.credential(person, credential.pk, access.EDIT)
        NumberNote.objects.get_or_create(credential=credential, number_id=number.id)
        note = NumberNote.objects.select_for_update().get(credential=credential, number_id=number.id)
        if (note.text, note.tags) == (text, tags):
            return
        if note.version != version:
            raise NoteConflict(note)
        note.text, note.tags, note.version = text, tags, version + 1
        note.number, note.person = number.digits[:MAX_DIGITS], person.get_username()
        note.save()
        audit.note("number.note", by=person, credential=credential, words=f"+{note.number}")
