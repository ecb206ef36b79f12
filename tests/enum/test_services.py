"""The table of services."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import SERVICES, Service, check_draft, find_service, naptr_for
from tests.enum.strategies import draft

SHORT_NAMES = [
    ("SIP", "E2U+sip", ("sip", "sips")),
    ("IAX", "E2U+iax", ("iax",)),
    ("IAX2", "E2U+IAX2", ("iax2",)),
    ("H323", "E2U+h323", ("h323",)),
    ("MAILTO", "E2U+email:mailto", ("mailto",)),
    ("XMPP", "E2U+xmpp", ("xmpp",)),
    ("TEL", "E2U+voice:tel", ("tel",)),
]

# IANA's registry: type[:subtype] and the URI schemes of the RFC that registered it.
REGISTERED = """
    acct acct
    email:mailto mailto
    ems:mailto mailto
    ems:tel tel
    fax:tel tel
    ft:ftp ftp
    h323 h323
    iax iax
    ical-access:http http
    ical-access:https https
    ical-sched:mailto mailto
    ifax:mailto mailto
    im im
    mms:mailto mailto
    mms:tel tel
    pres pres
    pstn:sip sip
    pstn:tel tel
    sip sip,sips
    sms:mailto mailto
    sms:tel tel
    unifmsg:http http
    unifmsg:https https
    unifmsg:sip sip
    unifmsg:sips sips
    vcard http,https
    videomsg:http http
    videomsg:https https
    videomsg:sip sip
    videomsg:sips sips
    voice:tel tel
    voicemsg:http http
    voicemsg:https https
    voicemsg:sip sip
    voicemsg:sips sips
    voicemsg:tel tel
    vpim:ldap ldap
    vpim:mailto mailto
    web:http http
    web:https https
    xmpp xmpp
"""
REGISTERED_ROWS = [tuple(line.split()) for line in REGISTERED.strip().splitlines()]


@pytest.mark.parametrize(("name", "enumservice", "schemes"), SHORT_NAMES)
def test_a_short_name_stands_for_its_enumservice(name: str, enumservice: str, schemes: tuple[str, ...]) -> None:
    service = find_service(name)
    assert service is not None
    assert (service.name, service.enumservice, service.schemes) == (name, enumservice, schemes)
    assert service.enumservice_for(schemes[-1]) == enumservice


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_enumservice_of_a_web_page_follows_the_scheme_of_its_uri(scheme: str) -> None:
    service = find_service("WEB")
    assert service is not None
    assert service.enumservice_for(scheme) == f"E2U+web:{scheme}"


@pytest.mark.parametrize(("name", "schemes"), REGISTERED_ROWS)
def test_every_registered_enumservice_is_found_by_its_type_and_subtype(name: str, schemes: str) -> None:
    service = find_service(name)
    assert service is not None
    assert service.enumservice == f"E2U+{name}"
    assert set(service.schemes) == set(schemes.split(","))


def test_there_are_no_other_services_than_the_short_and_the_registered_ones() -> None:
    names = {name.upper() for name, *_ in SHORT_NAMES} | {name.upper() for name, _ in REGISTERED_ROWS}
    assert {service.name.upper() for service in SERVICES} == names | {"WEB"}
    assert len(SERVICES) == len({service.name.upper() for service in SERVICES})


@pytest.mark.parametrize("written", ["sip", "SIP", "Sip", "E2U+sip", "e2u+SIP"])
def test_case_and_the_prefix_of_a_service_name_do_not_matter(written: str) -> None:
    assert find_service(written) is find_service("SIP")


@pytest.mark.parametrize(
    "name",
    ["", " ", "SIP ", "sip+E2U", "E2U+", "E2U+E2U+sip", "SIPS", "FAX", "email", "web:ftp", "x-sip", "ſip", "sıp"],
)
def test_an_unknown_name_has_no_service(name: str) -> None:
    assert find_service(name) is None


@given(st.text())
def test_looking_up_any_text_never_raises(name: str) -> None:
    found = find_service(name)
    assert found is None or isinstance(found, Service)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_the_enumservice_follows_the_grammar_of_rfc_6116(service: Service) -> None:
    token = r"[A-Za-z0-9-]{1,32}"
    for scheme in service.schemes:
        assert re.fullmatch(rf"E2U\+{token}(:{token})*", service.enumservice_for(scheme))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_the_example_of_a_service_is_a_record_without_error(service: Service) -> None:
    example = draft(service.name, service.example)
    assert [problem for problem in check_draft(example, "16045550199") if problem.is_error] == []
    assert naptr_for(example) is not None


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_a_service_has_words_for_people(service: Service) -> None:
    for text in (service.label, service.hint, service.example):
        assert text.strip() == text != ""
    assert service.hint.endswith(".")


def test_whoever_enters_a_mail_address_is_told_that_it_becomes_public() -> None:
    for service in SERVICES:
        if "mailto" in service.schemes:
            assert "Anyone can look this address up" in service.hint


def test_names_are_printable_ascii_without_the_separators_of_the_protocol() -> None:
    allowed = set(string.ascii_letters + string.digits + ":-")
    assert all(set(service.name) <= allowed for service in SERVICES)
