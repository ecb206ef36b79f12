"""Teams follow the groups that a real provider names at a sign-in."""

import logging

import pytest

from dashboard.models import Membership, Role, Team, User
from tests.e164web.sign_in.oidc.conftest import Configure, RealProvider, Visitor

MAP = {
    "OIDC_REAL_TEAMS": "ops=Operations:editor; leads=Operations:manager; cn=desk,dc=x=Reception:viewer",
    "OIDC_REAL_ADMINISTRATORS": "root",
}


@pytest.fixture
def mapped(configure: Configure, real: RealProvider) -> RealProvider:
    configure(more=MAP)
    return real


def roles(name: str) -> dict[str, str]:
    return {each.team.name: each.role for each in Membership.objects.filter(user__username=name)}


def test_a_person_gets_a_team_by_group_and_loses_it_at_the_next_sign_in(
    mapped: RealProvider, visitor: Visitor, person: User
) -> None:
    team = Team.objects.create(name="operations")
    Membership.objects.create(team=team, user=person, role=Role.MANAGER)
    mapped.has("gain", preferred_username="gina", groups=["ops", "other"])
    visitor.sign_in(mapped, "gain")
    assert roles("gina") == {"operations": "editor"}

    mapped.has("gain", preferred_username="gina", groups=["other"])
    Visitor().sign_in(mapped, "gain")
    assert roles("gina") == {}
    assert roles("alice") == {"operations": "manager"}


def test_a_team_that_does_not_exist_is_made(mapped: RealProvider, visitor: Visitor) -> None:
    mapped.has("maker", preferred_username="mia", groups=["leads", "ops"])
    visitor.sign_in(mapped, "maker")
    assert roles("mia") == {"Operations": "manager"}
    assert list(Team.objects.values_list("name", flat=True)) == ["Operations"]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("ops", {"Operations": "editor"}),
        (["ops"], {"Operations": "editor"}),
        (["cn=desk,dc=x"], {"Reception": "viewer"}),
        (["OPS"], {}),
        ("ops,leads", {}),
        ([f"group {number}" for number in range(10_000)] + ["ops"], {"Operations": "editor"}),
    ],
)
def test_the_claim_may_be_a_list_or_a_text(
    mapped: RealProvider, visitor: Visitor, claim: object, expected: dict[str, str]
) -> None:
    mapped.has("claims", preferred_username="cleo", groups=claim)
    visitor.sign_in(mapped, "claims")
    assert roles("cleo") == expected


@pytest.mark.parametrize(
    "claims", [{}, {"groups": None}, {"groups": {"a": 1}}, {"groups": [{"name": "ops"}]}, {"groups": 7}]
)
def test_a_claim_that_is_missing_or_not_understood_changes_nothing_and_is_logged(
    mapped: RealProvider, visitor: Visitor, claims: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    mapped.has("missing", preferred_username="mo", groups=["ops", "root"])
    visitor.sign_in(mapped, "missing")
    mapped.has("missing", preferred_username="mo", **claims)
    with caplog.at_level(logging.WARNING):
        Visitor().sign_in(mapped, "missing")

    assert roles("mo") == {"Operations": "editor"}
    assert User.objects.get(username="mo").is_superuser
    assert "Real named no groups of mo" in caplog.text


@pytest.mark.parametrize("claim", [[], ""])
def test_an_empty_claim_is_no_missing_one(mapped: RealProvider, visitor: Visitor, claim: object) -> None:
    mapped.has("empty", preferred_username="ed", groups=["ops"])
    visitor.sign_in(mapped, "empty")
    mapped.has("empty", preferred_username="ed", groups=claim)
    Visitor().sign_in(mapped, "empty")
    assert roles("ed") == {}


def test_the_claim_has_the_name_that_the_settings_give(
    configure: Configure, mapped: RealProvider, visitor: Visitor
) -> None:
    configure(more={"OIDC_REAL_GROUPS_CLAIM": "https://example.org/roles"})
    mapped.has("named", preferred_username="nora", groups=["leads"], **{"https://example.org/roles": ["ops"]})
    visitor.sign_in(mapped, "named")
    assert roles("nora") == {"Operations": "editor"}


def test_the_last_manager_stays(mapped: RealProvider, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    mapped.has("last", preferred_username="lea", groups=["leads"])
    visitor.sign_in(mapped, "last")
    mapped.has("last", preferred_username="lea", groups=[])
    Visitor().sign_in(mapped, "last")
    assert roles("lea") == {"Operations": "manager"}
    assert "lea stays a manager of Operations" in caplog.text


def test_the_last_administrator_stays(mapped: RealProvider, visitor: Visitor, person: User) -> None:
    mapped.has("root", preferred_username="rut", groups=["root"])
    visitor.sign_in(mapped, "root")
    assert visitor.get("/admin/").status_code == 200
    mapped.has("root", preferred_username="rut", groups=[])
    Visitor().sign_in(mapped, "root")
    assert User.objects.get(username="rut").is_superuser

    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    Visitor().sign_in(mapped, "root")
    assert not User.objects.get(username="rut").is_superuser
    assert visitor.get("/admin/").status_code == 302


def test_without_a_map_nothing_follows(real: RealProvider, visitor: Visitor, team: Team) -> None:
    real.has("plain", preferred_username="pia", groups=["Office", "root"])
    visitor.sign_in(real, "plain")
    assert roles("pia") == {}
    assert not User.objects.get(username="pia").is_superuser
