"""What can go wrong on the way through a provider, and what a person is told to do about it."""

from enum import Enum
from http import HTTPStatus

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Why(Enum):
    """Why somebody could not sign in: the status of the page, a title, and a sentence with the provider's name."""

    CANCELLED = (
        HTTPStatus.OK,
        _("You are not signed in"),
        _("Signing in with %(provider)s was cancelled. Begin again, or choose another way."),
    )
    STALE = (
        HTTPStatus.BAD_REQUEST,
        _("This sign-in is over"),
        _(
            "It took longer than ten minutes, was used already, or was begun in another browser. Sign in again from "
            "the beginning."
        ),
    )
    UNREACHABLE = (
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("%(provider)s cannot be reached"),
        _("It does not answer as it should. Try again in a few minutes, or choose another way to sign in."),
    )
    BUSY = (
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("%(provider)s is slow"),
        _("Too many people are waiting for it already. Try again in a minute."),
    )
    CLOCK = (
        HTTPStatus.BAD_GATEWAY,
        _("The clocks differ"),
        _(
            "What %(provider)s said is out of date or not valid yet. Ask the administrator to set the clocks of this "
            "server and of %(provider)s."
        ),
    )
    MISTRUSTED = (
        HTTPStatus.BAD_GATEWAY,
        _("The answer cannot be trusted"),
        _(
            "What %(provider)s said does not fit the settings of this site. Try again once; if it stays so, ask the "
            "administrator, whose log says more."
        ),
    )
    REFUSED = (
        HTTPStatus.BAD_GATEWAY,
        _("%(provider)s refused"),
        _("It did not let this site sign you in. Try again once; if it stays so, ask the administrator."),
    )
    NOT_ADMITTED = (
        HTTPStatus.FORBIDDEN,
        _("You may not use this site"),
        _("Your account at %(provider)s is in no group that is let in here. Ask the administrator."),
    )
    ADDRESS_TAKEN = (
        HTTPStatus.FORBIDDEN,
        _("There is an account with your e-mail address"),
        _(
            "If it is yours, sign in to it as before, and connect it with %(provider)s on the page “Ways to sign in” "
            "of your account. If it is not, ask the administrator."
        ),
    )
    AT_ONCE = (
        HTTPStatus.CONFLICT,
        _("You have signed in twice at the same moment"),
        _("Try again: your account has just been made."),
    )

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status of the page."""
        return self.value[0]

    @property
    def title(self) -> Promise:
        """What happened; it may have the provider's name in it."""
        return self.value[1]

    @property
    def sentence(self) -> Promise:
        """What to do, with the provider's name in it."""
        return self.value[2]


class SignInFailed(OAuth2Error):  # type: ignore[misc]  # allauth has no type hints; its views catch this class
    """Somebody could not sign in. `detail` is for the log: it holds no secret, and no text of the provider's."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(detail)
        self.why, self.detail = why, detail
