"""The real name servers, one fresh for each test that asks for `name_server`."""

from collections.abc import Iterator

import pytest

from tests.interop import bind, knot, powerdns
from tests.interop.process import NameServer

ZONE = "e164.test"
SERVERS = {"bind": bind.running, "knot": knot.running, "powerdns": powerdns.running}


@pytest.fixture(params=SERVERS)
def name_server(request: pytest.FixtureRequest) -> Iterator[NameServer]:
    """Each of the servers in turn, with an empty zone."""
    with SERVERS[request.param](zone=ZONE) as server:
        yield server


@pytest.fixture
def bind_server() -> Iterator[bind.Bind]:
    """BIND with an empty zone."""
    with bind.running(zone=ZONE) as server:
        yield server
