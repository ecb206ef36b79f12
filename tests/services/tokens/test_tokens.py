"""Tokens: made, shown once, checked, revoked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import AuditEvent, Credential, Scope, Token, User
from dashboard.services import tokens
from dashboard.services.tokens import BadTerms, Refusal, TokenRefused, authenticate
from dashboard.services.tokens.writing import Written
from tests.fixtures_tokens import ADDRESS, token_of


def refused(authorization: str) -> Refusal:
    with pytest.raises(TokenRefused) as refusal:
        authenticate(authorization, ADDRESS)
    return refusal.value.code


def test_who_has_a_token_acts_for_its_person(person: User) -> None:
    token, text = token_of(person)
    found = authenticate(f"Bearer {text}", ADDRESS)
    assert (found, found.token) == (person, token)
    assert authenticate(f"bearer  {text} ", ADDRESS) == person  # RFC 9110 s11.1: names of schemes have no case


def test_the_secret_stands_nowhere_in_the_database(person: User) -> None:
    token, text = token_of(person)
    written = Written.read(text)
    token.refresh_from_db()
    stored = [str(getattr(token, field.attname)) for field in Token._meta.concrete_fields]
    noted = [str(values) for values in AuditEvent.objects.values()]
    assert not [each for each in stored + noted if written.secret in each]
    assert token.public_id == written.public_id
    assert any("backup" in each and written.public_id in each for each in noted)


@pytest.mark.parametrize(
    ("authorization", "why"),
    [
        ("", Refusal.MISSING),
        ("   ", Refusal.MISSING),
        ("Bearer", Refusal.MALFORMED),
        ("Bearer e164_abc", Refusal.MALFORMED),
        ("Basic YWxpY2U6c2VjcmV0", Refusal.MALFORMED),
        (f"Bearer {Written('a' * 12, 'b' * 43).text}", Refusal.UNKNOWN),
        ("Bearer " + "a" * 100_000, Refusal.MALFORMED),
        ("Bearer \u0661\x00", Refusal.MALFORMED),
    ],
)
def test_what_is_no_token_says_so(db: None, authorization: str, why: Refusal) -> None:
    assert refused(authorization) == why


def test_a_token_needs_the_word_bearer(person: User) -> None:
    _, text = token_of(person)
    assert refused(text) == refused(f"Basic {text}") == refused(f"Bearer {text} {text}") == Refusal.MALFORMED


def test_the_id_of_a_token_with_another_secret_is_no_token(person: User, stranger: User) -> None:
    _, text = token_of(person)
    _, other = token_of(stranger)
    mixed = Written(Written.read(text).public_id, Written.read(other).secret)
    assert refused(f"Bearer {mixed.text}") == Refusal.UNKNOWN


def test_a_digest_copied_onto_another_row_opens_nothing(person: User, stranger: User) -> None:
    hers, text = token_of(person)
    theirs, _ = token_of(stranger)
    # Somebody who can write into the database knows the secret of a token of their own.
    Token.objects.filter(pk=theirs.pk).update(digest=hers.digest)
    copied = Written(theirs.public_id, Written.read(text).secret)
    assert refused(f"Bearer {copied.text}") == Refusal.UNKNOWN
    Token.objects.filter(pk=hers.pk).update(user=stranger)
    assert refused(f"Bearer {text}") == Refusal.UNKNOWN


def test_a_token_ends_at_its_very_moment(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token, text = token_of(person)
    monkeypatch.setattr(timezone, "now", lambda: token.expires_at - timedelta(microseconds=1))
    assert authenticate(f"Bearer {text}", ADDRESS) == person
    monkeypatch.setattr(timezone, "now", lambda: token.expires_at)
    assert refused(f"Bearer {text}") == Refusal.EXPIRED


def test_a_token_ends_with_its_person_and_comes_back_with_them(person: User) -> None:
    _, text = token_of(person)
    User.objects.update(is_active=False)
    assert refused(f"Bearer {text}") == Refusal.PERSON_OFF
    User.objects.update(is_active=True)
    assert authenticate(f"Bearer {text}", ADDRESS) == person


def test_who_does_not_know_the_secret_learns_nothing_of_a_token(person: User) -> None:
    token, text = token_of(person)
    tokens.revoke(person, token.pk)
    assert refused(f"Bearer {text}") == Refusal.REVOKED
    guess = replace(Written.read(text), secret="0" * 43)
    assert refused(f"Bearer {guess.text}") == Refusal.UNKNOWN


def test_switched_off_lets_nobody_in(person: User, configured: Callable[..., None]) -> None:
    _, text = token_of(person)
    configured(api=False)
    assert refused(f"Bearer {text}") == refused("") == Refusal.OFF


def test_the_last_use_is_stored_once_a_minute(person: User) -> None:
    token, text = token_of(person)
    authenticate(f"Bearer {text}", ADDRESS)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    assert token.last_address == ADDRESS
    with CaptureQueriesContext(connection) as asked:
        authenticate(f"Bearer {text}", "192.0.2.8")
    assert len(asked) == 1
    token.refresh_from_db()
    assert (token.last_used_at, token.last_address) == (first, ADDRESS)
    Token.objects.update(last_used_at=first - timedelta(minutes=1))
    authenticate(f"Bearer {text}", "192.0.2.8")
    token.refresh_from_db()
    assert token.last_address == "192.0.2.8"


def test_a_token_outlives_the_rotation_of_its_key_once_it_was_used(
    person: User, configured: Callable[..., None], settings: Any
) -> None:
    _, text = token_of(person)
    old = list(settings.E164WEB.credential_keys)
    new = Fernet.generate_key().decode()
    configured(credential_keys=[new])
    assert refused(f"Bearer {text}") == Refusal.UNKNOWN
    configured(credential_keys=[new, *old])
    authenticate(f"Bearer {text}", ADDRESS)
    configured(credential_keys=[new])
    assert authenticate(f"Bearer {text}", ADDRESS) == person


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expires"),
        ({"expires_at": timezone.now() + timedelta(days=366)}, "expires"),
        ({"name": " "}, "name"),
        ({"name": "a\x07"}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"scope": "own"}, "scope"),
        ({"beginnings": ["+44"]}, "digits"),
        ({"beginnings": ["44", "٤٤"]}, "digits"),
        ({"beginnings": ["44\n"]}, "digits"),
        ({"beginnings": ["4" * 201]}, "digits"),
        ({"credentials": []}, "credentials"),
    ],
)
def test_terms_that_no_token_can_have_are_refused(person: User, terms: dict[str, object], field: str) -> None:
    with pytest.raises(BadTerms) as refusal:
        token_of(person, **terms)
    assert refusal.value.field == field
    assert str(refusal.value)
    assert not Token.objects.exists()


def test_nobody_makes_a_token_for_the_credential_of_somebody_else(stranger: User, credential: Credential) -> None:
    with pytest.raises(BadTerms):
        token_of(stranger, credentials=[credential])


def test_nobody_has_tokens_without_end(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.services.tokens.making.MOST", 2)
    first, _ = token_of(person)
    token_of(person)
    with pytest.raises(BadTerms, match="2 tokens"):
        token_of(person)
    tokens.revoke(person, first.pk)
    assert token_of(person)


def test_no_token_makes_or_revokes_tokens(person: User) -> None:
    token, text = token_of(person, scope=Scope.WRITE)
    acting = authenticate(f"Bearer {text}", ADDRESS)
    with pytest.raises(PermissionDenied):
        token_of(acting)
    with pytest.raises(Http404):
        tokens.revoke(acting, token.pk)


def test_nobody_revokes_the_token_of_somebody_else_but_an_administrator(
    person: User, stranger: User, admin_user: User
) -> None:
    token, _ = token_of(person)
    with pytest.raises(Http404):
        tokens.revoke(stranger, token.pk)
    assert tokens.revoke(admin_user, token.pk).revoked_by == admin_user
    first = tokens.revoke(person, token.pk)
    assert first.revoked_by == admin_user  # the first counts
    assert [each.about for each in AuditEvent.objects.filter(event="token.revoked")] == [person]


def test_a_token_for_credentials_of_which_none_is_left_says_so(person: User, credential: Credential) -> None:
    _, text = token_of(person, credentials=[credential])
    assert authenticate(f"Bearer {text}", ADDRESS) == person
    credential.delete()
    assert refused(f"Bearer {text}") == Refusal.NOTHING_LEFT
