"""A program that speaks JSON with the API."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from dashboard.models import Credential, Scope, User
from dashboard.services import tokens

PROBLEM = "application/problem+json"
Answer = Any  # what the test client returns has no name of its own


def token_of(
    person: User,
    *,
    scope: Scope = Scope.WRITE,
    credentials: list[Credential] | None = None,
    beginnings: tuple[str, ...] = (),
) -> str:
    """A new token, as its holder keeps it."""
    expires = timezone.now() + timedelta(days=1)
    _token, text = tokens.make(
        person, name="a program", scope=scope, expires_at=expires, credentials=credentials, beginnings=beginnings
    )
    return text


@dataclass
class Program:
    """Sends requests with one token, and no cookies."""

    token: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Answer:
        """Send a request; headers are named as in Python: if_match."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        sent: dict[str, Any] = {}
        if body is not None:
            sent = {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, address, headers={"authorization": f"Bearer {self.token}", **said}, **sent)

    def get(self, address: str, **headers: str) -> Answer:
        """Read."""
        return self.ask("GET", address, **headers)

    def post(self, address: str, body: Any = None, **headers: str) -> Answer:
        """Add, or do."""
        return self.ask("POST", address, body, **headers)

    def put(self, address: str, body: Any = None, **headers: str) -> Answer:
        """Write what is there."""
        return self.ask("PUT", address, body, **headers)

    def delete(self, address: str, **headers: str) -> Answer:
        """Take away."""
        return self.ask("DELETE", address, **headers)


def said(answer: Answer) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.content)


def problem(answer: Answer, code: str) -> Any:
    """What is wrong, which must be of this kind."""
    assert answer["Content-Type"] == PROBLEM, answer.content
    found = said(answer)
    assert (found["code"], found["status"]) == (code, answer.status_code), found
    return found
