"""What happens on pages that are not ours is noted too: on those of allauth, and in the admin.

Nothing here asks who may do it, and nothing secret is noted: of what somebody typed only the name at a sign-in that
failed, and of what was saved in the admin only which fields.
"""

import functools
import json
from collections.abc import Callable, Iterable
from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry, LogEntryManager
from django.contrib.auth import signals as auth
from django.dispatch import Signal
from django.http import HttpRequest

from dashboard.models import User
from dashboard.services.audit import note

Receiver = Callable[..., None]
VERBS = {ADDITION: "added", CHANGE: "changed"}  # the rest is deletion
RIGHTS = ("is_active", "is_staff", "is_superuser")


def listen() -> None:
    """Note what happens from now on. Called once, when the apps are ready."""
    _connect(
        {
            auth.user_logged_in: _signed_in,
            auth.user_login_failed: _sign_in_failed,
            auth.user_logged_out: _signed_out,
            account.user_signed_up: _noting("person.signed-up"),
            account.password_changed: _noting("password.changed"),
            account.password_set: _noting("password.set"),
            account.password_reset: _noting("password.reset"),
            account.email_added: _noting("email.added", _its_address),
            account.email_removed: _noting("email.removed", _its_address),
            account.email_changed: _noting("email.changed", _both_addresses),
            account.email_confirmed: _email_confirmed,
            mfa.authenticator_added: _noting("factor.added", _its_kind),
            mfa.authenticator_removed: _noting("factor.removed", _its_kind),
            mfa.authenticator_reset: _noting("factor.reset", _its_kind),
            mfa.authenticator_used: _factor_used,
            mfa.authentication_failed: _factor_failed,
            social.social_account_added: _provider_added,
            social.social_account_removed: _provider_removed,
        }
    )
    # The admin has no signal for what it deletes; this is what all of its pages call.
    LogEntryManager.log_actions = _noted(LogEntryManager.log_actions)  # type: ignore[method-assign]


def _connect(receivers: dict[Signal, Receiver]) -> None:
    for signal, receiver in receivers.items():
        signal.connect(receiver, weak=False)


def _noting(event: str, words: Callable[[dict[str, Any]], str] = lambda _values: "") -> Receiver:
    """What notes an event of the person whom a signal names."""

    def receive(*, user: User, **values: Any) -> None:
        note(event, by=user, words=words(values))

    return receive


def _its_address(values: dict[str, Any]) -> str:
    return str(values["email_address"].email)


def _both_addresses(values: dict[str, Any]) -> str:
    before, after = values["from_email_address"], values["to_email_address"]
    return f"{before.email if before else '-'} > {after.email}"


def _its_kind(values: dict[str, Any]) -> str:
    """The kind of a factor, and the name that somebody gave to a passkey."""
    factor = values["authenticator"]
    return f"{factor.type} {factor}" if factor.type == "webauthn" else str(factor.type)


def _signed_in(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    """With which factors, as far as allauth knows; that it was a sign-in (`e164web.apps`) is no factor."""
    factors = [each.get("type") or each["method"] for each in get_authentication_records(request, user)]
    note("sign-in", by=user, words=", ".join(factor for factor in factors if factor != "sign-in"))


def _sign_in_failed(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:
    """A wrong password. Whoever guesses too often is not even asked for one, and nothing of that is noted: the limits
    on guessing bound what a stranger can write here.
    """
    if "remote_user" in credentials:  # a proxy's word is no guess, has no limit, and comes with every request
        return
    person = getattr(request, "user", None)
    if isinstance(person, User) and person.is_authenticated:
        note("identity.failed", by=person, words="password")
        return
    typed = str(credentials.get("username") or credentials.get("email") or "")
    meant = User.objects.filter(username__iexact=typed).first() if "\0" not in typed else None
    note("sign-in.failed", by=None, about=meant, words=typed)


def _signed_out(*, user: User | None, **_rest: Any) -> None:
    if user is not None:
        note("sign-out", by=user)


def _email_confirmed(*, email_address: Any, **_rest: Any) -> None:
    note("email.confirmed", by=email_address.user, words=email_address.email)


def _factor_used(*, user: User, authenticator: Any, **_rest: Any) -> None:
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        note("factor.recovery-code", by=user)


def _factor_failed(*, user: User, authenticator: Any, reauthentication: bool = False, **_rest: Any) -> None:
    if reauthentication:
        note("identity.failed", by=user, words=authenticator.type)
    else:
        note("sign-in.failed", by=None, about=user, words=authenticator.type)


def _provider_added(*, sociallogin: Any, **_rest: Any) -> None:
    note("provider.added", by=sociallogin.user, words=sociallogin.account.provider)


def _provider_removed(*, socialaccount: Any, **_rest: Any) -> None:
    note("provider.removed", by=socialaccount.user, words=socialaccount.provider)


def zone_downloaded(*, user: User, zone: str, **_rest: Any) -> None:
    """Note that somebody has a zone with all of its numbers now."""
    note("export.zone", by=user, words=zone)


def _noted(log: Callable[..., Any]) -> Callable[..., Any]:
    """The admin's own log of what somebody did, and ours."""

    @functools.wraps(log)
    def wrapped(*args: Any, **options: Any) -> Any:
        entries = log(*args, **options)
        for entry in [entries] if isinstance(entries, LogEntry) else entries:
            _note_entry(entry)
        return entries

    return wrapped


def _note_entry(entry: LogEntry) -> None:
    verb = VERBS.get(entry.action_flag, "deleted")
    model = entry.content_type.model_class() if entry.content_type else None
    by = User.objects.get(pk=entry.user_id)
    fields = ", ".join(_fields_of(entry.change_message))
    person = User.objects.filter(pk=entry.object_id or 0).first() if model is User else None
    if person is not None:
        rights = ", ".join(name for name in RIGHTS if getattr(person, name))
        words = f"{fields}; now: {rights or '-'}" if verb == "changed" else rights
        note("person.made" if verb == "added" else f"person.{verb}", by=by, about=person, words=words)
    else:
        name = model._meta.model_name if model else "-"
        words = f"{name} {entry.object_id} “{entry.object_repr}”" + (f": {fields}" if fields else "")
        note(f"admin.{verb}", by=by, words=words)


def _fields_of(message: str) -> Iterable[str]:
    """What a message of the admin's log says of fields; other words are as its page wrote them."""
    try:
        said = json.loads(message) if message else []
    except ValueError:
        return [message]
    fields = (each.get("changed", {}).get("fields", []) for each in said if isinstance(each, dict))
    return [str(name) for names in fields for name in names]
