"""People, and their credentials at the embedded registry and at one on a real socket."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard import access, vault
from dashboard.models import EMBEDDED_URL, Credential, Membership, Registry, Role, Share, Team, User
from dashboard.protocol import secret_of
from dashboard.registry.models import Account
from dashboard.registry.samples import make_sample_account
from tests.faulty_registry import FaultyRegistry

PASSWORD = "a long password of alice"
REGISTRY_PASSWORD = "secret at the registry"


@pytest.fixture
def quick_hasher(settings: object) -> None:
    """Tests that sign in a hundred times need no slow hash; those of the hash itself do not use this."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def person(db: None, quick_hasher: None) -> User:
    """Alice, who owns things."""
    return User.objects.create_user("alice", password=PASSWORD)


@pytest.fixture
def stranger(db: None, quick_hasher: None) -> User:
    """Mallory, to whom none of it belongs."""
    return User.objects.create_user("mallory", password="a long password of mallory")


@pytest.fixture
def team(person: User) -> Team:
    """The office, which Alice manages."""
    made = Team.objects.create(name="Office")
    Membership.objects.create(team=made, user=person, role=Role.MANAGER)
    return made


@pytest.fixture
def viewer(team: Team) -> User:
    """Victor, who only looks."""
    return member(team, "victor", Role.VIEWER)


@pytest.fixture
def editor(team: Team) -> User:
    """Edith, who changes records."""
    return member(team, "edith", Role.EDITOR)


@pytest.fixture
def manager(team: Team) -> User:
    """Mona, who manages the office too."""
    return member(team, "mona", Role.MANAGER)


def member(team: Team, name: str, role: Role) -> User:
    """A person who is in a team."""
    made = User.objects.create_user(name, password=f"a long password of {name}")
    Membership.objects.create(team=team, user=made, role=role)
    return made


def share(credential: Credential, team: Team, role: Role = Role.MANAGER) -> Share:
    """A credential in a team, without a bound of its own unless one is given."""
    return Share.objects.create(credential=credential, team=team, role=role)


def allowed(person: User, credential: Credential) -> access.May | None:
    """What a person may do with a credential; None for a stranger."""
    found = access.credentials(person).filter(pk=credential.pk).first()
    for may in access.May:  # the short way to the ids leads to the same
        assert (access.rights(person).get(credential.pk, 0) >= may) == (found is not None and found.may >= may)
    return None if found is None else access.May(found.may)


@pytest.fixture
def browser_of() -> Callable[[User], Browser]:
    """A signed-in browser that enforces CSRF protection as a real one meets it."""

    def sign_in(user: User) -> Browser:
        browser = Browser()
        browser.force_login(user)
        return browser

    return sign_in


@pytest.fixture
def alice(person: User, browser_of: Callable[[User], Browser]) -> Browser:
    """Alice's browser."""
    return browser_of(person)


@pytest.fixture
def mallory(stranger: User, browser_of: Callable[[User], Browser]) -> Browser:
    """Mallory's browser."""
    return browser_of(stranger)


@pytest.fixture
def embedded(db: None) -> Registry:
    """The registry inside this process."""
    return Registry.objects.create(name="This registry", url=EMBEDDED_URL)


@pytest.fixture
def account(embedded: Registry, quick_hasher: None) -> Account:
    """An account there, with the sample numbers and records."""
    return make_sample_account("alice", REGISTRY_PASSWORD)


@pytest.fixture
def credential(person: User, embedded: Registry, account: Account) -> Credential:
    """Alice's credential for that account."""
    return sealed_credential(person, embedded, "alice", secret_of(REGISTRY_PASSWORD), "Embedded")


@pytest.fixture
def remote(person: User, registry: FaultyRegistry) -> Credential:
    """Alice's credential at a registry on a real socket, which can be made to fail."""
    elsewhere = Registry.objects.create(name="Elsewhere", url=registry.url, ca_bundle=registry.ca_path)
    return sealed_credential(person, elsewhere, registry.username, registry.secret, "Remote")


def sealed_credential(person: User, registry: Registry, username: str, secret: str, label: str) -> Credential:
    """A stored credential that works, without asking its registry first."""
    credential = Credential.objects.create(user=person, registry=registry, username=username, label=label)
    credential.sealed = vault.seal(credential, secret)
    credential.services = ["SIP", "IAX2", "MAILTO"]
    credential.save()
    return credential
