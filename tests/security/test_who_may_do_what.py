"""Every address and method of the project, as each kind of person, against the table of docs/security.md."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from dashboard.models import Change, Credential, RecordTemplate, Role, Team, User
from dashboard.registry.models import Number
from dashboard.services import search, telling, transfer
from dashboard.services.people import invite
from e164web import conf
from e164web.environment import PREFIX
from tests.fixtures_jobs import job_of
from tests.fixtures_people import share
from tests.fixtures_tokens import token_of
from tests.fixtures_told import watch
from tests.ports import free_port
from tests.second_factors import give_all_factors
from tests.test_architecture import ROOT

PEOPLE = ["stranger", "viewer", "editor", "manager", "owner", "administrator"]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
ADMIN = "/admin/"
API = "/api/v1/"
SIGN_IN = "/accounts/login/"


@dataclass(frozen=True)
class Line:
    """A line of the table: what each of PEOPLE gets."""

    address: str
    methods: tuple[str, ...]
    answers: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        """Whether nobody is asked to sign in."""
        return "public" in self.answers


def read_table(title: str = "Who may do what") -> Iterator[Line]:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    section = text.partition(f"## {title}")[2].partition("\n## ")[0]
    for row in re.findall(r"^\| `(.*)$", section, re.MULTILINE):
        address, methods, *answers = (cell.strip() for cell in row.strip("| ").split("|"))
        yield Line(address.partition("`")[0], tuple(methods.split(", ")), tuple(answers))


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """All addresses of the project, with their parameters' names."""
    for pattern in patterns:
        address = before + re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        else:
            yield address


TABLE = list(read_table())
ALL = set(addresses(get_resolver().url_patterns))
# What is below the API has a table of its own (test_what_programs_may_do.py).
OF_API = sorted(one for one in ALL if one.startswith(API))
ADDRESSES = sorted(ALL - {one for one in ALL if one.startswith(ADMIN)} - set(OF_API))
# Signing out, and what only leads elsewhere, is for anybody.
ANYBODYS = {"/admin/logout/", "/admin/password_change/", "/admin/r/<content_type_id>/<object_id>/"}
OF_ADMIN = sorted(one for one in ALL - ANYBODYS if one.startswith(ADMIN) and "?P<" not in one)
LINES = [(line, method) for line in TABLE if line.address != ADMIN for method in line.methods]


@pytest.fixture
def people(
    stranger: User, viewer: User, editor: User, manager: User, person: User, admin_user: User
) -> dict[str, Browser]:
    """A browser of each of PEOPLE."""
    found = {}
    for kind, who in zip(PEOPLE, (stranger, viewer, editor, manager, person, admin_user), strict=True):
        found[kind] = Browser()
        found[kind].force_login(who)
    return found


