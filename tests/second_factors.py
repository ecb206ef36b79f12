"""What a person's telephone does: the codes of RFC 6238. And time that passes in a session."""

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

from django.test import Client as Browser

ACTIVATE = "/accounts/2fa/totp/activate/"
PERIOD = 30  # seconds
HASTE = 5  # seconds that a busy machine may need to send a code


def code_of(secret: str, now: float | None = None) -> str:
    """The six digits that an authenticator app shows. Where they are about to change, it is the next ones."""
    if now is None and PERIOD - time.time() % PERIOD < HASTE:
        time.sleep(HASTE)
    count = struct.pack(">Q", int(time.time() if now is None else now) // PERIOD)
    digest = hmac.new(base64.b32decode(secret), count, hashlib.sha1).digest()
    (value,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(value & 0x7FFFFFFF) % 1_000_000:06}"


def secret_on(page: Any) -> str:
    """The secret that a page shows for an app."""
    (found,) = set(re.findall(r'data-copy="([A-Z2-7]+)"', page.content.decode()))
    return str(found)


def set_up_app(browser: Browser) -> str:
    """Set up an authenticator app, and return its secret. The code that did is used up then."""
    secret = secret_on(browser.get(ACTIVATE))
    answer = browser.post(ACTIVATE, {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/", answer.content
    return secret


def age(browser: Browser, seconds: int = 16 * 60) -> None:
    """Let so much time pass since the person of this session confirmed who they are."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session.save()
