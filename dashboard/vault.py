"""The only place where a secret is sealed and opened.

A secret is the MD5 of a password, which is all the protocol asks for; the password itself is never kept. It is sealed
with MultiFernet (AES-128-CBC with HMAC-SHA256), newest key first, together with a digest of what it belongs to. So a
sealed text that is copied onto another row, or onto a row whose registry or user name was altered, does not open.
"""

import functools
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from dashboard.models import Credential

BINDING_LENGTH = hashlib.sha256().digest_size


class SealError(Exception):
    """A sealed text cannot be opened: its key is gone, it was altered, or it belongs to another credential."""


def seal(credential: Credential, secret: str) -> str:
    """Seal a secret for one credential, which must have its primary key already."""
    return _fernet().encrypt(_binding(credential) + secret.encode("ascii")).decode("ascii")


def unseal(credential: Credential) -> str:
    """Open the secret of a credential. Raises SealError, which never says what was inside."""
    try:
        opened = _fernet().decrypt(credential.sealed.encode("ascii", "replace"))
    except InvalidToken:
        raise SealError from None
    binding, secret = opened[:BINDING_LENGTH], opened[BINDING_LENGTH:]
    if not hmac.compare_digest(binding, _binding(credential)):
        raise SealError
    return secret.decode("ascii")


def reseal(credential: Credential) -> str | None:
    """The same secret sealed under the newest key, or None where it already is. Raises SealError."""
    secret = unseal(credential)
    try:
        Fernet(_keys()[0]).decrypt(credential.sealed.encode("ascii", "replace"))
    except InvalidToken:
        return seal(credential, secret)
    return None


def _binding(credential: Credential) -> bytes:
    if credential.pk is None:
        raise ValueError("a credential must be stored before its secret can be bound to it")
    owner = f"credential:{credential.pk}:{credential.registry_id}:{credential.username}"
    return hashlib.sha256(owner.encode()).digest()


def _keys() -> tuple[str, ...]:
    return tuple(settings.E164WEB.credential_keys)


def _fernet() -> MultiFernet:
    return _fernet_of(_keys())


@functools.lru_cache(maxsize=4)
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
