"""Where secrets may be sent: only to what an administrator wrote, and only if it is what it looks like."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser

from dashboard.models import EMBEDDED_URL, Registry


@pytest.mark.parametrize(
    "url",
    [
        "https://[registry.example/api",
        "https://registry.example:99999/",
        "https://registry.example:port/",
        "https://registry.example:0/",
        "https://registry.example/a b",
        "https://registry.example/\ta",
        "https://registry.example/\u202egnp.exe",
        "https://b\u00fccher.example/",
        "https://ex\u0430mple.org/",  # a Cyrillic a
        "https://@registry.example/",
        "https://registry.example@evil.example/",
        "https://registry.example\\@evil.example/",
        "https://registry.example/#fragment",
        " https://registry.example/",
        "https:registry.example",
        "https:///api",
        "http://registry.example/",
        "HTTP://registry.example/",
        "file:///etc/passwd",
        "embedded://registry/other",
        EMBEDDED_URL.upper(),
        EMBEDDED_URL + "?",
        "",
    ],
)
def test_an_address_that_is_not_what_it_looks_like_is_refused(db: None, url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Registry(name="Registry", url=url).full_clean()
    assert set(refused.value.message_dict) == {"url"}


@pytest.mark.parametrize(
    "url",
    [
        EMBEDDED_URL,
        "https://registry.example/api",
        "https://registry.example:8443/api?x=1",
        "https://192.0.2.1/",
        "https://[2001:db8::1]:8443/api",
        "https://xn--bcher-kva.example/",
    ],
)
def test_an_address_of_a_registry_is_taken(db: None, url: str) -> None:
    Registry(name="Registry", url=url).full_clean()


def test_the_admin_says_what_is_wrong_with_an_address(admin_client: Browser) -> None:
    typed = {"name": "Registry", "url": "https://[registry.example/api", "is_enabled": "on"}
    page = admin_client.post("/admin/dashboard/registry/add/", typed)
    assert page.status_code == 200
    assert "The address must begin with https://" in page.content.decode()
