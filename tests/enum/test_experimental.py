"""Services that nobody has registered, and that the administrator allows (RFC 6117 s4.2)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.enum import (
    SERVICES,
    allow_experimental,
    check_draft,
    experimental_service,
    find_service,
    known_services,
    naptr_for,
    uri_of,
)
from dashboard.telephones import predict
from tests.enum.strategies import draft

NUMBER = "442079460148"


@pytest.fixture(autouse=True)
def allowed() -> Iterator[None]:
    allow_experimental([experimental_service("x-skype:callto"), experimental_service("X-Foo:SIP")])
    yield
    allow_experimental([])


def test_what_is_allowed_is_known_besides_the_registered_ones() -> None:
    assert [service.name for service in known_services()] == [
        *(service.name for service in SERVICES),
        "x-skype:callto",
        "x-foo:sip",
    ]
    for name in ("x-skype:callto", "X-SKYPE:CALLTO", "E2U+x-skype:callto"):
        found = find_service(name)
        assert found is not None
        assert found.enumservice == "E2U+x-skype:callto"
    assert find_service("x-skype") is None
    assert find_service("x-bar:callto") is None


@pytest.mark.parametrize(
    ("service", "hostdata", "uri"),
    [
        ("x-skype:callto", "alice", "callto:alice"),
        ("x-skype:callto", "callto:alice?call", "callto:alice?call"),
        ("x-skype:callto", "+16045550100", "callto:+16045550100"),
        ("x-skype:callto", "a!b'c", "callto:a%21b%27c"),
        ("x-foo:sip", "alice@example.org", "sip:alice@example.org"),
        ("x-foo:sip", "sip:alice@example.org;lr", "sip:alice@example.org;lr"),
    ],
)
def test_its_host_data_becomes_a_uri_of_its_scheme(service: str, hostdata: str, uri: str) -> None:
    assert uri_of(service, hostdata) == uri
    assert check_draft(draft(service, hostdata), NUMBER) == []
    record = naptr_for(draft(service, hostdata))
    assert record is not None
    assert (record.service, record.uri_for(NUMBER)) == (f"E2U+{service}", uri)


@pytest.mark.parametrize(
    ("service", "hostdata", "code"),
    [
        ("x-skype:callto", "", "empty"),
        ("x-skype:callto", "callto:", "empty"),
        ("x-skype:callto", "a b", "blank"),
        ("x-skype:callto", "sip:alice@example.org", "scheme"),
        ("x-skype:callto", "x" * 300, "too-long"),
        ("x-foo:sip", "alice@example.org:99999", "port"),
        ("x-foo:sip", "https://example.org/", "scheme"),
    ],
)
def test_it_is_checked_as_any_other(service: str, hostdata: str, code: str) -> None:
    assert [(one.field, one.code) for one in check_draft(draft(service, hostdata), NUMBER)] == [("hostdata", code)]


def test_it_is_predicted_as_the_systems_read_it() -> None:
    records = [naptr for one in ("x-skype:callto", "x-foo:sip") if (naptr := naptr_for(draft(one, "a@example.org")))]
    found = {prediction.telephone.name: prediction.uris for prediction in predict(NUMBER, records)}
    assert found["kamailio"] == found["freeswitch"] == found["yate"] == ()
    assert found["asterisk"] == found["freepbx"] == ("sip:a@example.org",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x-skype",
        "skype:callto",
        "x-:callto",
        "x-skype:",
        "x-skype:1a",
        "x-sky pe:callto",
        "x-skype:call+to",
        "x-skype:javascript",
        "x-skype:data",
        "x-" + "a" * 31 + ":sip",
        "x-é:sip",
        "x-a|b:sip",
        "x-a:sip:b",
    ],
)
def test_what_names_no_experimental_service_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names no experimental service"):
        experimental_service(text)
