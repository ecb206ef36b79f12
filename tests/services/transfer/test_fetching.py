"""A zone is fetched from its name server, from nowhere else, and is read as a zone file."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from dashboard.models import Credential, Format, Registry, Team, User
from dashboard.nameservers import Address, NameServerError
from dashboard.services.background.tasks import run_waiting
from dashboard.services.transfer import Options, Unreadable, fetch, keep, start_preview
from tests.fixtures_people import share
from tests.nameservers.faulty_server import FaultyServer
from tests.nameservers.records import ZONE
from tests.nameservers.test_transferring import KEY, OTHER, Source
from tests.services.transfer.conftest import mirrored, numbers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[Address]:
    """A name server on this machine that gives its zone away to who has the key."""
    with FaultyServer(on_tcp=Source()) as running:
        yield running.address


@pytest.fixture
def allowed(settings: Any) -> None:
    """An administrator has allowed this machine."""
    settings.E164WEB = replace(settings.E164WEB, transfer_networks=[ip_network("127.0.0.0/8")])


@pytest.mark.usefixtures("allowed")
def test_a_zone_is_read_as_a_zone_file(person: User, credential: Credential, server: Address) -> None:
    Registry.objects.update(suffix=ZONE)
    for digits in ("441", "442"):
        mirrored(credential, digits)

    parts = list(fetch(person, credential.pk, server, ZONE, KEY))
    kept = keep(person, credential.pk, parts, name=ZONE, format_=Format.ZONE, options=Options())
    start_preview(person, kept, Options.of(kept.options))
    run_waiting()

    assert all(b" IN NAPTR " in part for part in parts)
    assert len(numbers_of(kept)) == 3
    assert KEY.secret not in str(kept.options)


def test_no_address_is_asked_that_is_not_public(person: User, credential: Credential, server: Address) -> None:
    for host in ("127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "localhost"):
        with pytest.raises(Unreadable, match="no public address"):
            fetch(person, credential.pk, replace(server, host=host), ZONE, KEY)
    with pytest.raises(Unreadable, match="no address that could be found"):
        fetch(person, credential.pk, replace(server, host="name.invalid"), ZONE, KEY)


@pytest.mark.usefixtures("allowed")
def test_what_a_server_refuses_is_said(person: User, credential: Credential, server: Address) -> None:
    with pytest.raises(NameServerError):
        fetch(person, credential.pk, server, ZONE, OTHER)


@pytest.mark.usefixtures("allowed")
def test_a_zone_that_is_too_large_is_refused(
    person: User, credential: Credential, server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.transfer.keeping.MEGABYTE", 10)

    with pytest.raises(NameServerError, match="more than 200 octets"):
        fetch(person, credential.pk, server, ZONE, KEY)


def test_nobody_fetches_for_numbers_that_they_may_not_change(
    credential: Credential, team: Team, viewer: User, stranger: User, server: Address
) -> None:
    share(credential, team)
    with pytest.raises(PermissionDenied):
        fetch(viewer, credential.pk, server, ZONE, KEY)
    with pytest.raises(Http404):
        fetch(stranger, credential.pk, server, ZONE, KEY)
