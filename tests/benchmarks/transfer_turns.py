"""`python -m tests.benchmarks.transfer_turns import LINES`, or `export NUMBERS RECORDS`: prints what was measured."""

import csv
import io
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import django

KILOBYTES = 1024  # in a megabyte, of which Linux tells the peak
AT_ONCE = 1_000  # rows


def main(what: str, *counts: str) -> None:
    """Measure one thing."""
    django.setup()
    numbers, *more = map(int, counts)
    found = _import(numbers) if what == "import" else _export(numbers, *more)
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
    sys.stdout.write(json.dumps(found))


def _account(numbers: int, records: int) -> Any:
    """A credential whose mirror has numbers with records."""
    from django.utils import timezone

    from dashboard.models import EMBEDDED_URL, Credential, Mirror, MirroredNumber, Registry, User
    from dashboard.services.fingerprints import fingerprint

    user, _new = User.objects.get_or_create(username=f"bench{numbers}-{records}-{Credential.objects.count()}")
    registry, _new = Registry.objects.get_or_create(url=EMBEDDED_URL, defaults={"name": "This registry"})
    credential = Credential.objects.create(user=user, registry=registry, username=user.username, label="Bench")
    now = timezone.now()
    Mirror.objects.create(credential=credential, listed_at=now)
    for first in range(0, numbers, AT_ONCE):
        rows = []
        for place in range(first, min(numbers, first + AT_ONCE)):
            held = [_record(place, one) for one in range(records)]
            digits = f"4420{place:08}"
            rows.append(
                MirroredNumber(
                    credential=credential,
                    number_id=place + 1,
                    country="44",
                    area="20",
                    local=f"{place:08}",
                    digits=digits,
                    records=held,
                    record_count=records,
                    fingerprint=fingerprint(held),
                    seen_at=now,
                )
            )
        MirroredNumber.objects.bulk_create(rows)
    return credential


def _record(place: int, one: int) -> Any:
    from dashboard.protocol import RecordState

    hostdata = f"user{place}@pbx-old.example.net"
    return RecordState(id=place * 10 + one + 1, preference=10 + one, service="SIP", hostdata=hostdata)


def _import(lines: int) -> dict[str, float]:
    from dashboard.models import Format
    from dashboard.services.transfer import Options, keep, prepare_import, start_preview

    credential = _account(lines, 1)
    text = "number,preference,service,hostdata\n" + "".join(
        f"+4420{place:08},10,SIP,user{place}@pbx-new.example.net\n" for place in range(lines)
    )
    bare = _bare_import(text)
    began = time.process_time()
    kept = keep(credential.user, credential.pk, [text.encode()], format_=Format.CSV, options=Options(replaces=True))
    start_preview(credential.user, kept, Options.of(kept.options))
    prepare_import.func(kept.pk)
    took = time.process_time() - began
    kept.refresh_from_db()
    if kept.job is None or kept.job.state != "preview" or kept.lines != lines:
        raise SystemExit(f"The import has {kept.lines} lines: {kept.job and kept.job.failure}")
    return {"import": took, "bare": bare}


def _bare_import(text: str) -> float:
    """Python's own reader, and of each draft what is wrong with it and what each system does, before and after."""
    from dashboard.enum import check_draft, naptr_for
    from dashboard.protocol import RecordData
    from dashboard.telephones import predict

    began = time.process_time()
    rows = csv.reader(io.StringIO(text))
    next(rows)
    for number, preference, service, hostdata in rows:
        draft = RecordData(preference=int(preference), service=service, hostdata=hostdata)
        check_draft(draft, number[1:])
        old = RecordData(preference=10, service="SIP", hostdata=hostdata.replace("new", "old"))
        for one in (old, draft):
            naptr = naptr_for(one)
            predict(number[1:], [naptr] if naptr is not None else [])
    return time.process_time() - began


def _export(numbers: int, records: int) -> dict[str, float]:
    from dashboard.services.transfer import export

    credential = _account(numbers, records)
    bare, count = _bare_export(credential.pk)
    began = time.process_time()
    lines = sum(part.count("\n") for part in export(credential.user, "", "csv"))
    took = time.process_time() - began
    if not lines == count == numbers * records + 1:
        raise SystemExit(f"The file has {lines} lines, the bare one {count}")
    return {"export": took, "bare": bare}


def _bare_export(credential: int) -> tuple[float, int]:
    """One query that is read row by row, and a line for each record."""
    from django.db import connection, transaction

    query = "SELECT digits, records FROM dashboard_mirrorednumber WHERE credential_id = %s ORDER BY digits"
    began, count = time.process_time(), 1
    writer = csv.writer(_Counted())
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query, [credential])
        while rows := cursor.fetchmany(AT_ONCE):
            for row in _cells(rows):
                writer.writerow(row)
                count += 1
    return time.process_time() - began, count


def _cells(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for digits, stored in rows:
        for one in json.loads(stored) if isinstance(stored, str) else stored:
            yield f"'+{digits}", one["preference"], one["service"], one["hostdata"], one["order"], "Bench"


class _Counted:
    """A file that keeps nothing."""

    def write(self, line: str) -> int:
        return len(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
