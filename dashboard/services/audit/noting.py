"""An event is noted, in the transaction of what it is about."""

from dashboard.models import AuditEvent, Credential, Team, User
from dashboard.models.audit import MAX_ADDRESS, MAX_EVENT, MAX_WORDS
from dashboard.models.credential import MAX_LABEL
from dashboard.models.team import MAX_TEAM_NAME
from dashboard.models.user import MAX_USERNAME
from dashboard.services.audit.origin import current_address
from dashboard.services.sentences import visible


def note(
    event: str,
    *,
    by: User | None,
    about: User | None = None,
    team: Team | None = None,
    credential: Credential | None = None,
    words: str = "",
) -> None:
    """Note what somebody did.

    `event` is a word with dots, such as "team.member.removed"; `by` is None for who is not known. `about` is the
    person whom it concerns, where that is somebody else; `words` say the rest, such as a role. Nothing secret.

    Call it last in the transaction that does the thing: both are stored or none, and until it ends nobody else can
    note anything. What was removed just now may be named too.
    """
    AuditEvent.append(
        event=_fit(event, MAX_EVENT),
        by_id=by.pk if by else None,
        by_name=_fit(by.get_username() if by else "", MAX_USERNAME),
        address=_fit(current_address(), MAX_ADDRESS),
        about_id=about.pk if about else None,
        about_name=_fit(about.get_username() if about else "", MAX_USERNAME),
        team_id=team.pk if team else None,
        team_name=_fit(team.name if team else "", MAX_TEAM_NAME),
        credential_id=credential.pk if credential else None,
        credential_name=_fit(credential.label if credential else "", MAX_LABEL),
        words=_fit(words, MAX_WORDS),
    )


def _fit(text: str, length: int) -> str:
    """The text with whatever is not visible made so, and cut: names and words come from strangers too."""
    shown = visible(text[: length + 1])
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"
