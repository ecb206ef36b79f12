"""What allauth asks this project to decide."""

import logging
from http import HTTPStatus
from typing import Any

from allauth.account import stages
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from dashboard.models import User

logger = logging.getLogger(__name__)

# What a sign-in carries along that is none with a factor of this site.
LINK = "sign_in_link"
NOT_LOCAL = frozenset({"sociallogin", LINK})


class SignedUpStage(stages.EmailVerificationStage):  # type: ignore[misc]  # allauth has no type hints
    """Whoever signed up proves the address before the first sign-in; nobody else is asked.

    Only signing up makes an address the primary one before it is verified.
    """

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """A page instead of the sign-in where the address is not verified."""
        user = self.login.user
        if user is not None and not EmailAddress.objects.filter(user=user, primary=True, verified=False).exists():
            return None, True
        handled: tuple[HttpResponse | None, bool] = super().handle()
        return handled


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, or by people whose addresses are of the domains that may sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether a stranger may sign up: only where that was allowed to the addresses of some domains."""
        own = settings.E164WEB
        return bool(own.local_login and own.signup_domains and own.mail_server)

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Whoever signs up is called as the address. allauth makes another name up where one is called so already."""
        longest = User._meta.get_field("username").max_length or 0
        if not user.username and len(user.email) <= longest:
            taken = User.objects.filter(username__iexact=user.email).exists()
            user.username = "" if taken else user.email
        super().populate_username(request, user)

    def get_login_stages(self) -> list[str]:
        """What comes between a right password and the first page."""
        theirs = f"{stages.EmailVerificationStage.__module__}.EmailVerificationStage"
        ours = {theirs: f"{__name__}.SignedUpStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """How a person may confirm who they are, in the words of the other pages."""
        words = {"mfa_reauthenticate": _("Use a code"), "mfa_reauthenticate:webauthn": _("Use a passkey")}
        methods = super().get_reauthentication_methods(user)
        ways = [way for way in methods if settings.E164WEB.local_login or way["id"] != "reauthenticate"]
        return [way | {"description": words.get(way["id"], way["description"])} for way in ways]

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """Whoever has neither a password that counts nor a factor can confirm nothing, and is not asked."""
        ways = self.get_reauthentication_methods(self.request.user)
        return bool(ways) and bool(super().is_reauthentication_required(app=app, **more))

    def pre_login(
        self, request: HttpRequest, user: User, *, signal_kwargs: dict[str, Any] | None, **more: object
    ) -> HttpResponse | None:
        """A page instead of the sign-in, for whoever may not come this way.

        Where E164WEB_LOCAL_LOGIN is 0, that is everybody who comes neither through a provider nor by a link that was
        made in the shell, whatever the page.
        """
        if settings.E164WEB.local_login or not NOT_LOCAL.isdisjoint(signal_kwargs or {}):
            return super().pre_login(request, user, signal_kwargs=signal_kwargs, **more)  # type: ignore[no-any-return]
        return render(request, "account/login.html", status=HTTPStatus.FORBIDDEN)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """A password that was changed is done with: back to the numbers."""
        return reverse("home")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """To the page that shows it, or to signing in."""
        return reverse("account" if self.request.user.is_authenticated else "account_login")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a mail for a forgotten password. `key` names the person and holds the token."""
        person, _dash, token = key.partition("-")
        return settings.E164WEB.url.whole(
            reverse("account_reset_password_from_key", kwargs={"uidb36": person, "key": token})
        )

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ANN401
        """The link of a mail that verifies an address."""
        return settings.E164WEB.url.whole(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell only the address itself that it is somebody's already, and take as long as for a new one."""
        make_password(get_random_string(12))
        self.send_mail(
            "account/email/account_already_exists",
            email,
            {"password_reset_url": settings.E164WEB.url.whole(reverse("account_reset_password"))},
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail. Where the server does not take it, the answer is a page that says so."""
        try:
            self._send(template_prefix, email, context)
        except OSError as error:
            logger.error("No mail went out, since the mail server failed: %s", error)  # noqa: TRY400 -- no traceback
            raise ImmediateHttpResponse(render(self.request, "account/mail_failed.html", status=503)) from error

    def send_notification_mail(self, template_prefix: str, user: User, *args: object, **kwargs: object) -> None:
        """Tell who wants it what was done with their account. It is done, whether or not the mail goes out."""
        if not user.email_notices:
            return
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except ImmediateHttpResponse:
            sentence = _("This is done. No mail about it went out, because the mail server did not take it.")
            messages.warning(self.request, sentence)

    def _send(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = {"site": str(settings.E164WEB.url), "is_open": self.is_open_for_signup(self.request)}
        super().send_mail(template_prefix, email, context | site)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """What counts as one account. allauth puts the Host header before it, whose port a guesser may choose."""
        return credentials["username"].lower()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: str) -> None:
        """A new password takes back no guesses: whoever has one account could guess at others without end."""
