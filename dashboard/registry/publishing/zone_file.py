"""The zone as a file (RFC 1035 s5), for name servers that read one."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dashboard.nameservers import serial_is_newer
from dashboard.platform import locks
from dashboard.registry.models import Zone
from dashboard.registry.models.zone import read_hosts, rname
from dashboard.registry.publishing.content import Content, every_content, text_rdata

FOLDER = "zones"
MODE = 0o640  # for a name server in the same group
REFRESH, RETRY, EXPIRE = 3_600, 900, 14 * 86_400  # seconds, for secondary servers (RFC 1912 s2.2)
LEAST_PAUSE = 2.0  # seconds between two writings
REST = 10  # after a writing the file rests so many times as long as that took
_SERIALS = 2**32

logger = logging.getLogger(__name__)


def path_of(zone: Zone) -> Path:
    """Where the zone file is kept."""
    folder: Path = settings.E164WEB.data_dir / FOLDER
    return folder / f"{zone.origin}.zone"


def make_folder(path: Path) -> None:
    """Make the folder of a kept file. Raises OSError."""
    path.parent.mkdir(mode=0o750, exist_ok=True)


def next_serial(zone: Zone) -> int:
    """A serial that is newer than all before: the time in seconds, if that is. Source: RFC 1982, RFC 1912 s2.2."""
    with transaction.atomic():
        last = Zone.objects.select_for_update().get(pk=zone.pk).serial
        now = int(timezone.now().timestamp()) % _SERIALS
        serial = now if not last or serial_is_newer(now, than=last) else (last + 1) % _SERIALS
        Zone.objects.filter(pk=zone.pk).update(serial=serial)
    return serial


def lines(zone: Zone, serial: int) -> Iterator[str]:
    """The zone file, a line at a time; numbers that cannot be published are left out, and logged."""
    hosts = read_hosts(zone.hosts)
    yield f"$ORIGIN {zone.origin}.\n$TTL {zone.ttl}\n"
    soa = f"{zone.primary or hosts[0].name}. {rname(zone.hostmaster)}"
    yield f"@ IN SOA {soa} {serial} {REFRESH} {RETRY} {EXPIRE} {zone.negative_ttl}\n"
    for host in hosts:
        yield f"@ IN NS {host.name}.\n"
    for host in hosts:
        for address in host.addresses:
            yield f"{host.name}. IN {'AAAA' if ':' in address else 'A'} {address}\n"
    known = {host.name for host in hosts if host.addresses}
    for content in every_content(zone):
        if content.problem:
            logger.warning("+%s is not in the zone file: %s", content.name, content.problem)
        elif content.name not in known:
            yield "".join(_records(content, zone))


def _records(content: Content, zone: Zone) -> Iterator[str]:
    name = content.owner(zone)
    owner = "@" if name == zone.origin else name.removesuffix(f".{zone.origin}")
    for naptr in content.naptrs:
        yield f"{owner} IN NAPTR {naptr.to_text()}\n"
    if content.caller_name:
        yield f"{owner} IN TXT {text_rdata(content.caller_name).to_text()}\n"
    for rdtype, rdatas in content.others.items():
        for rdata in rdatas:
            yield f"{owner} IN {rdtype} {rdata.to_text()}\n"


def export(zone: Zone, path: Path) -> None:
    """Write the zone file, whole or not at all. Raises OSError."""
    replace(path, lines(zone, next_serial(zone)))


def replace(path: Path, text: Iterable[str]) -> None:
    """Put a file in the place of `path`, whole or not at all, also if the power goes. Raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            os.fchmod(descriptor, MODE)
            file.writelines(text)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class ZoneFileWriter:
    """Keeps the zone file in the data folder current, of each zone that has no name server."""

    def __init__(self) -> None:
        self.next_at = 0.0
        self.failed: set[str] = set()  # sentences that were said and still hold

    def turn(self) -> bool:
        """Write the files that are not current, if they rested long enough; return whether one was written."""
        if time.monotonic() < self.next_at:
            return False
        Zone.current()
        zones = Zone.objects.filter(writes_file=True, name_servers=None)
        # All of them, whatever became of the first.
        written = [self._write(zone) for zone in zones]
        return any(written)

    def _write(self, zone: Zone) -> bool:
        path = path_of(zone)
        if zone.filed == zone.revision and path.exists():
            return False
        with locks.held("zone file", locks.at_once) as has_it:
            if not has_it:
                return False
            began = time.monotonic()
            try:
                make_folder(path)
                export(zone, path)
            except OSError as error:
                self._complain(f"The zone file {path} cannot be written: {error.strerror}.")
                return False
            else:
                self.failed.clear()
                # What has changed since the zone was read has another revision, and is written next time.
                Zone.objects.filter(pk=zone.pk).update(filed=zone.revision)
            finally:
                self.next_at = time.monotonic() + max(LEAST_PAUSE, REST * (time.monotonic() - began))
        return True

    def _complain(self, sentence: str) -> None:
        if sentence not in self.failed:
            logger.error("%s", sentence)
        self.failed.add(sentence)
