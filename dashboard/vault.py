"""The only place where a secret is sealed and opened.

A credential's secret is the MD5 of a password, which is all the protocol asks for; the password itself is never kept.
A name server's is its TSIG key, and that of a second factor what its codes are computed from. Each is sealed with
MultiFernet (AES-128-CBC with HMAC-SHA256), newest key first, together with a digest of what it belongs to. So what is
copied onto another row, or onto a row whose registry, user name or address was altered, does not open.
Only second factors belong to no row: allauth seals them before there is one.
"""

import hashlib
import hmac
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

BINDING_LENGTH = hashlib.sha256().digest_size


class Owner(Protocol):
    """A stored row that holds a sealed secret. ``seal_owner`` names the row and whatever must not change under it."""

    @property
    def pk(self) -> int | None: ...
    @property
    def sealed(self) -> str: ...
    @property
    def seal_owner(self) -> str: ...


class SealError(Exception):
    """A sealed text cannot be opened: its key is gone, it was altered, or it belongs to another row."""


def seal(owner: Owner, secret: str) -> str:
    """Seal a secret, ASCII text, for one row, which must have its primary key already."""
    return seal_for(_name(owner), secret)


def unseal(owner: Owner) -> str:
    """Open the secret of a row. Raises SealError, which never says what was inside."""
    return unseal_for(_name(owner), owner.sealed)


def reseal(owner: Owner) -> str | None:
    """The same secret sealed under the newest key, or None where it already is. Raises SealError."""
    return reseal_for(_name(owner), owner.sealed)


def seal_for(name: str, secret: str) -> str:
    """Seal a secret, ASCII text, for what has this name."""
    return _fernet().encrypt(_binding(name) + secret.encode("ascii")).decode("ascii")


def unseal_for(name: str, sealed: str) -> str:
    """Open what was sealed for this name. Raises SealError."""
    try:
        opened = _fernet().decrypt(sealed.encode("ascii", "replace"))
    except InvalidToken:
        raise SealError from None
    binding, secret = opened[:BINDING_LENGTH], opened[BINDING_LENGTH:]
    if not hmac.compare_digest(binding, _binding(name)):
        raise SealError
    return secret.decode("ascii")


def reseal_for(name: str, sealed: str) -> str | None:
    """The same secret sealed under the newest key, or None where it already is. Raises SealError."""
    secret = unseal_for(name, sealed)
    try:
        Fernet(_keys()[0]).decrypt(sealed.encode("ascii", "replace"))
    except InvalidToken:
        return seal_for(name, secret)
    return None


def _name(owner: Owner) -> str:
    if owner.pk is None:
        raise ValueError("a row must be stored before a secret can be bound to it")
    return owner.seal_owner


def _binding(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def _keys() -> tuple[str, ...]:
    return tuple(settings.E164WEB.credential_keys)


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])
