"""The first start as services: people, and the registries that an administrator allows."""

import re
from dataclasses import dataclass

import pytest

from dashboard.models import EMBEDDED_URL, Registry, User
from dashboard.services import installation
from dashboard.services.installation import NotInstallable
from tests.faulty_registry.certificates import ca_path
from tests.fixtures_audit import last


@dataclass(frozen=True)
class Wanted:
    """An entry of E164WEB_REGISTRIES."""

    name: str
    url: str


ELSEWHERE = Wanted("Elsewhere", "https://registry.example/api")


def test_passwords_are_long_random_and_can_be_typed() -> None:
    made = {installation.random_password() for _ in range(100)}

    assert len(made) == 100
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}", password) for password in made)


def test_the_first_start_is_over_once_somebody_can_sign_in(db: None, quick_hasher: None) -> None:
    before = installation.is_first_start()
    administrator = installation.make_administrator("a password")

    assert before
    assert not installation.is_first_start()
    assert administrator.is_superuser
    assert User.objects.get().check_password("a password")
    assert (last().event, last().about, last().by) == ("person.made", administrator, None)


def test_the_embedded_registry_is_made_once_whatever_its_name(db: None) -> None:
    made = installation.allow_embedded_registry()
    Registry.objects.update(name="Our numbers")
    again = installation.allow_embedded_registry()

    assert again == made
    assert Registry.objects.get().url == EMBEDDED_URL


def test_registries_of_the_environment_are_made_once(db: None) -> None:
    (made,) = installation.allow_registries([ELSEWHERE], "")
    Registry.objects.update(name="Renamed", is_enabled=False)
    (again,) = installation.allow_registries([ELSEWHERE], "")

    assert again == made
    assert (again.name, again.is_enabled) == ("Renamed", False)


def test_a_bundle_of_certificates_is_renewed_and_never_taken_away(db: None) -> None:
    installation.allow_registries([ELSEWHERE], "")
    installation.allow_registries([ELSEWHERE], ca_path())
    installation.allow_registries([ELSEWHERE], "")

    assert Registry.objects.get().ca_bundle == ca_path()


def test_a_name_never_moves_to_another_address(db: None) -> None:
    installation.allow_registries([ELSEWHERE], "")
    with pytest.raises(NotInstallable, match=r"exists with the address https://registry\.example/api"):
        installation.allow_registries([Wanted("Elsewhere", "https://evil.example/api")], "")

    assert Registry.objects.get().url == ELSEWHERE.url


@pytest.mark.parametrize(
    ("url", "bundle"),
    [("http://registry.example/", ""), ("https://u:p@registry.example/", ""), (ELSEWHERE.url, "/nowhere")],
)
def test_what_the_client_would_not_speak_to_is_refused(db: None, url: str, bundle: str) -> None:
    with pytest.raises(NotInstallable, match="Elsewhere"):
        installation.allow_registries([Wanted("Elsewhere", url)], bundle)

    assert not Registry.objects.exists()
