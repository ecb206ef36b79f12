"""Tokens, and people who act with them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dashboard.models import Scope, Token, User
from dashboard.services import tokens

ADDRESS = "192.0.2.7"


@pytest.fixture
def configured(settings: Any) -> Callable[..., None]:
    """Replace fields of the configuration."""

    def configured_(**fields: object) -> None:
        settings.E164WEB = replace(settings.E164WEB, **fields)

    return configured_


def token_of(person: User, **terms: object) -> tuple[Token, str]:
    """A token of a person that may only read, for 90 days, or with other terms; and what its holder keeps."""
    asked = {"name": "backup", "scope": Scope.READ, "expires_at": timezone.now() + timedelta(days=90)}
    return tokens.make(person, **(asked | terms))  # type: ignore[arg-type]


def acting(person: User, **terms: object) -> User:
    """The person as they act with a token of such terms."""
    _, text = token_of(person, **terms)
    return tokens.authenticate(f"Bearer {text}", ADDRESS)
