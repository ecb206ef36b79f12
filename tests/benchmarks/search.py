"""A large mirror: the pages of searches and of the list, to a bare view, on both databases."""

from collections.abc import Iterator
from urllib.parse import quote

import requests

from tests.benchmarks import fill_mirror
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.fill_mirror import COMMON, LAST, RARE
from tests.benchmarks.large import LargeSite, on_both_databases
from tests.benchmarks.web import BrokenReplyError

PAGE_KB = 200
SEARCHED = {
    "all": "",
    "a host that all have": f"host:{COMMON}",
    "a host that one of 10,000 has": f"host:{RARE} service:SIP",
    "a host of the last tenth": f"host:{LAST}",
    "a word that one of 10,000 has": RARE,
    "a word that nothing has": "nowhere",
    "states": "problem:any dns:differs",
}


def search(effort: Effort) -> Iterator[Figure]:
    """The figures of SQLite, and then those of PostgreSQL. Raises StartError where that is not installed."""
    yield from on_both_databases(fill_mirror.__name__, effort.mirrored, lambda site: _measured(site, effort))


def _measured(site: LargeSite, effort: Effort) -> Iterator[Figure]:
    largest = 0
    pages = {f"page of {{}} numbers with {words}": f"/search/?q={quote(query)}" for words, query in SEARCHED.items()}
    for name, path in {**pages, "list of {} numbers": f"/credentials/{fill_mirror.LARGE}/numbers/"}.items():
        largest = max(largest, _size(site.address(path), site.signed_in))
        yield from site.searched(name.format(f"{effort.mirrored:,}"), path, effort)
    yield Figure(name=f"{site.database}, largest of these pages", measured=largest / 1_000, unit="kB", target=PAGE_KB)


def _size(address: str, headers: dict[str, str]) -> int:
    answer = requests.get(address, headers=headers, timeout=60)
    if answer.status_code != requests.codes.ok:
        raise BrokenReplyError(f"{address} answered {answer.status_code}")
    return len(answer.content)
