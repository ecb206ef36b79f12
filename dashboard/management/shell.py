"""What a command needs to speak for a person in the shell: who, with which credential, and rows for programs."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management import CommandError
from django.core.management.base import OutputWrapper
from django.db.models.signals import post_save

from dashboard import access
from dashboard.management.base import USAGE
from dashboard.models import Credential, Exchange, User
from dashboard.protocol import Number, Record
from dashboard.services.sentences import visible, visible_lines

LISTED = 20  # names or labels that a sentence names at most


def add_account(parser: ArgumentParser) -> None:
    """The options that say whose account at which registry, for `find_person` and `find_credential`."""
    parser.add_argument("--credential", default="", metavar="LABEL", help="needed where there are several")
    parser.add_argument("--user", default="", metavar="NAME", help="needed where several people have credentials")


def person_named(name: str) -> User:
    """The user of this name: for an empty one, nobody. Raises CommandError."""
    found = User.objects.filter(is_active=True, username=name).first()
    if found is None:
        raise CommandError(f"There is no active user “{name}”.")
    return found


def find_person(name: str) -> User:
    """The user of this name, or the only one who has credentials. Raises CommandError."""
    if name:
        return person_named(name)
    owners = list(access.people_with_credentials().order_by("username")[: LISTED + 1])
    if not owners:
        raise CommandError("Nobody has a credential yet. Add one on the site first.")
    if len(owners) > 1:
        names = _some([owner.get_username() for owner in owners])
        raise CommandError(f"Several people have credentials. Add --user NAME: {names}.", returncode=USAGE)
    return owners[0]


def find_credential(person: User, label: str) -> Credential:
    """The person's credential of this label, or their only one. Raises CommandError."""
    credentials = list(access.credentials(person))
    chosen = [credential for credential in credentials if label in {"", credential.label}]
    if len(chosen) == 1:
        return chosen[0]
    name = person.get_username()
    if not credentials:
        raise CommandError(f"{name} has no credential. Add one on the site first.")
    labels = _some([f"“{credential.label}”" for credential in credentials])
    if label:
        raise CommandError(f"{name} has no credential “{label}”. There is: {labels}.")
    raise CommandError(f"{name} has several credentials. Add --credential LABEL: {labels}.", returncode=USAGE)


def _some(names: Sequence[str]) -> str:
    """The first names of a list, and that there are more."""
    return ", ".join([*names[:LISTED], *(["and more"] if len(names) > LISTED else [])])


def row(*fields: object) -> str:
    """One line of output: fields separated by tabs. What would break the line or move the cursor is escaped."""
    return "\t".join(visible(str(field)) for field in fields)


def sentence(text: str) -> str:
    """One line for a person: words of a registry may hold line ends and worse."""
    return visible(" ".join(text.split()))


def number_row(number: Number) -> str:
    """A number, as `list` names its fields: id, country code, area code, local number."""
    return row(number.id, number.country, number.area, number.local)


def record_row(record: Record) -> str:
    """A record, as `show` names its fields: id, the number's three parts, order, preference, service, host data."""
    number = (record.country, record.area, record.local)
    return row(record.id, *number, record.order, record.preference, record.service, record.hostdata)


@contextmanager
def wire_shown(output: OutputWrapper) -> Iterator[None]:
    """Write every exchange of this process to `output` as it ends: request and reply, their secrets redacted."""

    def show(instance: Exchange, **_: Any) -> None:
        status = "no reply" if instance.status is None else f"HTTP {instance.status}"
        output.write(f"> {instance.command} at {instance.credential.registry.url}")
        output.write(_lines(instance.request))
        output.write(f"< {status}, {instance.outcome}, {instance.elapsed_ms:.1f} ms")
        output.write(_lines(instance.reply))

    post_save.connect(show, sender=Exchange, weak=False)
    try:
        yield
    finally:
        post_save.disconnect(show, sender=Exchange)


def _lines(text: str) -> str:
    return "\n".join(f"  {line}" for line in visible_lines(text).split("\n"))
