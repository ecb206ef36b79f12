"""How a token is written: e164_<id>_<secret><checksum>, in letters and digits.

The beginning lets scanners of code and logs find one that was lost. The checksum, CRC-32 of everything before it,
tells a typo, or a cut, from a token that does not exist; it is no secret. A double click selects all of it.
"""

import re
import secrets
import string
import zlib
from dataclasses import dataclass, field

from dashboard.models.token import ID_LENGTH

PREFIX = "e164"
SECRET_LENGTH = 43  # of 62 characters: 256 bits
CHECKSUM_LENGTH = 6
_CHARACTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_WRITTEN = re.compile(
    rf"{PREFIX}_(?P<public_id>[0-9A-Za-z]{{{ID_LENGTH}}})_(?P<secret>[0-9A-Za-z]{{{SECRET_LENGTH}}})"
    rf"(?P<checksum>[0-9A-Za-z]{{{CHECKSUM_LENGTH}}})"
)


class NoToken(ValueError):
    """A text is not a token. It does not say the text."""


@dataclass(frozen=True, slots=True)
class Written:
    """The two parts of a token: by which its row is found, and which only its holder knows."""

    public_id: str
    secret: str = field(repr=False)

    @classmethod
    def anew(cls) -> "Written":
        """One that nobody has seen."""
        return cls(_some(ID_LENGTH), _some(SECRET_LENGTH))

    @classmethod
    def read(cls, text: str) -> "Written":
        """What `text` says. Raises NoToken."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise NoToken
        found = cls(match["public_id"], match["secret"])
        if found.text != text:
            raise NoToken
        return found

    @property
    def text(self) -> str:
        """The whole, as its holder keeps it."""
        body = f"{PREFIX}_{self.public_id}_{self.secret}"
        return body + _checksum(body)


def _some(length: int) -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(length))


def _checksum(body: str) -> str:
    rest, digits = zlib.crc32(body.encode("ascii")), ""
    for _ in range(CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(_CHARACTERS))
        digits = _CHARACTERS[digit] + digits
    return digits
