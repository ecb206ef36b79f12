"""The only place where a secret is sealed and opened.

A credential's secret is the MD5 of a password, which is all the protocol asks for; the password itself is never kept.
A name server's is its TSIG key, and that of a second factor what its codes are computed from. Each is sealed with
MultiFernet (AES-128-CBC with HMAC-SHA256), newest key first, together with a digest of what it belongs to. So what is
copied onto another row, or onto a row whose registry, user name or address was altered, does not open.
Only second factors belong to no row: allauth seals them before there is one.

The same keys sign what must not be made up by who can only write into the database. What signs is derived from them
for one purpose (HKDF, RFC 5869), so that no signature tells anything about a seal.
"""

import base64
import hashlib
import hmac
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

BINDING_LENGTH = hashlib.sha256().digest_size
NAME_LENGTH = 8  # of a key


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


def sign(purpose: str, text: str) -> str:
    """Signatures of a text, HMAC-SHA256 in hexadecimal, one under each key.

    One would do. While keys are replaced, a process that knows only the old one accepts what another wrote, and one
    that knows only the new one does so too.
    """
    return " ".join(_signature(key, purpose, text) for key in _keys())


def is_signed(purpose: str, text: str, signatures: str) -> bool:
    """Whether one of our keys, the newest or an older one, signed the text for this purpose."""
    given = signatures.encode("ascii", "replace").split()
    ours = [_signature(key, purpose, text).encode("ascii") for key in _keys()]
    return any(hmac.compare_digest(one, other) for one in ours for other in given)


def digest(purpose: str, text: str) -> str:
    """A digest of a secret text, HMAC-SHA256 under the newest key, behind the name of that key.

    It tells nothing about the text to who has no keys, and is as good as none where its key is gone.
    """
    return _digest(_keys()[0], purpose, text)


def has_digest(purpose: str, text: str, stored: str) -> bool:
    """Whether a stored digest is that of the text, under any of our keys."""
    given = stored.encode("ascii", "replace")
    return any(hmac.compare_digest(_digest(key, purpose, text).encode("ascii"), given) for key in _keys())


def is_newest(stored: str) -> bool:
    """Whether a stored digest was made under the newest key."""
    return stored.partition(":")[0] == _name_of(_keys()[0])


def _digest(key: str, purpose: str, text: str) -> str:
    return f"{_name_of(key)}:{_signature(key, purpose, text)}"


def _name_of(key: str) -> str:
    """What a key is called beside what was made under it: nobody finds the key by it."""
    return _signature(key, "name of a key", "")[:NAME_LENGTH]


def _signature(key: str, purpose: str, text: str) -> str:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"e164web signs: {purpose}".encode())
    return hmac.new(derived.derive(base64.urlsafe_b64decode(key)), text.encode(), "sha256").hexdigest()


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
