"""Names of people as others send them, made fit for pages, logs and the database."""

import unicodedata

from django.utils.crypto import get_random_string

from dashboard.models import User
from dashboard.models.user import MAX_USERNAME

LONGEST = 1_000  # characters that are looked at
TRIES = 20  # names with a number, before one with random letters
NOBODY = "user"  # where nothing of a name is left


def printable(name: object, most: int) -> str:
    """One line of at most so many characters, without what moves a cursor or the direction of writing.

    What is no text at all becomes an empty one.
    """
    if not isinstance(name, str):
        return ""
    text = unicodedata.normalize("NFKC", name[:LONGEST])
    # Categories of Unicode: C is control, format (such as right-to-left marks), surrogate, private and unassigned.
    kept = "".join(" " if letter.isspace() else letter for letter in text if _is_shown(letter))
    return " ".join(kept.split())[:most].strip()


def _is_shown(letter: str) -> bool:
    return letter.isspace() or not unicodedata.category(letter).startswith("C")


def free_username(wanted: str) -> str:
    """A user name like the wanted one that nobody has, and that Django's form would take."""
    letters = (letter if letter.isalnum() or letter in "@.+-_" else "-" for letter in printable(wanted, LONGEST))
    name = "".join(letters).strip("-.")[: MAX_USERNAME - 10] or NOBODY
    for candidate in (name, *(f"{name}-{number}" for number in range(2, TRIES))):
        if not User.objects.filter(username__iexact=candidate).exists():
            return candidate
    return f"{name}-{get_random_string(8).lower()}"
