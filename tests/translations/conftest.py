"""A language that puts all that is translated into brackets: what is outside of them was forgotten."""

from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from babel.messages.pofile import read_po
from django.utils.translation import trans_real

from tests.translations.sentences import CLOSE, OPEN

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "dashboard" / "locale"
PSEUDO = "eo"  # which Django knows the name and the numbers of, and the product does not offer
KNOWN = (
    LOCALE,
    *(Path(django.__file__).parent).glob("**/locale"),
    *(Path(allauth.__file__).parent).glob("**/locale"),
)


def msgids() -> set[str]:
    """All that is collected for translators: ours, and what Django and allauth have."""
    found = set()
    for folder in KNOWN:
        path = folder / "de" / "LC_MESSAGES" / "django.po"
        with path.open("rb") as file:
            for message in read_po(file, ignore_obsolete=True):
                ids = [message.id] if isinstance(message.id, str) else message.id
                found |= {f"{message.context}\x04{one}" if message.context else one for one in ids}
    return found


class Brackets(trans_real.DjangoTranslation):
    """Everything that is in a catalogue, in brackets; all else as it is, since no translator gets to see it."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.known = msgids()

    def gettext(self, message: str) -> str:
        """The message."""
        return f"{OPEN}{message.rpartition(chr(4))[2]}{CLOSE}" if message in self.known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The message in its number."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def pseudo(settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The code of that language, which browsers may ask for meanwhile."""
    settings.LANGUAGES = [*settings.LANGUAGES, (PSEUDO, "Esperanto")]
    monkeypatch.setitem(vars(trans_real)["_translations"], PSEUDO, Brackets(PSEUDO))
    return PSEUDO
