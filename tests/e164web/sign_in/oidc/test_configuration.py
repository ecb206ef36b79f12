"""Providers in the environment, each setting good, bad and misspelt."""

import itertools
from pathlib import Path

import pytest

from dashboard.models import Role
from e164web import conf
from e164web.environment import PREFIX
from e164web.sign_in.oidc.configuration import ROLES, TeamRule

SECRET = "the client's secret"


def read(folder: Path, **more: str) -> conf.Configuration:
    """An environment with one good provider, and these settings in place of its own."""
    good = {
        "DATA_DIR": str(folder / "var"),
        "OIDC_PROVIDERS": "kc",
        "OIDC_KC_URL": "https://login.example.org/realms/staff",
        "OIDC_KC_CLIENT_ID": "e164web",
        "OIDC_KC_CLIENT_SECRET": SECRET,
    }
    return conf.read({PREFIX + name: value for name, value in (good | more).items()}, folder)


def said(configuration: conf.Configuration) -> list[tuple[str, str]]:
    return [(problem.id.removeprefix("e164web."), problem.message) for problem in configuration.problems]


def test_a_provider_has_an_address_an_id_and_a_secret(tmp_path: Path) -> None:
    configuration = read(tmp_path)
    assert configuration.problems == []
    (provider,) = configuration.oidc_providers
    assert (provider.name, provider.title) == ("kc", "Kc")
    assert provider.url == "https://login.example.org/realms/staff"
    assert (provider.client_id, provider.client_secret) == ("e164web", SECRET)
    assert provider.scopes == ["openid", "profile", "email"]
    assert provider.groups_claim == "groups"
    assert provider.known_groups == frozenset()


def test_no_secret_is_shown(tmp_path: Path) -> None:
    configuration = read(tmp_path, OIDC_KC_URL="x", OIDC_KC_TEAMS="x", OIDC_OTHER_CLIENT_SECRET=SECRET)
    assert len(configuration.problems) == 3
    assert SECRET not in repr(configuration)


