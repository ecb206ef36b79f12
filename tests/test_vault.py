"""A secret opens only with a key of this installation, and only for its own credential."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet

from dashboard import vault
from dashboard.models import EMBEDDED_URL, Credential, Registry, User
from dashboard.protocol import secret_of

SECRET = secret_of("hunter2")
OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
UseKeys = Callable[..., None]


@pytest.fixture
def use_keys(settings: Any) -> UseKeys:
    """Go on as after a restart with other keys."""

    def use(*keys: str) -> None:
        settings.E164WEB = replace(settings.E164WEB, credential_keys=list(keys))

    return use


@pytest.fixture
def mine(person: User, embedded: Registry, use_keys: UseKeys) -> Credential:
    """A credential of Alice's, sealed under the old key."""
    use_keys(OLD)
    return stored(person, embedded, "alice", "Mine")


def stored(person: User, registry: Registry, username: str, label: str) -> Credential:
    credential = Credential.objects.create(user=person, registry=registry, username=username, label=label)
    credential.sealed = vault.seal(credential, SECRET)
    credential.save()
    return credential


def test_a_sealed_secret_opens_again(mine: Credential) -> None:
    assert vault.unseal(Credential.objects.get(pk=mine.pk)) == SECRET


def test_the_sealed_text_shows_nothing_and_is_never_the_same(mine: Credential) -> None:
    again = vault.seal(mine, SECRET)
    assert SECRET not in mine.sealed
    assert again != mine.sealed
    assert vault.unseal(mine) == SECRET


def test_a_credential_that_is_not_stored_cannot_be_sealed_for(person: User, embedded: Registry) -> None:
    with pytest.raises(ValueError, match="must be stored"):
        vault.seal(Credential(user=person, registry=embedded, username="alice", label="New"), SECRET)


def test_a_row_copied_onto_another_credential_does_not_open(
    mine: Credential, stranger: User, embedded: Registry
) -> None:
    theirs = stored(stranger, embedded, "mallory", "Theirs")
    theirs.sealed = mine.sealed
    with pytest.raises(vault.SealError):
        vault.unseal(theirs)
    with pytest.raises(vault.SealError):
        vault.reseal(theirs)


def test_a_credential_that_is_handed_to_somebody_else_still_opens(mine: Credential, stranger: User) -> None:
    mine.user = stranger
    mine.save()
    assert vault.unseal(Credential.objects.get(pk=mine.pk)) == SECRET


def test_a_row_whose_user_name_was_altered_does_not_open(mine: Credential) -> None:
    mine.username = "bob"
    with pytest.raises(vault.SealError):
        vault.unseal(mine)


def test_a_row_that_was_pointed_at_another_registry_does_not_open(mine: Credential) -> None:
    mine.registry = Registry.objects.create(name="Evil", url="https://evil.example/api")
    with pytest.raises(vault.SealError):
        vault.unseal(mine)


def test_a_label_and_an_owner_may_change(mine: Credential, stranger: User) -> None:
    mine.label, mine.user = "Renamed", stranger
    assert vault.unseal(mine) == SECRET


@pytest.mark.parametrize("place", [0, 9, 40, -8])  # version, time, content, signature
def test_an_altered_text_does_not_open(mine: Credential, place: int) -> None:
    changed = "A" if mine.sealed[place] != "A" else "B"
    text = list(mine.sealed)
    text[place] = changed
    mine.sealed = "".join(text)
    with pytest.raises(vault.SealError):
        vault.unseal(mine)


@pytest.mark.parametrize("text", ["", "garbage", "é" * 40, "gAAAAA==", "\x00"])
def test_garbage_does_not_open(mine: Credential, text: str) -> None:
    mine.sealed = text
    with pytest.raises(vault.SealError):
        vault.unseal(mine)


def test_every_cut_of_a_sealed_text_does_not_open(mine: Credential) -> None:
    whole = mine.sealed
    for length in range(len(whole)):
        mine.sealed = whole[:length]
        with pytest.raises(vault.SealError):
            vault.unseal(mine)


def test_a_text_sealed_by_another_program_with_the_same_key_does_not_open(mine: Credential) -> None:
    mine.sealed = Fernet(OLD).encrypt(SECRET.encode()).decode()
    with pytest.raises(vault.SealError):
        vault.unseal(mine)


def test_without_its_key_a_secret_does_not_open(mine: Credential, use_keys: UseKeys) -> None:
    use_keys(OTHER)
    with pytest.raises(vault.SealError):
        vault.unseal(mine)


def test_a_failure_says_nothing_about_what_is_inside(mine: Credential, use_keys: UseKeys) -> None:
    use_keys(OTHER)
    with pytest.raises(vault.SealError) as caught:
        vault.unseal(mine)
    assert str(caught.value) == ""
    assert caught.value.__suppress_context__


def test_old_keys_go_on_opening(mine: Credential, use_keys: UseKeys) -> None:
    use_keys(NEW, OLD)
    assert vault.unseal(mine) == SECRET


def test_what_is_sealed_anew_opens_without_the_old_key(mine: Credential, use_keys: UseKeys) -> None:
    use_keys(NEW, OLD)
    sealed = vault.reseal(mine)
    assert sealed is not None
    mine.sealed = sealed
    assert vault.reseal(mine) is None
    use_keys(NEW)
    assert vault.unseal(mine) == SECRET


def test_sealing_anew_needs_a_key_that_opens(mine: Credential, use_keys: UseKeys) -> None:
    use_keys(NEW, OTHER)
    with pytest.raises(vault.SealError):
        vault.reseal(mine)


def test_only_the_secret_is_kept_of_a_password(mine: Credential) -> None:
    opened = Fernet(OLD).decrypt(mine.sealed.encode())
    assert b"hunter2" not in opened
    assert opened.endswith(SECRET.encode())
    assert mine.registry.url == EMBEDDED_URL
