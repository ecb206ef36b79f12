"""Where a registry publishes is an administrator's setting; that of the registry inside is its zone's."""

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Mirror, Registry
from dashboard.registry.models import Account
from dashboard.services import zones
from tests.web.views.pages import elements_of, text_of

GOOD = {"name": "Elsewhere", "url": "https://registry.example/api", "ca_bundle": "", "is_enabled": "on"}


@pytest.fixture
def address(db: None) -> str:
    """The form of a registry elsewhere."""
    registry = Registry.objects.create(name="Elsewhere", url="https://registry.example/api")
    return f"/admin/dashboard/registry/{registry.pk}/change/"


def test_suffix_and_name_servers_are_set(admin_client: Browser, address: str) -> None:
    typed = GOOD | {"suffix": "Tel.DN42.", "name_servers": "172.20.0.53, ns.example:5300"}

    assert admin_client.post(address, typed).status_code == 302
    registry = Registry.objects.get()
    assert registry.suffix == "tel.dn42"
    assert [str(each) for each in registry.addresses] == ["172.20.0.53", "ns.example:5300"]
    assert "tel.dn42" in text_of(admin_client.get("/admin/dashboard/registry/"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"suffix": "not a name"}, "This must be a domain name"),
        ({"suffix": ""}, "This field is required."),
        ({"name_servers": "http://ns.example"}, "“http://ns.example” is no name server's address"),
        ({"name_servers": "a b c d e f g h i"}, "At most 8 name servers are asked."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    admin_client: Browser, address: str, wrong: dict[str, str], words: str
) -> None:
    page = admin_client.post(address, GOOD | {"suffix": "e164.test", "name_servers": ""} | wrong)

    assert page.status_code == 200
    assert words in text_of(page)
    assert Registry.objects.get().suffix == "e164.arpa"


def test_the_registry_inside_shows_its_zones_suffix_and_takes_no_other(
    admin_client: Browser, embedded: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "embedded_suffix", lambda: "zone.example")
    address = f"/admin/dashboard/registry/{embedded.pk}/change/"

    page = admin_client.get(address)
    assert "zone.example" in text_of(page)
    assert not [given for given in elements_of(page, "input") if given.get("name") == "suffix"]

    typed = GOOD | {"name": "Ours", "url": embedded.url, "suffix": "other.example", "name_servers": "192.0.2.1"}
    assert admin_client.post(address, typed).status_code == 302
    embedded.refresh_from_db()
    assert (embedded.name, embedded.suffix, embedded.name_servers) == ("Ours", "e164.arpa", "")


def test_the_admins_pages_have_the_sites_icon(admin_client: Browser) -> None:
    assert '/static/img/mark.svg" type="image/svg+xml"' in admin_client.get("/admin/").content.decode()


def test_the_list_of_an_account_is_refreshed_after_an_administrator_changed_it(
    admin_client: Browser, credential: Credential, account: Account
) -> None:
    number = account.numbers.order_by("pk")[0]

    def is_wanted() -> bool:
        wanted = Mirror.objects.filter(credential=credential, wanted_at__isnull=False).exists()
        Mirror.objects.update(wanted_at=None)
        return wanted

    made = {"account": account.pk, "country": "44", "local": "2079460148", "as_it_is": "on"}
    rows = {"records-TOTAL_FORMS": 0, "records-INITIAL_FORMS": 0}
    assert admin_client.post("/admin/registry/number/add/", made | rows).status_code == 302
    assert is_wanted()
    raw = {"number": number.pk, "order": 100, "preference": 10, "flags": "u", "service": "E2U+sip"}
    raw |= {"regexp": "!^.*$!sip:a@example.org!"}
    assert admin_client.post("/admin/registry/rawrecord/add/", raw).status_code == 302
    assert is_wanted()
    assert admin_client.post(f"/admin/registry/number/{number.pk}/delete/", {"post": "yes"}).status_code == 302
    assert is_wanted()
    assert not is_wanted()