def test_the_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    configuration = read(tmp_path, OIDC_KC_CLIENT_SECRET="", OIDC_KC_CLIENT_SECRET_FILE=str(tmp_path / "secret"))
    assert configuration.problems == []
    assert configuration.oidc_providers[0].client_secret == SECRET


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("URL", "https://a.example/", "url", "https://a.example"),
        ("URL", "https://a.example/o/.well-known/openid-configuration", "url", "https://a.example/o"),
        ("URL", "http://localhost:9400", "url", "http://localhost:9400"),
        ("URL", "http://[::1]:9400", "url", "http://[::1]:9400"),
        ("SCOPES", "openid groups", "scopes", ["openid", "groups"]),
        ("LABEL", "Our staff", "title", "Our staff"),
        ("ADMINISTRATORS", "a; b c ;", "administrators", ["a", "b c"]),
        ("ADMITTED", "cn=x,dc=y", "admitted", ["cn=x,dc=y"]),
        ("TEAMS", "", "teams", []),
        ("TEAMS", "/ops=Office:editor; cn=a,ou=b:c = Back office : viewer;", "teams", [
            TeamRule(group="/ops", team="Office", role="editor"),
            TeamRule(group="cn=a,ou=b:c", team="Back office", role="viewer"),
        ]),
    ],
)  # fmt: skip
def test_a_good_value_is_taken(tmp_path: Path, name: str, text: str, field: str, value: object) -> None:
    configuration = read(tmp_path, **{f"OIDC_KC_{name}": text})
    assert configuration.problems == []
    assert getattr(configuration.oidc_providers[0], field) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *itertools.product(["URL"], [
            "login.example.org", "http://login.example.org", "ftp://a.example", "https://", "https://u:p@a.example/",
            "https://a.example/?x=1", "https://a.example/#x", "https://a b/", "https://a.example:0/", "https://[::1/",
            "https://a.example:99999/", "http://localhost.evil.example/", "https://bücher.example/", "https://a/\"><b>",
        ]),
        *itertools.product(["TEAMS"], [
            "x", "a=b", "a=b:owner", "a=b:Editor", "=b:editor", "a=:editor", "a=b:editor; a=B:viewer",
            f"a={'x' * 101}:editor", "a=b\x07:editor",
        ]),
        *itertools.product(["SCOPES"], ["profile email", "openid \"x\""]),
        ("LABEL", "x" * 101), ("LABEL", "a\x00b"), ("ADMITTED", "a\x00b"), ("CLIENT_ID", "a\x00b"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_by_its_name(tmp_path: Path, name: str, text: str) -> None:
    problems = said(read(tmp_path, **{f"OIDC_KC_{name}": text}))
    assert [id_ for id_, _message in problems] == ["E002"]
    assert problems[0][1].startswith(f"E164WEB_OIDC_KC_{name} cannot be used: it must be")


@pytest.mark.parametrize("text", ["Keycloak", "a-b", "a_b", "1a", "a a", "a,b", "ä", "x" * 31])
def test_a_name_that_makes_no_variable_is_refused(tmp_path: Path, text: str) -> None:
    assert said(read(tmp_path, OIDC_PROVIDERS=text))[0][0] == "E002"


def test_what_is_misspelt_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    configuration = read(tmp_path, OIDC_KC_CLIENTID="e164web")
    assert said(configuration) == [("E001", "E164WEB_OIDC_KC_CLIENTID is no setting of e164web.")]
    assert configuration.problems[0].hint == "Did you mean E164WEB_OIDC_KC_CLIENT_ID?"


def test_the_settings_of_a_provider_that_is_not_named_are_refused(tmp_path: Path) -> None:
    assert said(read(tmp_path, OIDC_PROVIDERS="", OIDC_KC_URL="")) == [
        ("E030", f"E164WEB_OIDC_KC_{name} is set, but E164WEB_OIDC_PROVIDERS does not name its provider.")
        for name in ("CLIENT_ID", "CLIENT_SECRET", "URL")
    ]


@pytest.mark.parametrize("name", ["URL", "CLIENT_ID"])
def test_what_is_needed_is_asked_for(tmp_path: Path, name: str) -> None:
    assert said(read(tmp_path, **{f"OIDC_KC_{name}": ""})) == [
        ("E031", f"The provider kc lacks E164WEB_OIDC_KC_{name}.")
    ]


def test_two_providers_have_two_addresses(tmp_path: Path) -> None:
    two = {"OIDC_PROVIDERS": "kc other", "OIDC_OTHER_CLIENT_ID": "e164web"}
    configuration = read(tmp_path, **two, OIDC_OTHER_URL="https://b.example")
    assert configuration.problems == []
    assert [provider.name for provider in configuration.oidc_providers] == ["kc", "other"]
    same = read(tmp_path, **two, OIDC_OTHER_URL="https://login.example.org/realms/staff/")
    assert [id_ for id_, _message in said(same)] == ["E032"]


def test_a_bundle_needs_a_provider(tmp_path: Path) -> None:
    import trustme

    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    assert read(tmp_path, OIDC_CA=str(tmp_path / "ca.pem")).problems == []
    alone = conf.read({f"{PREFIX}OIDC_CA": str(tmp_path / "ca.pem")}, tmp_path)
    assert [id_ for id_, _message in said(alone)] == ["E005"]


def test_passwords_are_switched_off_only_where_there_is_another_way(tmp_path: Path) -> None:
    assert read(tmp_path, LOCAL_LOGIN="0").problems == []
    assert not read(tmp_path, LOCAL_LOGIN="0").local_login
    alone = conf.read({f"{PREFIX}LOCAL_LOGIN": "0"}, tmp_path)
    assert [id_ for id_, _message in said(alone)] == ["E034"]


def test_roles_are_those_of_teams() -> None:
    assert tuple(Role.values) == ROLES


def test_a_header_needs_a_proxy_that_may_send_it(tmp_path: Path) -> None:
    assert [id_ for id_, _message in said(read(tmp_path, REMOTE_USER_HEADER="X-Remote-User"))] == ["E033"]
    both = read(tmp_path, REMOTE_USER_HEADER="X-Remote-User", TRUSTED_PROXIES="127.0.0.1")
    assert both.problems == []
    assert both.remote_user_header == "X-Remote-User"


@pytest.mark.parametrize(
    "text",
    ["X_Remote_User", "X Remote", "Cookie", "host", "X-Forwarded-For", "Authorization", "X-Remote:", "é", "If-None"],
)
def test_a_header_with_another_meaning_is_refused(tmp_path: Path, text: str) -> None:
    assert [id_ for id_, _message in said(read(tmp_path, REMOTE_USER_HEADER=text, TRUSTED_PROXIES="::1"))] == ["E002"]
