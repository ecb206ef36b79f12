"""Who may speak to the registry: slow hashes, a short memory of good answers, and a limit on wrong ones."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import secrets
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from dashboard.platform import locks
from dashboard.registry.models import MAX_USERNAME, Account, LoginFailure
from dashboard.registry.refusal import Refusal

WINDOW = timedelta(minutes=10)  # how long a wrong login counts
# A person who mistypes needs a few; a guesser gets 60 an hour, and an eight-letter password outlives that.
FAILURES_PER_LOGIN = 10
# One address may hold many people behind a NAT. Beyond this it is somebody who tries one password on many accounts.
FAILURES_PER_ADDRESS = 100
# What a home or a rented server gets: whoever has one IPv6 address there has all of them.
IPV6_NETWORK = 64

PATIENCE, LOOK_EVERY = 5.0, 0.01  # seconds to wait for other logins of the same client, and between two looks

REMEMBERED_SECONDS = 300.0  # so long can a good answer spare the slow hash
REMEMBERED_LOGINS = 10_000  # some 2 MB

logger = logging.getLogger(__name__)


class GoodLogins:
    """Remembers logins that were right, for a while and up to a bound; in this process only.

    A key is an HMAC under a key that dies with the process, so that neither a secret nor something to guess it from
    is kept. The stored hash is part of it: a new password ends what was remembered. Threads may share one.
    """

    def __init__(self, *, seconds: float, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._limit = limit
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._expiries: dict[bytes, float] = {}

    def __contains__(self, login: tuple[str, ...]) -> bool:
        return self._expiries.get(self._digest(login), 0.0) > self._clock()

    def add(self, login: tuple[str, ...]) -> None:
        """Remember `login`; the oldest one is forgotten when there are too many."""
        digest = self._digest(login)
        with self._lock:
            self._expiries.pop(digest, None)  # so that the order of the dict is the order of expiry
            while len(self._expiries) >= self._limit:
                del self._expiries[next(iter(self._expiries))]
            self._expiries[digest] = self._clock() + self._seconds

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._expiries.clear()

    def _digest(self, login: tuple[str, ...]) -> bytes:
        return hmac.digest(self._key, repr(login).encode(), "sha256")


good_logins = GoodLogins(seconds=REMEMBERED_SECONDS, limit=REMEMBERED_LOGINS)
# One slow hash at a time in a process: thirty at once would take 600 MB, and the same login of many parallel
# requests is hashed once.
_one_hash = threading.Lock()


def authenticate(username: str, secret: str, address: str | None) -> Account:
    """Return the account whose login this is. `secret` is the MD5 of the protocol, `address` the client's.

    Without an address wrong logins are not limited: who asks in this process has limits of its own, and one of the
    many people who ask through it must not be able to shut the others out.

    Raises Refusal with the code "login" if it is wrong or the account is inactive, and "too-many-logins" after too
    many wrong ones; what is remembered as right still passes then.
    """
    account = _find(username)
    login = (username, secret, account.secret_hash if account else "")
    if account and login in good_logins:
        return account
    source = None if address is None else _network(address)
    with _one_hash:
        if account and login in good_logins:
            return account
        right = _is_right(account, secret) if source is None else _try(account, username, secret, source)
        if right and account:
            good_logins.add(login)  # before the next in the queue looks
            return account
    raise Refusal("login", gettext_noop("The user name or the password is wrong."))


def _is_right(account: Account | None, secret: str) -> bool:
    return check_password(secret, account.secret_hash if account else _nobodys_hash()) and account is not None


def _try(account: Account | None, username: str, secret: str, source: str) -> bool:
    """Whether the login is right. It counts as wrong from before it is looked at until it turns out to be right.

    Of one client one login is tried at a time, by all processes (with PostgreSQL, machines): many that come at once
    are counted as if they came one after the other, and right ones do not use up the limit of each other.
    Raises Refusal.
    """
    with locks.held(f"login {source}", locks.after(PATIENCE), look_every=LOOK_EVERY) as has_it:
        if not has_it:
            raise Refusal("too-many-logins", gettext_noop("Too many logins at once. Try again in a moment."))
        _check_limits(username, source)
        now = timezone.now()
        attempt = LoginFailure.objects.create(login=_hashed(username), address=source, at=now)
        if _is_right(account, secret):
            # And the slips before it.
            LoginFailure.objects.filter(address=source, login=attempt.login).delete()
            return True
    LoginFailure.objects.filter(at__lte=now - WINDOW).delete()
    # Not the user name: people type their password there.
    logger.warning("Wrong login from %s", source)
    return False


def _find(username: str) -> Account | None:
    # A database may choke on text that no account has; PostgreSQL does on NUL, but that the protocol has refused.
    if len(username) > MAX_USERNAME:
        return None
    return Account.objects.filter(username=username, is_active=True).first()


@cache
def _nobodys_hash() -> str:
    """What is checked where there is no account, so that the time of the answer does not tell."""
    return make_password(secrets.token_hex(16))


def _check_limits(username: str, source: str) -> None:
    """Raises Refusal if there were too many wrong logins."""
    failures = LoginFailure.objects.filter(address=source, at__gt=timezone.now() - WINDOW)
    counts = failures.aggregate(of_address=Count("pk"), of_login=Count("pk", filter=Q(login=_hashed(username))))
    over = counts["of_login"] >= FAILURES_PER_LOGIN
    # All programs on this machine come from the same loopback address.
    if over or (counts["of_address"] >= FAILURES_PER_ADDRESS and not is_loopback(source)):
        logger.warning("Too many wrong logins from %s: not checked", source)
        raise Refusal("too-many-logins", gettext_noop("Too many wrong logins. Try again in ten minutes."))


def _hashed(username: str) -> str:
    return hashlib.sha256(username.encode()).hexdigest()


def is_loopback(address: str) -> bool:
    """Whether `address` is this machine's own, also in its IPv6 writing (::ffff:127.0.0.1)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback


def _network(address: str) -> str:
    """What counts as one client: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[: LoginFailure._meta.get_field("address").max_length]
    if isinstance(ip, ipaddress.IPv4Address) or ip.ipv4_mapped or ip.is_loopback:
        return str(getattr(ip, "ipv4_mapped", None) or ip)
    return str(ipaddress.ip_network((int(ip), IPV6_NETWORK), strict=False))
