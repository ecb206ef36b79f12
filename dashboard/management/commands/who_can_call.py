"""`manage.py who_can_call`: which telephone systems reach a number, and through which URIs, as JSON."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from dashboard.enum import Naptr, NaptrError, NumberError, domain_name, read_zone_lines
from dashboard.management.base import PlainCommand
from dashboard.management.shell import sentence
from dashboard.nameservers import NameServerError, ZoneFacts
from dashboard.services.dns import records_in_dns
from dashboard.services.numbers.typed import typed_number
from dashboard.services.sentences import say
from dashboard.services.zones import own_zone
from dashboard.telephones import Prediction, Verdict, predict

STRINGS = ("flags", "service", "regexp", "replacement")
INTEGERS = ("order", "preference")
DEFAULTS = {"replacement": "."}


class Command(PlainCommand):
    """Predict what telephone systems do with a number's records."""

    help = (
        "Print which URIs each telephone system would call for a number, in order, as JSON. The records are read "
        "from the DNS, or from a file: NAPTR records as zone files and dig write them, or a JSON list of objects "
        "with order, preference, flags, service, regexp and replacement, as on the wire."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number, and where its records come from."""
        parser.add_argument("number", help="in any writing, such as “+1 604 555 0123”")
        parser.add_argument(
            "--records", metavar="FILE", help="read the records from this file, or - for standard input"
        )
        parser.add_argument("--explain", action="store_true", help="say what becomes of every record, and why")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the prediction. Raises CommandError with one sentence."""
        # A file needs no database, and so tells less of the zone.
        zone = ZoneFacts(settings.E164WEB.suffix) if options["records"] else own_zone("")
        digits = read_number(options["number"], zone)
        records = read_records(options["records"], digits) if options["records"] else ask_dns(digits)
        predictions = predict(digits, records)
        told = {
            each.telephone.name: explained(each, records) if options["explain"] else uris(each)
            for each in predictions
        }
        self.stdout.write(printable(json.dumps(told, ensure_ascii=False, indent=2 if options["explain"] else None)))


def read_number(text: str, zone: ZoneFacts) -> str:
    """The digits of a number in any writing. Raises CommandError."""
    try:
        digits = typed_number(text, zone)
        domain_name(digits)
    except NumberError as error:
        raise CommandError(sentence(f"The number: {say(error)}")) from error
    return digits


def ask_dns(digits: str) -> list[Naptr]:
    """The number's records as the zone's name servers have them, first tried first. Raises CommandError."""
    try:
        return sorted(records_in_dns(digits), key=attrgetter("order", "preference"))
    except (NameServerError, NumberError) as failure:
        raise CommandError(sentence(str(failure))) from failure


def read_records(name: str, digits: str) -> list[Naptr]:
    """The number's records in a file, or on the standard input for “-”.

    JSON, or lines of a zone file. Raises CommandError naming what is wrong and where.
    """
    shown = "The standard input" if name == "-" else f"The file “{name}”"
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
