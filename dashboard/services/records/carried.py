"""A number's records as its page carries them to the preview, which follows every key stroke and asks no registry.

They are the person's own, come back from the person's own browser, and decide nothing: what is saved is checked
against the registry's records as they are then.
"""

import base64
import binascii
import json
import zlib

from dashboard.enum import domain_name, in_order, read_raw
from dashboard.protocol import LocalProtocolError, Number, Record
from dashboard.services.numbers import NumberRecords
from dashboard.services.records.callers import Callers

MAX_CARRIED = 50_000  # characters
MAX_UNPACKED = 200_000
MAX_RECORDS = 500


def carry(callers: Callers) -> str:
    """The number and its records as text for an address; empty where it would be too long, and the preview must do
    without.
    """
    number = callers.number
    rows = [
        [record.id, record.order, record.preference, record.service, record.hostdata] for record in callers.records
    ]
    raws = [[raw.order, raw.preference, raw.flags, raw.service, raw.regexp, raw.replacement] for raw in callers.raws]
    text = json.dumps([number.country, number.area, number.local, callers.suffix, rows, raws], separators=(",", ":"))
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()
    return packed if len(packed) <= MAX_CARRIED else ""


def carried(text: str) -> NumberRecords | None:
    """What `carry` made text of; None for anything else."""
    if not text or len(text) > MAX_CARRIED:
        return None
    try:
        unpacker = zlib.decompressobj()
        octets = unpacker.decompress(base64.urlsafe_b64decode(text), MAX_UNPACKED)
        country, area, local, suffix, rows, raw_rows = json.loads(octets)
        number = Number(id=0, country=country, area=area, local=local)
        domain_name("1", suffix)
        records = [_record(number, *row) for row in rows[:MAX_RECORDS]]
        raws = [read_raw(*row) for row in raw_rows[:MAX_RECORDS]]
    except (binascii.Error, zlib.error, ValueError, TypeError, AttributeError, RecursionError, LocalProtocolError):
        return None
    return NumberRecords(number=number, records=in_order(records), suffix=suffix, raws_at=lambda _number: raws)


def _record(number: Number, pk: int, order: int, preference: int, service: str, hostdata: str) -> Record:
    return Record(
        id=pk,
        country=number.country,
        area=number.area,
        local=number.local,
        order=order,
        preference=preference,
        service=service,
        hostdata=hostdata,
    )