@pytest.fixture
def fill(team: Team, credential: Credential, person: User, settings: Any) -> Callable[[str], str]:
    """Put what there is into an address: Alice's credential, shared with the team, one of its records, a change.

    There is a sign-in provider, which is down, and a link that nobody made.
    """
    down = f"http://127.0.0.1:{free_port()}"
    own = {"OIDC_PROVIDERS": "down", "OIDC_DOWN_URL": down, "OIDC_DOWN_CLIENT_ID": "e164web"}
    provided = conf.read({f"{PREFIX}{name}": value for name, value in own.items()}, settings.E164WEB.data_dir)
    settings.E164WEB = replace(settings.E164WEB, oidc_providers=provided.oidc_providers)
    share(credential, team)
    number = Number.objects.order_by("pk")[0]
    change = Change.objects.create(
        user=person,
        person="alice",
        credential=credential,
        command="delete",
        number_id=number.pk,
        number=number.digits,
    )
    of = {"credentials": credential.pk, "history": change.pk, "teams": team.pk, "accounts": give_all_factors(person)}
    of["tokens"] = token_of(person)[0].pk
    of["import"] = transfer.keep(person, credential.pk, [b"number\n"], options=transfer.Options()).pk
    values: dict[str, int | str] = {"number_id": number.pk, "record_id": number.records.order_by("pk")[0].pk}
    waiting = EmailAddress.objects.create(user=person, email="alice@example.org")
    values |= {"uidb36": "1", "key": EmailConfirmationHMAC.create(waiting).key}
    values |= {"provider_id": "down", "token": "none"}
    invitation = invite(person, team.pk, role=Role.VIEWER, email="", link_of=str)
    values |= {"invitation": invitation.invitation.pk, "member": team.memberships.get(user=person).pk}
    of["jobs"] = of["bulk"] = job_of(person, credential).pk
    Team.objects.update(approval_above=0)
    of["templates"] = RecordTemplate.objects.create(team=team, name="Desk").pk
    of["search"] = search.save_search(person, "Office", "host:pbx-old", team=team.pk).pk
    of["watches"] = watch(person, credential, team=team.pk).pk
    webhook, _secret = telling.add_webhook(person, "https://hooks.example.org/", team=team.pk)
    telling.send_test(person, webhook.pk)
    values |= {"webhook": webhook.pk, "message": webhook.messages.get().pk}

    def filled(address: str) -> str:
        now = values | {"pk": of.get(address.split("/")[1], 0)}
        if address.startswith("/invitations/"):
            now["token"] = invitation.link
        return re.sub(r"<(\w+)>", lambda found: str(now[found[1]]), address)

    return filled


def answer_to(browser: Browser, method: str, address: str) -> str:
    response: Any = browser.generic(method, address)
    # The admin's own page for signing in leads to ours, or refuses who has signed in already.
    if response.status_code == 302 and response["Location"].startswith("/admin/login/"):
        response = browser.get(response["Location"])
    if response.status_code == 302 and response["Location"].startswith(SIGN_IN):
        return "sign in"
    return str(response.status_code) if response.status_code in {403, 404, 405} else "yes"


def test_every_address_is_in_the_table_and_the_table_has_no_other() -> None:
    assert {line.address for line in TABLE} - {ADMIN} == set(ADDRESSES)


def test_no_address_has_two_answers() -> None:
    keys = [(line.address, method) for line in TABLE for method in line.methods]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("person_kind", PEOPLE)
@pytest.mark.parametrize(("line", "method"), LINES, ids=lambda part: getattr(part, "address", part))
def test_an_answer_is_that_of_the_table(
    people: dict[str, Browser], fill: Callable[[str], str], line: Line, method: str, person_kind: str
) -> None:
    answer = answer_to(people[person_kind], method, fill(line.address))
    if line.is_public:
        assert answer not in {"403", "404", "405"}
    else:
        assert answer == line.answers[PEOPLE.index(person_kind)]


@pytest.mark.parametrize(("line", "method"), LINES, ids=lambda part: getattr(part, "address", part))
def test_who_has_not_signed_in_is_asked_to_but_for_what_is_public(
    anonymous: Browser, fill: Callable[[str], str], line: Line, method: str
) -> None:
    answer = answer_to(anonymous, method, fill(line.address))
    # Who signs out, or has verified an address, is led to signing in as well.
    leads = line.address.endswith(("/logout/", "/confirm-email/<key>/"))
    assert answer == "sign in" if not line.is_public else leads or answer == "yes"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_method_that_is_not_in_the_table_is_refused(
    people: dict[str, Browser], fill: Callable[[str], str], address: str
) -> None:
    known = {method for line in TABLE if line.address == address for method in line.methods}
    for method in set(METHODS) - known:
        assert answer_to(people["owner"], method, fill(address)) == "405"


@pytest.mark.parametrize("address", OF_ADMIN)
def test_the_administration_is_for_administrators(
    people: dict[str, Browser], anonymous: Browser, address: str
) -> None:
    filled = re.sub(r"<[\w:]+>", "1", address)
    for method in ("GET", "POST"):
        for kind in ("stranger", "viewer", "editor", "manager", "owner"):
            assert answer_to(people[kind], method, filled) == "403"
        assert answer_to(anonymous, method, filled) == "sign in"
