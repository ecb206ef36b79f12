"""Why a token lets nobody in, each with a word for programs and a sentence for people."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_noop


class Refusal(StrEnum):
    """The words for programs."""

    OFF = "off"
    MISSING = "missing"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    PERSON_OFF = "person-off"
    NOTHING_LEFT = "nothing-left"


SENTENCES = {
    Refusal.OFF: gettext_noop("Tokens are switched off here."),
    Refusal.MISSING: gettext_noop("There is no token: send “Authorization: Bearer” and the token."),
    Refusal.MALFORMED: gettext_noop("This is no whole token: it may have been cut, or mistyped."),
    Refusal.UNKNOWN: gettext_noop("There is no such token."),
    Refusal.REVOKED: gettext_noop("This token was revoked."),
    Refusal.EXPIRED: gettext_noop("This token has expired: make a new one."),
    Refusal.PERSON_OFF: gettext_noop("The person of this token is switched off."),
    Refusal.NOTHING_LEFT: gettext_noop("The person of this token may see none of its credentials any more."),
}


class TokenRefused(Exception):
    """Nobody may act with what was sent. `code` is for programs; `dashboard.services.sentences.say` says why.

    Whoever does not know the secret of a token is told no more than that there is none.
    """

    params: Mapping[str, object] = {}

    def __init__(self, code: Refusal) -> None:
        self.code = code
        self.message = SENTENCES[code]
        super().__init__(self.message)

    @property
    def is_guess(self) -> bool:
        """Whether this may be somebody who tries tokens: such are limited by their address."""
        return self.code in {Refusal.MALFORMED, Refusal.UNKNOWN}
