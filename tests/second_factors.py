"""What a telephone does: the codes of RFC 6238, and the clock they are of. And time that passes in a session."""

import base64
import hashlib
import hmac
import json
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client as Browser
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from dashboard.models import User
from tests.web.views.pages import texts_to_copy

ACTIVATE = "/accounts/2fa/totp/activate/"
PERIOD = 30  # seconds
HASTE = 5  # seconds that a busy machine may need to send a code


class Clock:
    """The clock that codes are of. It stands until a test puts it forward, so no code is late."""

    def __init__(self) -> None:
        self.now: float = totp.time.time()

    def time(self) -> float:
        return self.now


@contextmanager
def standing_clock() -> Iterator[Clock]:
    """Let codes be computed and checked by a clock that stands where it was."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(totp, "time", clock)
        yield clock


def code_of(secret: str) -> str:
    """The six digits that an authenticator app shows, by the clock by which this process checks them."""
    count = struct.pack(">Q", int(totp.time.time()) // PERIOD)
    digest = hmac.new(base64.b32decode(secret), count, hashlib.sha1).digest()
    (value,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(value & 0x7FFFFFFF) % 1_000_000:06}"


def code_to_type(secret: str) -> str:
    """The same for a site in another process. Where it is about to change, it is the next one."""
    left = PERIOD - time.time() % PERIOD
    if left < HASTE:
        time.sleep(left)
    return code_of(secret)


def secret_on(page: Any) -> str:
    """The secret that a page shows for an app."""
    (found,) = texts_to_copy(page)
    return found


def set_up_app(browser: Browser) -> str:
    """Set up an authenticator app, and return its secret. The code that did is used up then."""
    secret = secret_on(browser.get(ACTIVATE))
    with standing_clock():
        answer = browser.post(ACTIVATE, {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/", answer.content
    return secret


def give_all_factors(person: User) -> int:
    """Give a person an app, recovery codes and a passkey, and a session, and return the key of both of the latter."""
    totp.TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    data = {"name": "blue key", "credential": _made_passkey(ec.generate_private_key(ec.SECP256R1()))}
    passkey = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)
    UserSession.objects.create(
        pk=passkey.pk, user=person, session_key="elsewhere", ip="192.0.2.1", user_agent="There"
    )
    return int(passkey.pk)


class PasskeyDevice:
    """A device with a passkey of a person, which asks for the PIN."""

    def __init__(self, person: User) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._person = websafe_encode(user_pk_to_url_str(person).encode())
        data = {"name": "blue key", "credential": _made_passkey(self._private)}
        Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)

    def signs(self, challenge: str) -> str:
        """What a browser sends for a challenge (WebAuthn, section 5.2.2)."""
        site = hashlib.sha256(b"localhost").digest()
        data = AuthenticatorData.create(site, AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV, 1)
        client = CollectedClientData.create("webauthn.get", challenge, "http://localhost:8000")
        signature = self._private.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": self._person,
        }
        id_ = websafe_encode(b"a passkey")
        named = {"id": id_, "rawId": id_, "type": "public-key"}
        return json.dumps(named | {"response": response, "clientExtensionResults": {}})


def _made_passkey(private: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """What a browser says when it has made a passkey (WebAuthn, section 5.2.1)."""
    key = ES256.from_cryptography_key(private.public_key())  # type: ignore[no-untyped-call]
    id_ = b"a passkey"
    credential = AttestedCredentialData.create(bytes(16), id_, key)
    site = hashlib.sha256(b"localhost").digest()
    data = AuthenticatorData.create(site, AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, credential)
    client = CollectedClientData.create("webauthn.create", b"a challenge", "http://localhost:8000")
    response = {
        "clientDataJSON": websafe_encode(client),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    named = {"id": websafe_encode(id_), "rawId": websafe_encode(id_), "type": "public-key"}
    return named | {"response": response, "clientExtensionResults": {}}


def age(browser: Browser, seconds: int = 16 * 60) -> None:
    """Let so much time pass since the person of this session confirmed who they are."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session.save()
