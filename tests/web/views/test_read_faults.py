"""Every fault of a registry while a page reads: status 502, one sentence, nothing leaked, and in time."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Credential, Registry
from tests.faulty_registry.faults import FAULTS
from tests.web.views.far import Far
from tests.web.views.pages import elements_of, notices_of, text_of

SLOW = frozenset({"hang", "hang-after", "drip-headers", "drip-body"})
HARMLESS = frozenset({"surplus", "echo-header"})


@pytest.mark.parametrize("kind", list(FAULTS))
@pytest.mark.parametrize("command", ["list", "show"])
def test_a_page_says_in_one_sentence_what_happened(
    alice: Browser,
    far: Far,
    set_deadline: Callable[[float], None],
    caplog: pytest.LogCaptureFixture,
    command: str,
    kind: str,
) -> None:
    set_deadline(0.4 if kind in SLOW else 10)
    far.registry.fault(command, kind)
    page = alice.get(far.address if command == "show" else f"/credentials/{far.credential.pk}/numbers/")

    if kind in HARMLESS:
        assert page.status_code == 200
        return
    assert page.status_code == 502
    assert len(notices_of(page)) == 1
    html = page.content.decode()
    assert "Traceback" not in html + caplog.text
    for secret in (far.registry.secret, far.registry.secret.upper(), far.registry.password):
        assert secret not in html + caplog.text


def test_the_page_offers_to_try_again_and_the_wire_view(alice: Browser, far: Far) -> None:
    far.registry.fault("show", "html")
    address = f"{far.address}?from=here"
    page = alice.get(address)

    links = {given.get("href") for given in elements_of(page, "a")}
    assert {address, "/registries/"} <= links
    assert "Loading this page changed nothing." in text_of(page)
    assert "&lt;h1&gt;Not you, us." in alice.get("/registries/").content.decode()


def test_a_moment_of_failure_is_not_noticed(alice: Browser, far: Far) -> None:
    far.registry.fault("show", "reset-before", times=1)

    assert alice.get(far.address).status_code == 200
    assert far.registry.count("show") == 2


@pytest.mark.parametrize("certificate", ["expired", "other-host", "other-authority"])
def test_a_certificate_that_does_not_fit_gets_no_secret(alice: Browser, far: Far, certificate: str) -> None:
    far.registry.certificate = certificate
    page = alice.get(far.address)

    assert page.status_code == 502
    assert "The certificate of 127.0.0.1 does not fit, so nothing was sent" in notices_of(page)[0]
    assert far.registry.requests == 0


@pytest.mark.parametrize("handshake", ["reset", "hang", "plain"])
def test_a_registry_that_speaks_no_tls_gets_no_secret(
    alice: Browser, far: Far, set_deadline: Callable[[float], None], handshake: str
) -> None:
    set_deadline(0.5)
    far.registry.handshake = handshake
    page = alice.get(far.address)

    assert page.status_code == 502
    assert "so nothing was sent" in notices_of(page)[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://nowhere.invalid/api",
        "https://127.0.0.1:1/",
        "http://127.0.0.1/",
        "https://u:p@127.0.0.1/",
        "ftp://x",
        "",
    ],
)
def test_an_address_that_leads_nowhere_is_a_sentence(
    alice: Browser, far: Far, set_deadline: Callable[[float], None], url: str
) -> None:
    set_deadline(1)
    Registry.objects.filter(pk=far.credential.registry_id).update(url=url)
    page = alice.get(far.address)

    assert page.status_code == 502
    assert len(notices_of(page)) == 1
    assert far.registry.requests == 0


def test_a_bundle_of_certificates_that_is_gone_is_a_sentence(alice: Browser, far: Far) -> None:
    Registry.objects.filter(pk=far.credential.registry_id).update(ca_bundle="/nowhere/ca.pem")

    assert alice.get(far.address).status_code == 502
    assert "The file with the certificates to trust" in notices_of(alice.get(far.address))[0]


def test_a_disabled_registry_is_not_asked(alice: Browser, far: Far) -> None:
    Registry.objects.filter(pk=far.credential.registry_id).update(is_enabled=False)
    page = alice.get(far.address)

    assert page.status_code == 502
    assert notices_of(page) == ["The registry “Elsewhere” is disabled by an administrator."]
    assert far.registry.requests == 0


@pytest.mark.parametrize("sealed", ["", "gAAAAA", "not ascii: é", "x" * 10_000])
def test_a_secret_that_does_not_open_is_a_sentence(alice: Browser, far: Far, sealed: str) -> None:
    Credential.objects.filter(pk=far.credential.pk).update(sealed=sealed)
    page = alice.get(far.address)

    assert page.status_code == 502
    assert "cannot be opened with this installation's keys" in notices_of(page)[0]


def test_a_secret_of_another_credential_does_not_open(alice: Browser, far: Far, credential: Credential) -> None:
    Credential.objects.filter(pk=far.credential.pk).update(sealed=credential.sealed)

    assert alice.get(far.address).status_code == 502
    assert far.registry.requests == 0


@pytest.mark.parametrize("page", ["add/", "delete-all/", "records/{}/", "records/{}/delete/"])
def test_no_page_about_a_number_breaks_when_it_cannot_be_read(alice: Browser, far: Far, page: str) -> None:
    far.registry.fault("*", "garbage")
    answer: Any = alice.get(far.address + page.format(far.records[0]))

    assert answer.status_code == 502
    assert not Change.objects.exists()


def test_htmx_gets_the_same_page_to_put_in_its_place(alice: Browser, far: Far) -> None:
    far.registry.fault("show", "garbage")
    page = alice.get(far.address, headers={"HX-Request": "true"})

    assert page.status_code == 502
    assert "records" in {given.get("id") for given in elements_of(page, "section")}
