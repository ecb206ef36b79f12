"""What allauth asks this project to decide about people who come from a provider."""

import logging
from collections.abc import Iterable
from typing import Any, NoReturn

from allauth.account.internal.userkit import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.client import BoundedSession, HttpFailure
from dashboard.models import User
from dashboard.services import audit
from dashboard.services.people.names import free_username
from e164web.sign_in.mail_addresses import people_at
from e164web.sign_in.oidc.configuration import Provider
from e164web.sign_in.oidc.endpoints import email_of
from e164web.sign_in.oidc.failures import SignInFailed, Why

logger = logging.getLogger(__name__)

KIND = "openid_connect"  # allauth's name for providers of this kind
TRIES = 3  # to make an account, while others take its name
REPLY_LIMIT = 2 * 1024 * 1024  # bytes; 10,000 groups with long names
# Who comes so far is known to the provider. Whoever is not could fill the trail.
KNOWN_THERE = frozenset({Why.NOT_ADMITTED, Why.ADDRESS_TAKEN})
DEADLINE = 10.0  # seconds for one of the requests that a sign-in takes


def provider_named(name: str) -> Provider | None:
    """The provider of the settings that has this name."""
    return next((each for each in settings.E164WEB.oidc_providers if each.name == name), None)


def groups_in(claims: dict[str, Any], claim: str) -> list[str] | None:
    """The groups that a claim names, as a list or as one text; None where it is missing, or is something else.

    What cannot be understood must not pass for "no groups": everybody would lose their teams.
    """
    value = claims.get(claim)
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    return None


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no type hints
    """Providers come from the environment alone; who has signed in there is let in, under rules."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers of the settings. The table of allauth stays empty: secrets would lie there in the clear."""
        found = settings.E164WEB.oidc_providers
        return [_app(each) for each in found if provider in {None, KIND, each.name}]

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """One provider. One that was taken out of the settings has a name still, for whoever is connected with it."""
        found = self.list_apps(request, provider)
        return found[0] if found else SocialApp(provider=KIND, provider_id=provider, name=provider)

    def get_requests_session(self) -> BoundedSession:
        """How providers are asked."""
        own = settings.E164WEB
        return BoundedSession(
            connect_timeout=own.connect_timeout,
            deadline=min(own.deadline, DEADLINE),
            reply_limit=REPLY_LIMIT,
            ca_bundle=own.oidc_ca,
        )

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever the provider knows, and `admitted` lets in, gets an account."""
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Judge what the provider said, once it is known whose it is. Raises SignInFailed."""
        claims, state = sociallogin.claims, sociallogin.state
        if claims.get("nonce") != state.get("nonce"):  # OpenID Connect Core 1.0, section 3.1.3.7
            raise SignInFailed(Why.MISTRUSTED, "its ID token was not made for this sign-in")
        provider = provider_named(sociallogin.account.provider)
        groups = groups_in(claims, provider.groups_claim) if provider else None
        if provider and provider.admitted and not set(groups or ()) & set(provider.admitted):
            raise SignInFailed(Why.NOT_ADMITTED)
        # Both may wait in the session until a second factor is there: no token, and of thousands of groups a few.
        sociallogin.token = None
        state["groups"] = sorted(provider.known_groups & set(groups)) if provider and groups is not None else None

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """No account is made, and none is connected, where somebody here has the address. Raises SignInFailed."""
        email = email_of(sociallogin.claims)
        if email and people_at(email).exists():
            raise SignInFailed(Why.ADDRESS_TAKEN)
        if email and filter_users_by_email(email):
            # Somebody only typed it, which allauth takes for having it: the account is made without an address.
            sociallogin.user.email, sociallogin.email_addresses = "", []
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: object = None) -> User:
        """Make an account under a name that is free. Raises SignInFailed."""
        known = sociallogin.account.extra_data
        wanted = known["username"] or known["name"]
        for _try in range(TRIES):
            person: User = sociallogin.user
            try:
                with transaction.atomic():
                    person.username = free_username(wanted)
                    super().save_user(request, sociallogin)
            except IntegrityError:  # somebody else took the name, or is the same person in another window
                person.pk, person._state.adding = None, True
            else:
                return person
        raise SignInFailed(Why.AT_ONCE)

    def validate_disconnect(self, account: SocialAccount, accounts: Iterable[SocialAccount]) -> None:
        """Nobody may lose their only way in. Raises ValidationError."""
        has_password = settings.E164WEB.local_login and account.user.has_usable_password()
        others = [each for each in accounts if each.pk != account.pk and provider_named(each.provider)]
        if not has_password and not others:
            raise ValidationError(_("This is your only way to sign in: connect another one or set a password first."))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Say on a page what went wrong, and what to do. Raises ImmediateHttpResponse with it."""
        # Some providers forget the state when somebody cancels. Nothing comes of it, so the page may say so.
        cancelled = error == AuthError.CANCELLED or (not exception and request.GET.get("error") == "access_denied")
        why, detail = (Why.CANCELLED, "") if cancelled else _why(exception, extra_context or {})
        if why in KNOWN_THERE:
            audit.note("sign-in.failed", by=None, words=f"{provider.app.provider_id}: {why.name}")
        if why is not Why.CANCELLED:
            logger.warning("Signing in with %s failed: %s %s", provider.app.provider_id, why.name, detail)
        names = {"provider": provider.name}
        context = {"title": str(why.title) % names, "sentence": str(why.sentence) % names, "provider": provider}
        raise ImmediateHttpResponse(
            render(request, "socialaccount/authentication_error.html", context, status=why.status)
        )


def _app(provider: Provider) -> SocialApp:
    return SocialApp(
        provider=KIND,
        provider_id=provider.name,
        name=provider.title,
        client_id=provider.client_id,
        secret=provider.client_secret,
        settings={"server_url": provider.url, "scope": provider.scopes},
    )


def _why(exception: Exception | None, context: dict[str, Any]) -> tuple[Why, str]:
    """What went wrong, and words for the log that hold nothing of the provider's."""
    if isinstance(exception, SignInFailed):
        return exception.why, exception.detail
    if isinstance(exception, HttpFailure):
        return Why.UNREACHABLE, type(exception).__name__
    if context.get("state") is None:
        return Why.STALE, ""
    return Why.REFUSED, type(exception).__name__ if exception else "it sent an error instead of a code"
