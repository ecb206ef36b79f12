"""A small OpenID Connect provider that does wrong whatever it is told to, which real ones only do in production."""

import functools
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

Claims = dict[str, Any]
KEY_ID = "one"


@functools.cache
def _key(name: str) -> rsa.RSAPrivateKey:
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FaultyProvider:
    """Serves on a port of loopback.

    `claims` go into the ID token and into the user info; `token`, `info` and `discovery` are changes to each alone,
    in which None takes something out. `answers` replaces what is answered at a path: a status and a body. `sign`
    makes the ID token.
    """

    def __init__(self) -> None:
        self.key, self.other_key = _key("own"), _key("other")
        self.claims: Claims = {"sub": "anna", "preferred_username": "anna"}
        self.token: Claims = {}
        self.info: Claims = {}
        self.discovery: Claims = {}
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.sign: Callable[[Claims], str] = self.signed
        self.nonce = ""
        self.forms: list[dict[str, list[str]]] = []  # what the token endpoint was sent
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "FaultyProvider":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def signed(self, claims: Claims, **more: Any) -> str:
        """An ID token by our key, unless `key`, `algorithm` or `headers` say something else."""
        return jwt.encode(claims, **{"key": self.key, "algorithm": "RS256", "headers": {"kid": KEY_ID}, **more})

    def id_claims(self) -> Claims:
        """What an ID token says."""
        now = int(time.time())
        good = {"iss": self.url, "aud": "e164web", "iat": now, "exp": now + 300, "nonce": self.nonce}
        return _changed(good | self.claims, self.token)

    def answer(self, path: str) -> tuple[int, bytes]:
        """Status and body at a path."""
        if path in self.answers:
            return self.answers[path]
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        good: dict[str, Callable[[], Claims]] = {
            "/.well-known/openid-configuration": lambda: _changed(
                {
                    "issuer": self.url,
                    "authorization_endpoint": f"{self.url}/authorize",
                    "token_endpoint": f"{self.url}/token",
                    "userinfo_endpoint": f"{self.url}/info",
                    "jwks_uri": f"{self.url}/keys",
                },
                self.discovery,
            ),
            "/keys": lambda: {"keys": [{**public, "kid": KEY_ID, "use": "sig"}]},
            "/token": lambda: {
                "access_token": "access", "token_type": "Bearer", "id_token": self.sign(self.id_claims())
            },
            "/info": lambda: _changed(self.claims, self.info),
        }  # fmt: skip
        return 200, json.dumps(good[path]()).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(*provider.answer(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.forms.append(parse_qs(body) | {"authorization": [self.headers.get("Authorization", "")]})
                self.do_GET()

            def reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", body.decode())
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- its own name
                """Nothing."""

        return Handler


def _changed(claims: Claims, changes: Claims) -> Claims:
    return {name: value for name, value in (claims | changes).items() if value is not None}
