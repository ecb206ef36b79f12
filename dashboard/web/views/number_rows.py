"""Numbers as the rows of a table: what each says, put together before it is drawn."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import TypedDict

from django.urls import reverse

from dashboard.models import Credential, MirroredNumber
from dashboard.protocol import RecordState
from dashboard.services import dns
from dashboard.services.numbers import NumberList
from dashboard.services.numbers.formatting import country_name, text_of, writing
from dashboard.services.search import NumberPage
from dashboard.services.sentences import grouped, visible
from dashboard.services.zones import suffix_of
from dashboard.telephones import TELEPHONES
from dashboard.web.views.row_parts import Times, times_of

SHOWN = 3  # records; the page of the number has the others

_LABELS = {each.name: each.label for each in TELEPHONES}


class ListedRow(TypedDict):
    """One row of an account's list; templates read a dictionary quickest.

    `records` is how many, empty for what was never looked at.
    """

    id: str
    page: str
    number: str
    domain: str
    records: str
    tags: Sequence[str]


def countries_of(credential: Credential, found: NumberList) -> list[tuple[str, list[ListedRow]]]:
    """The rows of an account's list, those of a country together below its name, which is empty for none."""
    path, suffix = reverse("numbers", kwargs={"pk": credential.pk}), suffix_of(credential.registry)
    written = [(row, writing(row.number, suffix)) for row in found.rows]
    return [
        (
            country_name(region),
            [
                {
                    "id": str(row.number.id),
                    "page": f"{path}{row.number.id}/",
                    "number": shown.text,
                    "domain": shown.domain,
                    "records": grouped(row.record_count) if row.record_count is not None else "",
                    "tags": row.tags,
                }
                for row, shown in rows
            ],
        )
        for region, rows in groupby(written, key=lambda one: one[1].region)
    ]


class NumberRow(Times):
    """One row of a search. `records` has a line each; `exact` and the like are empty for what was never looked at."""

    value: str
    page: str
    number: str
    credential: str
    credential_page: str
    records: str
    more: int
    problems: list[str]
    state: str
    says: str
    tags: Sequence[str]
    note: str


def rows_of(page: NumberPage) -> list[NumberRow]:
    """A row for each number of a page that was found."""
    credentials = reverse("credentials")
    said = {number.dns_state for number in page.shown}
    states = {state.value: str(state.label) for state in dns.State if state.value in said}
    times = cache(times_of)  # a refresh looks at many numbers in one second
    return [_row(number, credentials, states, times) for number in page.shown]


def _row(
    number: MirroredNumber,
    credentials: str,
    states: dict[str, str],
    times: Callable[[datetime | None], Times],
) -> NumberRow:
    of = f"{credentials}{number.credential_id}/"
    return {
        "value": f"{number.credential_id}:{number.number_id}",
        "page": f"{of}numbers/{number.number_id}/",
        "number": text_of(number.digits, is_block=number.is_block),
        "credential": visible(number.label),
        "credential_page": of,
        "records": "\n".join(_text(record) for record in number.records[:SHOWN]),
        "more": max(0, number.record_count - SHOWN),
        "problems": [_LABELS.get(name, name) for name in number.problems.split()],
        "state": number.dns_state,
        "says": states.get(number.dns_state, ""),
        "tags": number.tags.split(),
        "note": visible(number.note),
        **times(number.seen_at.replace(microsecond=0) if number.seen_at is not None else None),
    }


def _text(record: RecordState) -> str:
    return visible(f"{record.service} {record.hostdata}")
