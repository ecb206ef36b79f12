"""`manage.py who_can_call`: which telephone systems reach a number, and through which URIs, as JSON."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.http import Http404

from dashboard.client import RegistryError
from dashboard.enum import Naptr, NaptrError, NumberError, domain_name, read_zone_lines
from dashboard.management import shell
from dashboard.management.base import USAGE, PlainCommand
from dashboard.management.shell import sentence
from dashboard.models import Credential, User
from dashboard.nameservers import NameServerError, ZoneFacts
from dashboard.services import numbers
from dashboard.services.credentials.connection import connect
from dashboard.services.dns import records_in_dns
from dashboard.services.numbers.typed import typed_number
from dashboard.services.records.callers import Callers
from dashboard.services.sentences import say
from dashboard.services.zones import own_zone, zone_of
from dashboard.telephones import Prediction, Verdict, predict

STRINGS = ("flags", "service", "regexp", "replacement")
INTEGERS = ("order", "preference")
DEFAULTS = {"replacement": "."}


@dataclass(frozen=True, slots=True)
class Found:
    """The records, as the DNS has or would have them, in order; what systems do with them; and what to remark."""

    records: Sequence[Naptr]
    predictions: Sequence[Prediction]
    remark: str = ""


class Command(PlainCommand):
    """Predict what telephone systems do with a number's records."""

    help = (
        "Print which URIs each telephone system would call for a number, in order, as JSON. The records are read "
        "from the DNS; with --credential from its registry; with --records from a file: NAPTR records as zone files "
        "and dig write them, or a JSON list of objects with order, preference, flags, service, regexp and "
        "replacement, as on the wire. Where there are none, the standard error says where they were looked for."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number, and where its records come from."""
        parser.add_argument("number", help="in any writing, such as “+1 604 555 0123”")
        parser.add_argument(
            "--records", metavar="FILE", help="read the records from this file, or - for standard input"
        )
        parser.add_argument("--credential", default="", metavar="LABEL", help="ask its registry, and not the DNS")
        parser.add_argument("--user", default="", metavar="NAME", help="whose credential, where several have one")
        parser.add_argument("--explain", action="store_true", help="say what becomes of every record, and why")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the prediction. Raises CommandError with one sentence."""
        asks_registry = options["credential"] or options["user"]
        if options["records"] and asks_registry:
            raise CommandError("Records come from a file or from a registry, not from both.", returncode=USAGE)
        if asks_registry:
            person = shell.find_person(options["user"])
            found = in_registry(options["number"], person, shell.find_credential(person, options["credential"]))
        elif options["records"]:
            # A file needs no database, and so tells less of the zone.
            found = in_file(options["records"], read_number(options["number"], ZoneFacts(settings.E164WEB.suffix)))
        else:
            found = in_dns(read_number(options["number"], own_zone("")))
        told = {
            each.telephone.name: explained(each, found.records) if options["explain"] else uris(each)
            for each in found.predictions
        }
        if found.remark:
            self.stderr.write(sentence(found.remark))
        self.stdout.write(printable(json.dumps(told, ensure_ascii=False, indent=2 if options["explain"] else None)))


def in_dns(digits: str) -> Found:
    """What the zone's name servers have. Raises CommandError."""
    try:
        looked = records_in_dns(digits)
    except (NameServerError, NumberError) as failure:
        raise CommandError(sentence(str(failure))) from failure
    records = sorted(looked.records, key=attrgetter("order", "preference"))
    remark = f"{looked.server} has no records at {looked.domain}. Add --credential LABEL to ask a registry instead."
    return Found(records, predict(digits, records), "" if records else remark)


def in_registry(number: str, person: User, credential: Credential) -> Found:
    """What a registry has, as it would be in the DNS. Raises CommandError."""
    digits = read_number(number, zone_of(credential.registry))
    where = f"The account “{credential.username}” at “{credential.registry.name}”"
    try:
        listed = connect(person, credential).list()
        ids = [each.id for each in listed if each.digits == digits]
        if not ids:
            raise CommandError(sentence(f"{where} has no number +{digits}."))
        callers = Callers.of(numbers.show_number(person, credential, ids[0]))
    except (RegistryError, Http404) as failure:
        raise CommandError(sentence(str(failure))) from failure
    records = [way.naptr for way in callers.ways if way.naptr is not None]
    left_out = len(callers.ways) - len(records)
    remark = f"{left_out} of its {len(callers.ways)} records have no form in the DNS." if left_out else ""
    if not callers.ways:
        remark = f"{where} has no records of +{digits}."
    return Found(records, callers.predictions, remark)


def in_file(name: str, digits: str) -> Found:
    """What is written in a file. Raises CommandError."""
    records = read_records(name, digits)
    return Found(records, predict(digits, records), "" if records else f"{_shown(name)} has no records.")


def read_number(text: str, zone: ZoneFacts) -> str:
    """The digits of a number in any writing. Raises CommandError."""
    try:
        digits = typed_number(text, zone)
        domain_name(digits)
    except NumberError as error:
        raise CommandError(sentence(f"The number: {say(error)}")) from error
    return digits


def read_records(name: str, digits: str) -> list[Naptr]:
    """The number's records in a file, or on the standard input for “-”.

    JSON, or lines of a zone file. Raises CommandError naming what is wrong and where.
    """
    shown = _shown(name)
    try:
        octets = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as failure:
        raise CommandError(sentence(f"{shown} cannot be read: {failure.strerror or failure}.")) from failure
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise CommandError(sentence(f"{shown} is not UTF-8 text.")) from failure
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as failure:
        if text.strip() and not text.lstrip().startswith(("[", "{")):
            return read_lines(shown, text, digits)
        raise CommandError(sentence(f"{shown} is not JSON: {failure}.")) from failure
    if isinstance(entries, dict):  # a number with its records
        entries = entries.get("records")
    if not isinstance(entries, list):
        raise CommandError(sentence(f"{shown} must hold a list of records."))
    return [read_record(place, entry) for place, entry in enumerate(entries, start=1)]


def read_lines(shown: str, text: str, digits: str) -> list[Naptr]:
    """The number's records among the lines of a zone file, or what dig printed. Raises CommandError."""
    try:
        return sorted(read_zone_lines(text, digits), key=attrgetter("order", "preference"))
    except NaptrError as error:
        raise CommandError(sentence(f"{shown} cannot be read. {error}")) from error


def _shown(name: str) -> str:
    return "The standard input" if name == "-" else f"The file “{name}”"


def read_record(place: int, entry: object) -> Naptr:
    """One record of the list; what is not ASCII in it is UTF-8 on the wire. Raises CommandError."""
    if not isinstance(entry, dict):
        raise CommandError(f"Record {place} is not an object with names and values.")
    fields: dict[str, Any] = DEFAULTS | entry
    for name in (*INTEGERS, *STRINGS):
        if name not in fields:
            raise CommandError(f"Record {place} lacks “{name}”.")
    for name in INTEGERS:
        if type(fields[name]) is not int:
            raise CommandError(f"“{name}” of record {place} must be a whole number.")
    for name in STRINGS:
        if not isinstance(fields[name], str):
            raise CommandError(f"“{name}” of record {place} must be text.")
    fields["replacement"] = fields["replacement"].removesuffix(".") + "."
    try:
        return Naptr(*(fields[name] for name in INTEGERS), *(wire(fields[name]) for name in STRINGS))
    except (NaptrError, UnicodeEncodeError) as error:
        raise CommandError(sentence(f"Record {place}: {error}")) from error


def wire(text: str) -> str:
    """Octets, one character each, as `Naptr` has them."""
    return text.encode().decode("latin-1")


def text_of(octets: str) -> str:
    """The opposite of `wire`; what is not UTF-8 stays as it is."""
    try:
        return octets.encode("latin-1").decode()
    except UnicodeDecodeError:
        return octets


def uris(prediction: Prediction) -> list[str]:
    """What a telephone system calls, in order."""
    return [text_of(uri) for uri in prediction.uris]


def explained(prediction: Prediction, records: Sequence[Naptr]) -> dict[str, object]:
    """The same with reasons."""
    found = [verdict(*each) for each in zip(records, prediction.verdicts, strict=True)]
    return {"uris": uris(prediction), "sentence": str(prediction), "records": found}


def verdict(record: Naptr, found: Verdict) -> dict[str, str]:
    """What becomes of a record, and which one it is, as zone files have it."""
    return {
        "record": record.to_text(),
        "state": found.state,
        "code": found.code,
        "uri": text_of(found.uri),
        "sentence": str(found),
    }


def printable(text: str) -> str:
    """JSON without what moves a terminal's cursor."""
    return "".join(
        character if character.isprintable() or character == "\n" else escape(character) for character in text
    )


def escape(character: str) -> str:
    """A character as JSON writes it in ASCII: one or two units of UTF-16 (RFC 8259 s7)."""
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))
