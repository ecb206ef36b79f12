"""The audit trail: what happened that is no change of records, by whom and from where."""

import logging

from dashboard.models import Credential, Team, User

logger = logging.getLogger(__name__)


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
    person whom it concerns, where that is somebody else; `words` say the rest, such as a role.
    """
    logger.info("%s by %s about %s in %s with %s: %s", event, by, about, team, credential, words)
