"""Sign-in by a trusted proxy, which names the person in a header (E164WEB_REMOTE_USER_HEADER).

`e164web.middleware.TrustedProxies` takes the header out of every request, and lets it count only from a proxy of
E164WEB_TRUSTED_PROXIES. Everything else is Django's.
"""

from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.backends import RemoteUserBackend
from django.contrib.auth.middleware import RemoteUserMiddleware
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from dashboard.models import User
from dashboard.services import audit

NAMED = "e164web.sign_in.remote_user"  # the key of request.META under which a trusted proxy's word is found
# What programs ask, who have other ways to say who they are.
PROGRAMS = frozenset({"/healthz", "/readyz", "/e164/api"})


def header_key(header: str) -> str:
    """The key of request.META for a header, however it was spelt: "" for none."""
    return f"HTTP_{header.upper().replace('-', '_')}" if header else ""


def person_named(name: str) -> User | None:
    """The account of this name. Where accounts are made, one that differs in upper and lower case is the same."""
    try:
        User._meta.get_field("username").run_validators(name)
    except ValidationError:
        return None
    exact = User.objects.filter(username=name).first()
    if exact is None and settings.E164WEB.remote_user_creates:
        return User.objects.filter(username__iexact=name).first()
    return exact


class RemoteUser(RemoteUserMiddleware):
    """Sign in whom the proxy names, and refuse with a sentence whom nobody knows here."""

    header = NAMED

    def clean_username(self, username: str, request: HttpRequest) -> str:
        """The name as the account of whom the proxy names writes it."""
        if request.user.is_authenticated and request.user.get_username() == username:
            return username
        person = person_named(username)
        return person.get_username() if person else username

    def is_named(self, request: HttpRequest, name: str) -> bool:
        """Whether the proxy names the person who is signed in."""
        return request.user.get_username() == self.clean_username(name, request)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in PROGRAMS:
            self.process_request(request)
            name = request.META.get(NAMED)
            if name is not None and request.user.is_authenticated and not self.is_named(request, name):
                logout(request)  # Django ends only what a proxy began, and this is the session of somebody else
            # Django remembers who it was before, and pages ask for the person itself (`get_user`).
            if vars(request).get("_cached_user") != request.user:
                vars(request).pop("_cached_user", None)
            if name is not None and not request.user.is_authenticated:
                return render(request, "account/unknown_person.html", {"name": name}, status=HTTPStatus.FORBIDDEN)
        return cast("HttpResponseBase", self.get_response(request))


class ProxyBackend(RemoteUserBackend):
    """Finds the person of that name, and makes them where E164WEB_REMOTE_USER_CREATES says so."""

    @property
    def create_unknown_user(self) -> bool:  # type: ignore[override]
        """Whether somebody who is not known gets an account."""
        return bool(settings.E164WEB.remote_user_creates)

    def authenticate(self, request: HttpRequest | None, remote_user: str | None = None) -> User | None:  # type: ignore[override]
        """The person of this name; None for who is unknown, disabled, or has a name that no account could have."""
        try:
            User._meta.get_field("username").run_validators(remote_user or "")
        except ValidationError:
            return None
        return super().authenticate(request, remote_user=remote_user) if remote_user else None

    def clean_username(self, username: str) -> str:
        """The name as the account writes it: nobody becomes two people because a proxy writes it otherwise."""
        person = person_named(username)
        return person.get_username() if person else username

    def user_can_authenticate(self, user: User | None) -> bool:  # type: ignore[override]
        """Whether the account is known and not disabled."""
        return user is not None and user.is_active

    def configure_user(self, request: HttpRequest, user: User, created: bool = True) -> User:  # type: ignore[override]
        """A person who was just made has no password."""
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            audit.note("person.made", by=None, about=user, words=settings.E164WEB.remote_user_header)
        return user


def name_in(value: str) -> str:
    """The name in a header's value: UTF-8, which a server hands on as Latin-1 (PEP 3333)."""
    try:
        return value.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return value.strip()
