"""What allauth asks this project to do with the list of a person's sessions."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.db import transaction

from dashboard.services.audit import note


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]  # allauth has no type hints
    """Sessions are ended, and that is noted."""

    def end_sessions(self, sessions: Iterable[Any]) -> None:
        """End these sessions of one person."""
        with transaction.atomic():
            ended = [(session.user, f"{session.ip} {session.user_agent}") for session in sessions]
            super().end_sessions(sessions)
            for person, words in ended:
                note("session.ended", by=person, words=words)
