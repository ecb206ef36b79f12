"""The environment is read strictly: each setting good, bad, misspelt and contradictory."""

import base64
import ipaddress
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from django.urls import URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from e164web import conf
from e164web.address import SiteAddress
from e164web.environment import PREFIX, variables
from e164web.parse import MIN_SECRET_KEY, RegistrySetting
from e164web.sign_in.oidc import configuration as oidc

NOBODY = 65_534
KEYS = [base64.urlsafe_b64encode(bytes([byte]) * 32).decode() for byte in (1, 2)]  # the same in every process


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def strangers_folder() -> Iterator[Path]:
    """A folder, and a file in it, that this process can see and may not touch, even where the tests run as root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key").write_text("s" * 60)
        (folder / "key").chmod(0)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(NOBODY)
        yield folder
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)


def read(data_dir: Path, **settings: str) -> conf.Configuration:
    """Read an environment of these settings, written without their prefix."""
    named = {"DATA_DIR": str(data_dir)} | settings
    environment = {PREFIX + name: value for name, value in named.items()}
    return conf.read(environment | {"PATH": "/bin", "LANG": "C"}, data_dir.parent)


def ids(configuration: conf.Configuration) -> list[str]:
    return [problem.id.removeprefix("e164web.") for problem in configuration.problems]


def test_an_empty_environment_is_a_good_one(tmp_path: Path) -> None:
    configuration = conf.read({}, tmp_path)
    assert configuration.problems == []
    assert configuration.data_dir == tmp_path / "var"
    assert configuration.bind == "127.0.0.1:8000"
    assert configuration.sample_data
    assert configuration.registries == []
    assert configuration.trusted_proxies == []
    assert configuration.admin_password == ""
    assert len(configuration.secret_key) >= MIN_SECRET_KEY
    assert len(configuration.credential_keys) == 1
    assert configuration.database["NAME"] == str(tmp_path / "var" / "e164web.sqlite3")


def test_a_relative_data_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    configuration = read(Path("here"))
    assert configuration.data_dir == tmp_path / "here"
    assert configuration.credential_keys_file == tmp_path / "here" / "credential.keys"


def test_a_data_folder_with_odd_characters_holds_the_database(tmp_path: Path) -> None:
    odd = tmp_path / "my %20 data #1?"
    configuration = read(odd)
    assert configuration.problems == []
    assert configuration.database["NAME"] == str(odd / "e164web.sqlite3")


def test_the_settings_that_tests_use_are_left_alone(data_dir: Path) -> None:
    assert ids(read(data_dir, TEST_REQUIRE="all")) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("SUFIX", "Did you mean E164WEB_SUFFIX?"),
        ("TRUSTED_PROXY", "Did you mean E164WEB_TRUSTED_PROXIES?"),
        ("SECRETKEY", "Did you mean E164WEB_SECRET_KEY?"),
        ("bind", "Unset it, or look it up in docs/settings.md."),
        ("XYZZY", "Unset it, or look it up in docs/settings.md."),
    ],
)
def test_a_misspelt_setting_is_refused_with_what_was_meant(data_dir: Path, name: str, hint: str) -> None:
    configuration = read(data_dir, **{name: "1"})
    assert ids(configuration) == ["E001"]
    problem = configuration.problems[0]
    assert problem.message == f"E164WEB_{name} is no setting of e164web."
    assert problem.hint == hint


GOOD = [
    ("BIND", "0.0.0.0:80", "bind", "0.0.0.0:80"),
    ("BIND", "[::1]:65535", "bind", "[::1]:65535"),
    ("BIND", "localhost:1", "bind", "localhost:1"),
    ("REGISTRIES", "A=https://a.example/api;B = https://b.example:8443/x=y?z=1 ;", "registries", [
        RegistrySetting(name="A", url="https://a.example/api"),
        RegistrySetting(name="B", url="https://b.example:8443/x=y?z=1"),
    ]),
    ("SAMPLE_DATA", "0", "sample_data", False),
    ("SAMPLE_DATA", "1", "sample_data", True),
    ("SAMPLE_DATA", "", "sample_data", True),
    ("ADMIN_PASSWORD", "correct horse", "admin_password", "correct horse"),
    ("TRUSTED_PROXIES", "192.0.2.1, 10.0.0.0/8,2001:db8::/32", "trusted_proxies", [
        ipaddress.ip_network(network) for network in ("192.0.2.1/32", "10.0.0.0/8", "2001:db8::/32")
    ]),
    ("SIGN_INS_PER_MINUTE", "500", "sign_ins", 500),
    ("ZONE", "1.4.E164.arpa.", "zone", "1.4.e164.arpa"),
    ("ZONE", "e164.arpa", "zone", "e164.arpa"),
    ("ZONE", "arpa", "zone", "arpa"),
    ("ZONE", "", "zone", ""),
    ("CONNECT_TIMEOUT", "2.5", "connect_timeout", 2.5),
    ("DEADLINE", "3600", "deadline", 3600.0),
    ("REPLY_LIMIT", "1024", "reply_limit", 1024),
    ("COUNTRY", "GB", "country", "GB"),
    ("COUNTRY", "jp", "country", "JP"),
    ("COUNTRY", "", "country", ""),
    ("WORKERS", "4", "workers", 4),
    ("THREADS", " 32 ", "threads", 32),
    ("API", "0", "api", False),
    ("TOKEN_DAYS", "3650", "token_days", 3650),
    ("API_RATE", "1", "api_rate", 1),
    ("SECRET_KEY", "s" * 50, "secret_key", "s" * 50),
    ("CREDENTIAL_KEYS", f"{KEYS[0]},{KEYS[1]}", "credential_keys", KEYS),
    ("CREDENTIAL_KEYS", f"{KEYS[0]} \n{KEYS[1]}\n", "credential_keys", KEYS),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "attribute", "value"), GOOD)
def test_a_good_value_is_taken(data_dir: Path, name: str, text: str, attribute: str, value: object) -> None:
    configuration = read(data_dir, **{name: text})
    assert configuration.problems == []
    assert getattr(configuration, attribute) == value


BAD = [
    *(("BIND", text) for text in (
        "8000", ":8000", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:http", "::1:8000", "*:8000",
        "http://127.0.0.1:8000", "127.0.0.1:8000/", "127.0.0.1:-1", "a b:80", "unix:/run/e164web",
    )),
    *(("REGISTRIES", text) for text in (
        "https://a.example/api", "A=http://a.example/api", "A=a.example", "=https://a.example/", "A=https://",
        "A=https://u:p@a.example/", "A=https://a.example/#x", "A=https://a.example:99999/", "A=https://a.example:0/",
        "A=https://a.example/ x", "A=https://a.example/;A=https://b.example/", "A=https://a.example/;B=https://a.example/",
        "A=embedded://registry/e164/api", "A=https://a.example/\x01", "A=https://[::1/",
    )),
    *(("SAMPLE_DATA", text) for text in ("yes", "true", "2", "-1")),
    *(("URL", text) for text in (
        "enum.example.org", "//enum.example.org/", "ftp://enum.example.org/", "https://", "https:///enum/", "https://*/",
        "https://user@enum.example.org/", "https://u:p@enum.example.org/", "https://enum.example.org/?", "https://a/?b=c",
        "https://enum.example.org/#", "https://a b/", "https://bücher.example/", "https://enum.example.org:0/",
        "https://enum.example.org:65536/", "https://enum.example.org:/", "https://enum.example.org:https/",
        "https://[2001:db8::1/", "https://2001:db8::1/", "https://[fe80::1%25eth0]/", "https://[2001:db8::g]/",
        "https://1.2.3/", "https://256.1.1.1/", "https://-a.example/", "https://a..b/", f"https://{'a' * 64}.de/",
        "https://a/b//c/", "https://a/../", "https://a/b/./", "https://a/b%2Fc/", "https://a/b c/", "https://a//",
        "https://a/b;c", "https://a\\b/", "https://.example.org/",
    )),
    *(("TRUSTED_PROXIES", text) for text in ("proxy.example.org", "10.0.0.1/8", "*", "10.0.0.0/33", "1.2.3")),
    *(("CONNECT_TIMEOUT", text) for text in ("0", "-1", "nan", "inf", "5s", "1e9")),
    *(("DEADLINE", text) for text in ("0", "soon", "3601")),
    *(("REPLY_LIMIT", text) for text in ("0", "32M", "1.5")),
    *(("COUNTRY", text) for text in ("UK", "44", "GBR", "G", "+44", "ZZ", "001", "United Kingdom")),
    *(("WORKERS", text) for text in ("0", "-2", "auto")),
    *(("THREADS", text) for text in ("0", "many")),
    *(("API", text) for text in ("no", "2")),
    *(("TOKEN_DAYS", text) for text in ("0", "3651", "for ever")),
    *(("API_RATE", text) for text in ("0", "many")),
    ("REGISTRY_CA", "/nowhere/ca.pem"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_bad_value_is_refused_with_what_it_must_be(data_dir: Path, name: str, text: str) -> None:
    more = {"REGISTRIES": "A=https://a.example/api"} if name == "REGISTRY_CA" else {}
    configuration = read(data_dir, **more, **{name: text})
    assert ids(configuration) == ["E002"]
    assert configuration.problems[0].message == f"E164WEB_{name} cannot be used: {conf.SETTINGS[name].expected}."
    assert getattr(configuration, name.lower()) == getattr(read(data_dir), name.lower())


@pytest.mark.parametrize("text", ["short", "s" * 49])
def test_a_short_secret_key_is_refused(data_dir: Path, text: str) -> None:
    assert ids(read(data_dir, SECRET_KEY=text)) == ["E007"]


@pytest.mark.parametrize("text", ["secret", KEYS[0][:-2], f"{KEYS[0]},nonsense", "ü", ","])
def test_credential_keys_that_are_none_are_refused(data_dir: Path, text: str) -> None:
    configuration = read(data_dir, CREDENTIAL_KEYS=text)
    assert ids(configuration) == ["E008"]
    assert configuration.credential_keys == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////srv/enum.sqlite3", "/srv/enum.sqlite3"),
        ("postgres://enum:pw@db.example:5433/enum", "enum"),
        ("postgresql://enum:p%40w@db.example/enum?sslmode=require", "enum"),
    ],
)
def test_a_database_address_is_taken(data_dir: Path, url: str, name: str) -> None:
    configuration = read(data_dir, DATABASE_URL=url)
    assert configuration.problems == []
    assert configuration.database["NAME"] == name


@pytest.mark.parametrize(
    "url",
    ["mysql://u:p@h/n", "sqlite://:memory:", "sqlite://", "postgres://h", "enum.sqlite3", "postgres://u@h:x/n", "//"],
)
def test_a_database_address_that_cannot_be_used_is_refused(data_dir: Path, url: str) -> None:
    configuration = read(data_dir, DATABASE_URL=url)
    assert ids(configuration) == ["E009"]
    assert configuration.database["ENGINE"] == "django.db.backends.sqlite3"


@pytest.mark.parametrize(
    "url", ["redis://h", "redis://u:p@h:6380/1", "rediss://:p@[::1]/0", "unix:///run/valkey.sock"]
)
def test_the_cache_may_be_valkey_over_tcp_tls_or_a_socket(data_dir: Path, url: str) -> None:
    configuration = read(data_dir, CACHE_URL=url)
    assert ids(configuration) == []
    assert configuration.cache == url


@pytest.mark.parametrize(
    "url", ["memcached://h", "redis://", "redis://h:0", "redis://h:x", "redis://a,redis://b", "h"]
)
def test_an_address_of_a_cache_that_cannot_be_used_is_refused_and_never_quoted(data_dir: Path, url: str) -> None:
    configuration = read(data_dir, CACHE_URL=url.replace("//", "//u:hunter2@") if "//h" in url else url)
    assert ids(configuration) == ["E035"]
    assert configuration.cache == ""
    assert "hunter2" not in repr(configuration)


def test_a_cache_without_its_client_is_refused(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conf, "find_spec", lambda _name: None)
    assert ids(read(data_dir, CACHE_URL="redis://h")) == ["E036"]


@pytest.mark.parametrize(
    ("name", "value"), [("LOG", "xml"), ("METRICS", "9464"), ("METRICS", "nowhere"), ("DRAIN", "-1"), ("DRAIN", "x")]
)
def test_how_it_is_run_is_read_strictly(data_dir: Path, name: str, value: str) -> None:
    assert ids(read(data_dir, **{name: value})) == ["E002"]


def test_how_it_is_run_has_defaults_that_change_nothing(data_dir: Path) -> None:
    configuration = read(data_dir, LOG="json", METRICS="[::1]:9464", DRAIN="2.5")
    assert (configuration.log, configuration.metrics, configuration.drain) == ("json", "[::1]:9464", 2.5)
    configuration = read(data_dir)
    assert (configuration.log, configuration.metrics, configuration.drain) == ("plain", "", 0)


@pytest.mark.parametrize(
    ("url", "origin", "prefix", "host"),
    [
        ("https://enum.example.org", "https://enum.example.org", "", "enum.example.org"),
        ("https://enum.example.org/", "https://enum.example.org", "", "enum.example.org"),
        ("HTTPS://Enum.Example.ORG./Enum", "https://enum.example.org", "/Enum", "enum.example.org"),
        ("https://enum.example.org:443/", "https://enum.example.org", "", "enum.example.org"),
        ("http://enum.example.org:80/", "http://enum.example.org", "", "enum.example.org"),
        ("https://enum.example.org:80/", "https://enum.example.org:80", "", "enum.example.org"),
        ("https://enum.example.org:8443/a/b/", "https://enum.example.org:8443", "/a/b", "enum.example.org"),
        ("http://192.0.2.1:8000/", "http://192.0.2.1:8000", "", "192.0.2.1"),
        ("https://[2001:DB8:0::1]:8443/", "https://[2001:db8::1]:8443", "", "[2001:db8::1]"),
        ("https://xn--bcher-kva.de/e.n-u_m~/", "https://xn--bcher-kva.de", "/e.n-u_m~", "xn--bcher-kva.de"),
        ("http://localhost/", "http://localhost", "", "localhost"),
    ],
)
def test_one_address_says_host_scheme_port_and_path(
    data_dir: Path, url: str, origin: str, prefix: str, host: str
) -> None:
    configuration = read(data_dir, URL=url)
    assert configuration.problems == []
    assert (configuration.url.origin, configuration.url.prefix) == (origin, prefix)
    assert str(configuration.url) == f"{origin}{prefix}/"
    assert configuration.allowed_hosts == sorted({host, "localhost", "127.0.0.1", "[::1]"})
    assert str(SiteAddress.parse(str(configuration.url))) == str(configuration.url)


@given(st.text(alphabet="htps:/[]@.-%~?#aZ019 \t\r\n\\ü", max_size=30).map("http://".__add__) | st.text(max_size=30))
def test_an_address_is_either_refused_or_says_the_same_when_it_is_read_again(text: str) -> None:
    try:
        address = SiteAddress.parse(text)
    except ValueError:
        return
    assert SiteAddress.parse(str(address)) == address
    assert re.fullmatch(r"https?://[a-z0-9._:\[\]-]+(/[A-Za-z0-9._~-]+)*/", str(address))


def test_the_address_of_the_server_itself_is_allowed_too(data_dir: Path) -> None:
    configuration = read(data_dir, BIND="192.0.2.7:80", URL="https://enum.example.org/")
    assert set(configuration.allowed_hosts) == {"enum.example.org", "192.0.2.7", "localhost", "127.0.0.1", "[::1]"}


def test_binding_to_every_address_allows_only_this_machine_by_name(data_dir: Path) -> None:
    for every in ("0.0.0.0:80", "[::]:80"):
        assert read(data_dir, BIND=every).allowed_hosts == ["127.0.0.1", "[::1]", "localhost"]


@pytest.mark.parametrize(
    ("bind", "host", "url"),
    [
        ("127.0.0.1:8000", "127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0:80", "0.0.0.0", "http://127.0.0.1/"),  # noqa: S104 -- nothing listens there
        ("[::]:81", "::", "http://[::1]:81/"),
        ("[2001:db8::1]:8000", "2001:db8::1", "http://[2001:db8::1]:8000/"),
    ],
)
def test_without_an_address_the_site_is_where_it_listens(data_dir: Path, bind: str, host: str, url: str) -> None:
    configuration = read(data_dir, BIND=bind)
    assert configuration.host == host
    assert str(configuration.url) == url


@pytest.mark.parametrize(
    ("old", "named", "address"),
    [
        ({"ALLOWED_HOSTS": "enum.example.org, b"}, "E164WEB_ALLOWED_HOSTS", "http://enum.example.org/"),
        ({"REQUIRE_TLS": "1"}, "E164WEB_REQUIRE_TLS", "https://HOST/"),
        (
            {"REQUIRE_TLS": "1", "ALLOWED_HOSTS": ".example.org", "URL": "https://a/"},
            "E164WEB_ALLOWED_HOSTS and E164WEB_REQUIRE_TLS",
            "https://example.org/",
        ),
    ],
)
def test_settings_that_the_address_replaced_are_refused_with_what_to_write(
    data_dir: Path, old: dict[str, str], named: str, address: str
) -> None:
    configuration = read(data_dir, **old)
    assert ids(configuration) == ["E016"]
    assert configuration.problems[0].message == f"E164WEB_URL took the place of {named}."
    assert address in configuration.problems[0].hint


def test_an_empty_setting_of_old_is_as_good_as_none(data_dir: Path) -> None:
    assert ids(read(data_dir, ALLOWED_HOSTS="", REQUIRE_TLS="")) == []


def test_no_path_may_be_taken_for_one_of_our_own(data_dir: Path) -> None:
    top = []
    for route in get_resolver().url_patterns:
        # What is included below nothing is at the top itself.
        top += route.url_patterns if isinstance(route, URLResolver) and not str(route.pattern) else [route]
    assert {str(one.pattern).partition("/")[0] for one in top} - {""} | {"static"} == conf.OWN_PATHS
    for path in conf.OWN_PATHS:
        assert ids(read(data_dir, URL=f"https://example.org/{path}/")) == ["E017"]
        assert ids(read(data_dir, URL=f"https://example.org/x/{path}/")) == []


@pytest.mark.parametrize("name", ["ADMIN_PASSWORD", "SECRET_KEY", "CREDENTIAL_KEYS"])
class TestSecretsFromFiles:
    value = {"ADMIN_PASSWORD": "correct horse", "SECRET_KEY": "s" * 60, "CREDENTIAL_KEYS": KEYS[0]}

    def attribute(self, configuration: conf.Configuration, name: str) -> str:
        found = getattr(configuration, name.lower())
        return found if isinstance(found, str) else " ".join(found)

    def test_a_file_is_read(self, data_dir: Path, tmp_path: Path, name: str) -> None:
        file = tmp_path / "secret"
        file.write_text(self.value[name] + "\n")
        configuration = read(data_dir, **{f"{name}_FILE": str(file)})
        assert configuration.problems == []
        assert self.attribute(configuration, name) == self.value[name]

    def test_a_value_and_a_file_contradict_each_other(self, data_dir: Path, tmp_path: Path, name: str) -> None:
        file = tmp_path / "secret"
        file.write_text(self.value[name])
        configuration = read(data_dir, **{name: self.value[name], f"{name}_FILE": str(file)})
        assert ids(configuration) == ["E003"]

    def test_a_missing_file_is_refused(self, data_dir: Path, tmp_path: Path, name: str) -> None:
        configuration = read(data_dir, **{f"{name}_FILE": str(tmp_path / "none")})
        assert ids(configuration) == ["E004"]
        assert "No such file or directory" in configuration.problems[0].message

    @pytest.mark.parametrize(("content", "why"), [(b"\n", "it is empty"), (b"\xff\xfe", "it is not text")])
    def test_a_useless_file_is_refused(
        self, data_dir: Path, tmp_path: Path, name: str, content: bytes, why: str
    ) -> None:
        file = tmp_path / "secret"
        file.write_bytes(content)
        configuration = read(data_dir, **{f"{name}_FILE": str(file)})
        assert ids(configuration) == ["E004"]
        assert why in configuration.problems[0].message
        # No default takes its place.
        assert self.attribute(configuration, name) == ""


def test_no_secret_is_quoted_in_a_problem(data_dir: Path) -> None:
    bad = {"SECRET_KEY": "hunter2", "CREDENTIAL_KEYS": "hunter2", "DATABASE_URL": "mysql://u:hunter2@h/n"}
    configuration = read(data_dir, **bad)
    assert ids(configuration) == ["E009", "E007", "E008"]
    assert "hunter2" not in repr(configuration.problems)


def test_where_the_credential_keys_come_from_is_known(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(KEYS[0])
    assert read(data_dir).credential_keys_file == data_dir / "credential.keys"
    assert read(data_dir, CREDENTIAL_KEYS_FILE=str(file)).credential_keys_file == file
    assert read(data_dir, CREDENTIAL_KEYS=KEYS[0]).credential_keys_file is None


def test_key_files_are_made_private_and_kept(data_dir: Path) -> None:
    first, second = read(data_dir), read(data_dir)
    assert (first.secret_key, first.credential_keys) == (second.secret_key, second.credential_keys)
    assert sorted(path.name for path in data_dir.iterdir()) == ["credential.keys", "secret.key"]
    for path in data_dir.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
    assert data_dir.stat().st_mode & 0o777 == 0o700


def test_two_installations_share_no_key(tmp_path: Path) -> None:
    one, two = read(tmp_path / "one"), read(tmp_path / "two")
    assert one.secret_key != two.secret_key
    assert one.credential_keys != two.credential_keys


@pytest.mark.parametrize("name", ["secret.key", "credential.keys"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_file_that_others_may_read_is_refused(data_dir: Path, name: str, mode: int) -> None:
    read(data_dir)
    (data_dir / name).chmod(mode)
    configuration = read(data_dir)
    assert ids(configuration) == ["E011"]
    assert configuration.problems[0].hint == f"Run: chmod 600 {data_dir / name}"


@pytest.mark.parametrize("name", ["secret.key", "credential.keys"])
def test_an_empty_key_file_is_refused_and_left_as_it_is(data_dir: Path, name: str) -> None:
    read(data_dir)
    (data_dir / name).write_text("\n")
    assert ids(read(data_dir)) == ["E013"]
    assert (data_dir / name).read_text() == "\n"


@pytest.mark.parametrize("name", ["secret.key", "credential.keys"])
def test_a_key_file_that_is_a_folder_is_refused(data_dir: Path, name: str) -> None:
    (data_dir / name).mkdir(parents=True)
    assert ids(read(data_dir)) == ["E012"]


def test_a_key_file_that_is_not_text_is_refused(data_dir: Path) -> None:
    read(data_dir)
    (data_dir / "secret.key").write_bytes(b"\xff" * 60)
    assert ids(read(data_dir)) == ["E012"]


def test_a_data_folder_that_cannot_be_made_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    configuration = read(tmp_path / "file" / "var")
    assert ids(configuration) == ["E010"]
    assert configuration.problems[0].message == f"The data folder {tmp_path / 'file' / 'var'} cannot be written."


def test_a_data_folder_without_write_permission_is_one_problem(strangers_folder: Path) -> None:
    assert ids(read(strangers_folder)) == ["E010"]


def test_a_secret_file_without_read_permission_is_refused(strangers_folder: Path) -> None:
    with tempfile.TemporaryDirectory() as own:
        assert ids(read(Path(own), SECRET_KEY_FILE=str(strangers_folder / "key"))) == ["E004"]


def test_a_ca_bundle_needs_a_registry(data_dir: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    assert ids(read(data_dir, REGISTRY_CA=str(bundle))) == ["E005"]
    configuration = read(data_dir, REGISTRY_CA=str(bundle), REGISTRIES="A=https://a.example/api")
    assert configuration.problems == []
    assert configuration.registry_ca == str(bundle)


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_a_ca_bundle_without_a_certificate_is_refused(data_dir: Path, tmp_path: Path, content: str) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text(content)
    assert ids(read(data_dir, REGISTRY_CA=str(bundle), REGISTRIES="A=https://a.example/api")) == ["E002"]


def test_connecting_must_not_take_longer_than_the_deadline(data_dir: Path) -> None:
    assert ids(read(data_dir, CONNECT_TIMEOUT="5", DEADLINE="4")) == ["E006"]
    assert ids(read(data_dir, CONNECT_TIMEOUT="5", DEADLINE="5")) == []


def test_all_that_is_wrong_is_said_at_once(data_dir: Path) -> None:
    assert ids(read(data_dir, BIND="x", WORKERS="x", WORKERZ="2")) == ["E001", "E002", "E002"]


def test_every_problem_is_a_sentence_with_a_hint(data_dir: Path) -> None:
    configuration = read(data_dir, BIND="x", SECRET_KEY="x", CREDENTIAL_KEYS="x", DATABASE_URL="x", NONE="x")
    for problem in configuration.problems:
        assert re.fullmatch(r"e164web\.E\d{3}", problem.id)
        assert problem.message.endswith(".")
        assert problem.hint.endswith((".", "?"))


def documented() -> dict[str, str]:
    """The variables in the table of docs/settings.md, without their prefix, and what it gives as their defaults."""
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `E164WEB_([A-Z_]+)` \| (.*?) \|", text, flags=re.MULTILINE))


OF_A_PROVIDER = {f"OIDC_NAME_{name}": one for name, one in oidc.SETTINGS.items()}


def test_every_setting_is_in_the_document_and_nothing_else() -> None:
    assert set(documented()) == variables(conf.SETTINGS) | variables(OF_A_PROVIDER)


@pytest.mark.parametrize(("name", "default"), documented().items())
def test_the_document_gives_the_true_default(name: str, default: str) -> None:
    known = conf.SETTINGS | OF_A_PROVIDER
    declared = known[name].default if name in known else ""
    if isinstance(declared, str) and declared:
        assert default == f"`{declared}`"
    else:
        # What is nothing, or follows from something else, is said in words.
        assert not re.fullmatch("`[^`]*`", default)


TSIG = base64.b64encode(bytes(range(32))).decode()
KEY = f"hmac-sha256:e164web.:{TSIG}"
STATEMENT = f'key "e164web" {{\n\talgorithm hmac-sha256;\n\tsecret "{TSIG}";\n}};\n'


def test_the_zone_has_a_suffix_and_name_servers(data_dir: Path) -> None:
    configuration = read(
        data_dir, SUFFIX="Tel.DN42.", NAME_SERVERS="192.0.2.1, [::1]:5300,ns.example.org", TSIG_KEY=KEY
    )

    assert configuration.problems == []
    assert configuration.suffix == "tel.dn42"
    assert configuration.name_servers == ["192.0.2.1", "[::1]:5300", "ns.example.org"]
    assert configuration.tsig_key == KEY


@pytest.mark.parametrize("text", ["e164..arpa", "a b", "-x.test", "e164.arpa/24"])
def test_what_is_no_domain_name_is_no_suffix(data_dir: Path, text: str) -> None:
    assert ids(read(data_dir, SUFFIX=text)) == ["E002"]


@pytest.mark.parametrize("name", ["NAME_SERVERS", "RESOLVERS"])
@pytest.mark.parametrize("text", [",", "192.0.2.1:0", "192.0.2.1:x", "a b", "192.0.2.1,192.0.2.1:53", "https://a/"])
def test_what_is_no_address_is_no_name_server(data_dir: Path, name: str, text: str) -> None:
    assert ids(read(data_dir, **{name: text})) == ["E002"]


def test_a_key_file_may_hold_what_tsig_keygen_prints(data_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "tsig.key"
    path.write_text(STATEMENT)

    configuration = read(data_dir, NAME_SERVERS="192.0.2.1", TSIG_KEY_FILE=str(path))

    assert configuration.problems == []
    assert configuration.tsig_key == STATEMENT.strip()


def test_no_secret_is_in_what_a_traceback_would_show(data_dir: Path) -> None:
    configuration = read(data_dir, NAME_SERVERS="192.0.2.1", TSIG_KEY=KEY, ADMIN_PASSWORD="correct horse")

    shown = repr(configuration)
    assert TSIG not in shown
    assert "correct horse" not in shown
    assert configuration.secret_key not in shown
    assert configuration.credential_keys[0] not in shown


@pytest.mark.parametrize("text", ["hmac-md5:k:" + "A" * 44, "k:c2hvcnQ=", "k", "k:not base64 at all, really"])
def test_a_key_that_cannot_be_used_is_refused_without_being_quoted(data_dir: Path, text: str) -> None:
    configuration = read(data_dir, NAME_SERVERS="192.0.2.1", TSIG_KEY=text)

    assert ids(configuration) == ["E015"]
    assert text.rpartition(":")[2] not in configuration.problems[0].message.split()


def test_a_key_without_a_name_server_is_a_contradiction(data_dir: Path) -> None:
    assert ids(read(data_dir, TSIG_KEY=KEY)) == ["E014"]


def test_experimental_services_are_named_with_their_schemes(data_dir: Path) -> None:
    configuration = read(data_dir, EXPERIMENTAL_SERVICES=" x-skype:callto  X-Foo:sip ")

    assert configuration.problems == []
    assert [service.enumservice for service in configuration.experimental_services] == [
        "E2U+x-skype:callto",
        "E2U+x-foo:sip",
    ]
    assert read(data_dir).experimental_services == []


@pytest.mark.parametrize("text", ["x-skype", "sip", "x-a:sip x-A:SIP", "x-a:javascript", "x-a:sip,x-b:sip"])
def test_what_is_no_experimental_service_is_said(data_dir: Path, text: str) -> None:
    assert ids(read(data_dir, EXPERIMENTAL_SERVICES=text)) == ["E002"]


@pytest.mark.parametrize("zone", ["4.2.4.tel.dn42", "42.e164.arpa", "x.e164.arpa", "64.arpa"])
def test_a_zone_in_which_no_number_could_be_stops_the_start(data_dir: Path, zone: str) -> None:
    assert ids(read(data_dir, ZONE=zone)) == ["E018"]
    assert ids(read(data_dir, ZONE=zone, SUFFIX=zone)) == []


@pytest.mark.parametrize("zone", ["a b", ".", "a..b", "-x.arpa"])
def test_a_zone_that_is_no_domain_name_is_refused(data_dir: Path, zone: str) -> None:
    assert ids(read(data_dir, ZONE=zone)) == ["E002"]
