"""What an account has as a whole: numbers by country, service, DNS state and problem, and changes by week.

The database counts, in as many questions whatever there is. Each count has what finds the numbers behind it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left, TruncWeek
from django.utils import timezone

from dashboard import access
from dashboard.enum import find_service, plans
from dashboard.models import Credential, MirroredNumber, Outcome, User
from dashboard.models.searching import HOSTS, RECORD
from dashboard.services.dns import State
from dashboard.services.numbers.formatting import country_name
from dashboard.telephones import TELEPHONES

WEEKS = 12
MOST_BARS = 20  # of one picture; what is rarer is counted together
READ = 2000  # texts that are in memory at once
LONGEST_CODE = 3  # digits of a country code (ITU-T E.164)

Groups = QuerySet[MirroredNumber, tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of a picture: how many, and of how many per cent of the longest. `query` finds what is counted.

    `key` is what it stands for, and `label` how people read it; of a week these are its first day, and None.
    """

    key: str
    label: str = ""
    count: int
    share: int
    query: str = ""
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The pictures of an account of so many numbers, of which so many were looked at."""

    total: int
    looked_at: int
    countries: Sequence[Bar]
    services: Sequence[Bar]
    dns: Sequence[Bar]
    problems: Sequence[Bar]
    weeks: Sequence[Bar]


def overview(person: User, credential: Credential) -> Overview:
    """The pictures of what the mirror has of a credential, as far as the person reaches it."""
    rows = access.mirrored_of(person, credential).order_by()
    within = f"credential:{quoted(credential.label)}"
    sums = rows.aggregate(total=Count("pk"), looked_at=Count("pk", filter=Q(seen_at__isnull=False)))
    states = _counted(rows.values_list("dns_state"), lambda state: [state] if state else ["unknown"])
    return Overview(
        total=sums["total"],
        looked_at=sums["looked_at"],
        countries=_bars(_countries(rows), lambda code: (_country(code), f"{within} country:{code}")),
        services=_bars(_services(rows), lambda name: (_service(name), f"{within} service:{quoted(name)}")),
        dns=_bars(states, lambda state: (_state(state), f"{within} dns:{state}")),
        problems=_bars(_problems(rows), lambda name: (_telephone(name), f"{within} problem:{name}")),
        weeks=_weeks(person, credential),
    )


def quoted(text: str) -> str:
    """A value as a search has it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _counted(groups: Groups, parts: Callable[[str], Iterable[str]]) -> Counter[str]:
    """How many numbers have each of the parts of a value. The database counts the values, of which there are few."""
    found = Counter[str]()
    for value, count in groups.annotate(count=Count("pk")):
        for part in parts(value):
            found[part] += count
    return found


def _countries(rows: QuerySet[MirroredNumber]) -> Counter[str]:
    beginnings = rows.exclude(digits="").annotate(beginning=Left("digits", LONGEST_CODE)).values_list("beginning")
    return _counted(beginnings, lambda digits: [plans.country_code(digits) or digits])


def _services(rows: QuerySet[MirroredNumber]) -> Counter[str]:
    """The services stand in the text, each before its host data (`models.searching.mirrored_text`), and there alone:
    so it is read, a row at a time.
    """
    found = Counter[str]()
    for text in rows.filter(record_count__gt=0).values_list("text", flat=True).iterator(READ):
        parts = (part.partition(HOSTS) for part in text.split(RECORD))
        found.update({service for service, hosts, _host in parts if hosts})
    return found


def _problems(rows: QuerySet[MirroredNumber]) -> Counter[str]:
    return _counted(rows.exclude(problems="").values_list("problems"), str.split)


def _bars(counts: Counter[str], of: Callable[[str], tuple[str, str]]) -> list[Bar]:
    """The bars, the longest first."""
    most = max(counts.values(), default=1)
    bars = []
    for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_BARS]:
        label, query = of(key)
        bars.append(Bar(key=key, label=label, count=count, share=_share(count, most), query=query))
    return bars


def _share(count: int, most: int) -> int:
    """Of what is there something is seen."""
    return max(1, round(100 * count / most)) if count else 0


def _weeks(person: User, credential: Credential) -> list[Bar]:
    """How many changes took effect or were seen in each of the last weeks, which begin on Monday."""
    this = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first = this - timedelta(days=this.weekday(), weeks=WEEKS - 1)
    applied = access.changes_of(person, credential).filter(outcome=Outcome.APPLIED, created_at__gte=first)
    found = applied.annotate(week=TruncWeek("created_at")).order_by().values("week").annotate(count=Count("pk"))
    counts: Mapping[date, int] = {_day(each["week"]): each["count"] for each in found}
    most = max(counts.values(), default=1)
    bars = []
    for place in range(WEEKS):
        begins = first.date() + timedelta(weeks=place)
        count = counts.get(begins, 0)
        share = _share(count, most)
        ends = begins + timedelta(days=6)
        bars.append(Bar(key=begins.isoformat(), count=count, share=share, begins=begins, ends=ends))
    return bars


def _day(week: datetime) -> date:
    return week.date()


def _country(code: str) -> str:
    known = plans.countries(code)
    return f"+{code} {country_name(known[0])}{', …' * (len(known) > 1)}" if known else f"+{code}"


def _service(name: str) -> str:
    known = find_service(name)
    return known.name if known is not None else name


def _state(state: str) -> str:
    return str(State(state).label) if state in State.values else ""


def _telephone(name: str) -> str:
    return next((each.label for each in TELEPHONES if each.name == name), name)
