"""Second factors, sessions and providers are noted."""

from typing import Any

import pytest
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from dashboard.models import AuditEvent, User
from e164web.sign_in.sessions import SessionsAdapter

pytestmark = pytest.mark.usefixtures("trail")


@pytest.mark.parametrize(
    ("signal", "more", "noted"),
    [
        (signals.authenticator_added, {}, ("factor.added", "alice", "", "totp")),
        (signals.authenticator_removed, {}, ("factor.removed", "alice", "", "totp")),
        (signals.authenticator_reset, {}, ("factor.reset", "alice", "", "totp")),
        (signals.authentication_failed, {"reauthentication": False}, ("sign-in.failed", "", "alice", "totp")),
        (signals.authentication_failed, {"reauthentication": True}, ("identity.failed", "alice", "", "totp")),
    ],
)
def test_factors_are_noted(person: User, rf: Any, signal: Any, more: dict[str, bool], noted: tuple[str, ...]) -> None:
    factor = Authenticator(user=person, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    signal.send(Authenticator, request=rf.get("/"), user=person, authenticator=factor, **more)
    assert AuditEvent.objects.values_list("event", "by_name", "about_name", "words").get() == noted


def test_a_passkey_is_noted_with_its_name(person: User, rf: Any) -> None:
    factor = Authenticator(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Key on my ring"})
    signals.authenticator_added.send(Authenticator, request=rf.get("/"), user=person, authenticator=factor)
    assert AuditEvent.objects.get().words == "webauthn Key on my ring"


def test_a_recovery_code_is_noted_and_other_factors_are_part_of_the_sign_in(person: User, rf: Any) -> None:
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        factor = Authenticator(user=person, type=kind, data={})
        signals.authenticator_used.send(
            Authenticator, request=rf.get("/"), user=person, authenticator=factor, reauthenticated=False
        )
    assert AuditEvent.objects.get().event == "factor.recovery-code"


def test_sessions_that_are_ended_are_noted(person: User) -> None:
    kept = UserSession.objects.create(user=person, ip="192.0.2.7", session_key="k", user_agent="Browser/1")
    SessionsAdapter().end_sessions([kept])
    assert not UserSession.objects.exists()
    assert AuditEvent.objects.values_list("event", "by_name", "words").get() == (
        *("session.ended", "alice", "192.0.2.7 Browser/1"),
    )
