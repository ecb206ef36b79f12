"""`manage.py reconcile`: compare what the name servers have with the registry, and send what differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext

from dashboard.management.base import PlainCommand
from dashboard.management.shell import sentence
from dashboard.management.unpublished import name_unpublished
from dashboard.nameservers import Address, AddressError, NameServerError
from dashboard.registry.models import NameServer
from dashboard.registry.publishing import draining, reconcile
from dashboard.registry.publishing.content import is_host
from dashboard.registry.publishing.reconcile import Difference
from dashboard.vault import SealError

FOREIGN_SHOWN = 50  # names of others that are listed


class Command(PlainCommand):
    """Compares, shows, and sends only what differs."""

    help = (
        "Transfer the zone from its name servers, compare it with the registry, show what differs and send that. "
        "What others have put into the zone is left alone and named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--dry-run and --server."""
        parser.add_argument("--dry-run", action="store_true", help="send nothing; 1 if there is a difference")
        parser.add_argument("--server", metavar="ADDRESS", help="only this name server")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare every server. Raises CommandError."""
        servers = list(chosen(options["server"]))
        name_unpublished(self.stderr)
        differing = [server for server in servers if self.compare(server, dry_run=options["dry_run"])]
        if options["dry_run"]:
            if differing:
                raise CommandError("The name servers and the registry differ.")
            return
        results = draining.drain(servers, is_hurried=True)
        for result in results:
            if result.sent or not result.is_complete:
                self.stdout.write(str(result))
        if not all(result.is_complete for result in results) or self.failed:
            raise CommandError("Not everything could be compared and sent.")

    failed = False

    def compare(self, server: NameServer, *, dry_run: bool) -> bool:
        """Show what differs, and put it into the queue unless this is a trial. Returns whether anything differs."""
        try:
            difference = reconcile.compare(server, server.key)
        except NameServerError as error:
            self.stderr.write(sentence(str(error)))
        except SealError:
            self.stderr.write(f"The key of {server} cannot be opened with this installation's keys: enter it again.")
        else:
            self.show(server, difference)
            if not dry_run:
                reconcile.enqueue(server, difference)
            return bool(difference.names)
        self.failed = True
        return True

    def show(self, server: NameServer, difference: Difference) -> None:
        """What differs, as a patch: - is only at the server, + only in the registry."""
        count = len(difference.names)
        state = f"{count} differing" if count else "no difference"
        self.stdout.write(f"{server.label}: {difference.compared} records compared, {state}.")
        for name in difference.names:
            self.stdout.write(f"  {shown(name.name)}{gettext(' (waits to be sent)') if name.is_queued else ''}")
            for line in name.surplus:
                self.stdout.write(f"    - {line.ttl} {line.rdtype} {sentence(line.text)}")
            for line in name.missing:
                self.stdout.write(f"    + {line.ttl} {line.rdtype} {sentence(line.text)}")
        foreign = sorted(difference.foreign.items())
        for (owner, rdtype), records in foreign[:FOREIGN_SHOWN]:
            self.stdout.write(f"  left alone: {sentence(owner)} {rdtype} ({records})")
        if len(foreign) > FOREIGN_SHOWN:
            self.stdout.write(f"  left alone: {len(foreign) - FOREIGN_SHOWN} more")


def shown(name: str) -> str:
    """A name as in Publication.name, as people read it."""
    return name if is_host(name) else f"+{name}"


def chosen(address: str | None) -> QuerySet[NameServer]:
    """The enabled name servers, or the one that is named. Raises CommandError if there is none."""
    servers = NameServer.objects.filter(is_enabled=True)
    if address is not None:
        try:
            servers = servers.filter(address=str(Address.parse(address)))
        except AddressError as error:
            raise CommandError(str(error)) from error
    if not servers:
        raise CommandError("There is no such name server." if address else "No name server is set up.")
    return servers
