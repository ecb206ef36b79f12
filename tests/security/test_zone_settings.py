"""What administrators say about the zone and its servers: secrets stay where they belong, and slips are refused."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from dashboard.registry.models import Zone
from tests.commands.test_serve import Server
from tests.prepared import prepare
from tests.registry.publishing import KEY


def test_the_key_of_name_servers_is_in_no_environment_and_no_output_of_what_goes_on_running(tmp_path: Path) -> None:
    server = Server(
        prepare(tmp_path),
        SAMPLE_DATA="0",
        NAME_SERVERS="127.0.0.1:9",
        TSIG_KEY=f"{KEY.algorithm}:{KEY.name}:{KEY.secret}",
        SUFFIX="e164.test",
    )
    try:
        server.wait()
        running = [server.process.pid, *server.workers(2), *server.beside()]
        environments = b"".join(Path(f"/proc/{pid}/environ").read_bytes() for pid in running)
    finally:
        server.stop()
    assert b"E164WEB_NAME_SERVERS" in environments
    assert KEY.secret.encode() not in environments
    assert KEY.secret not in server.said
    assert KEY.secret.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("*.sqlite3*"))


@pytest.mark.parametrize("address", ["fe80::1%eth0", "fe80::1%;$INCLUDE/etc/passwd", 'fe80::1%"(', "192.0.2.1;"])
def test_addresses_in_the_zone_file_hold_nothing_else(db: None, address: str) -> None:
    zone = Zone.current()
    zone.hosts = f"ns.{zone.suffix} {address}"
    with pytest.raises(ValidationError, match="is no IP address"):
        zone.full_clean()
