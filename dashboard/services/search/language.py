"""The language of searches: words and `key:value`, with quotation marks, and a minus in front of what is excluded.

Pure: what is searched for is said here, and looked up elsewhere. docs/search.md has the language for people. Printing
what was read and reading that gives the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.enum import SERVICES, plans
from dashboard.enum.problems import cut, gettext_noop
from dashboard.telephones import TELEPHONES

MAX_LENGTH = 500  # characters, as `SavedSearch` keeps them
MAX_WORDS = 20
MAX_COUNT_DIGITS = 9
MAX_DAYS = 36_500
YEARS = range(1970, 10_000)

# What a key takes, in words for people who got it wrong.
KEYS = (
    *("number", "host", "service", "tag", "note", "credential", "country"),
    *("problem", "dns", "records", "changed"),
)
SYSTEMS = tuple(each.name for each in TELEPHONES)
PROBLEMS = ("any", "none", *SYSTEMS)
# As `services.dns.State` names them; "ok" is the short word for "published", and "unknown" for never asked.
DNS_STATES = (
    *("ok", "published", "differs", "missing", "extra", "empty", "block", "unreachable", "unpublished", "unknown"),
)

# People paste URIs, which look like keys.
_SCHEMES = frozenset(scheme for service in SERVICES for scheme in service.schemes)
_KEY = re.compile(r"([A-Za-z]+):(.*)", re.DOTALL)
_PIECE = re.compile(r' +|(-?)((?:[A-Za-z]+:)?)"((?:[^"\\]|\\["\\])*)"(?=$| )|([^ ]+)')
_ESCAPED = re.compile(r'\\(["\\])')
_PLAIN = re.compile(r'[^ "\\:-][^ "\\:]*')
_OF_NUMBER = re.compile(r"[+*(]?[0-9()/* -]*[0-9][0-9()/* -]*")
_CODE = re.compile(r"\+?[1-9][0-9]{0,2}")
_COUNT = re.compile(r"(<=|>=|<|>|)([0-9]+)")
_AGE = re.compile(r"(<|>)([0-9]+)([hdw])")
_DAY = re.compile(r"(<=|>=|<|>|)([0-9]{4}-[0-9]{2}-[0-9]{2})")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}

_UNKNOWN_KEY = gettext_noop(
    "“%(word)s”: there is no “%(key)s:” in this language. Use one of %(keys)s, or put it all in quotation marks to "
    "look for it as it stands."
)
_NO_VALUE = gettext_noop("“%(word)s”: write what is looked for right behind the colon, without a blank.")
_NO_WORD = gettext_noop("“%(word)s”: write what is excluded right behind the minus, without a blank.")
_NOT_CLOSED = gettext_noop('“%(word)s”: a quotation mark is missing, or stands within a word. Write key:"two words".')
_NO_CHOICE = gettext_noop("“%(word)s”: after “%(key)s:” comes one of %(choices)s.")
_NO_COUNT = gettext_noop("“%(word)s”: after “%(key)s:” comes a count, as in records:0, records:>3 or records:<=2.")
_NO_TIME = gettext_noop(
    "“%(word)s”: after “%(key)s:” comes a day or an age, as in changed:>2026-01-31, changed:2026-01-31, changed:<7d "
    "(h, d, w: hours, days, weeks)."
)
_NO_COUNTRY = gettext_noop("“%(word)s”: after “country:” comes a country’s code, as in country:GB or country:44.")
_TWO_SERVICES = gettext_noop("“%(word)s”: a record has one service, so write “service:” once.")
_TOO_LONG = gettext_noop("A search has at most %(limit)d characters; this one has %(count)d. Leave some out.")
_TOO_MANY = gettext_noop("A search has at most %(limit)d words; this one has %(count)d. Leave some out.")


class QueryError(ValueError):
    """A search that cannot be understood. `word` is the one at fault, the rest is as in `enum.Problem`."""

    def __init__(self, word: str, message: str, params: Mapping[str, object] | None = None) -> None:
        self.word = word
        self.message = message
        self.params = {"word": cut(word), **(params or {})}
        super().__init__(message % self.params)


@dataclass(frozen=True, slots=True)
class Word:
    """One condition: a value, looked for everywhere or as its key says. Numbers with a value must not fulfil it if
    it `is_excluded`.
    """

    value: str
    key: str = ""
    is_excluded: bool = False

    def __str__(self) -> str:
        value = self.value
        if not _PLAIN.fullmatch(value):
            value = '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
        return f"{'-' * self.is_excluded}{self.key}{':' * bool(self.key)}{value}"


@dataclass(frozen=True, slots=True)
class Count:
    """How many: `sign` is one of =, <, >, <=, >=."""

    sign: str
    count: int


@dataclass(frozen=True, slots=True)
class When:
    """Since when, or until when. With an `age` it is that long ago, else the whole `day` counts."""

    sign: str
    age: timedelta | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: numbers that fulfil every one of the words. Without any all numbers are."""

    words: tuple[Word, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.words))

    def __bool__(self) -> bool:
        return bool(self.words)

    def of(self, *keys: str, excluded: bool = False) -> list[str]:
        """The values of some keys."""
        return [word.value for word in self.words if word.key in keys and word.is_excluded == excluded]


def parse(text: str) -> Query:
    """What somebody typed. Raises QueryError, which names the word at fault and says what to do."""
    if len(text) > MAX_LENGTH:
        raise QueryError(text, _TOO_LONG, {"limit": MAX_LENGTH, "count": len(text)})
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    words = list(_with_numbers(_words(clean)))
    if len(words) > MAX_WORDS:
        raise QueryError(words[MAX_WORDS][0].value, _TOO_MANY, {"limit": MAX_WORDS, "count": len(words)})
    found = tuple(word for word, _ in words)
    for word, typed in words:
        _check(word, typed)
    services = [(word, typed) for word, typed in words if word.key == "service" and not word.is_excluded]
    if len({word.value.lower() for word, _ in services}) > 1:
        raise QueryError(services[-1][1], _TWO_SERVICES)
    return Query(found)


def _words(text: str) -> Iterator[tuple[Word, str]]:
    """The words, each with what was typed for it."""
    place = 0
    while place < len(text):
        match = _PIECE.match(text, place)
        if match is None:
            raise QueryError(text[place:], _NOT_CLOSED)
        place = match.end()
        typed = match[0]
        if typed.isspace():
            continue
        if match[4] is None:
            yield _word(match[1], match[2].removesuffix(":"), _ESCAPED.sub(r"\1", match[3]), typed), typed
            continue
        if '"' in typed:
            raise QueryError(text[match.start() :], _NOT_CLOSED)
        minus = "-" if typed.startswith("-") else ""
        keyed = _KEY.fullmatch(typed.removeprefix("-"))
        is_uri = keyed is not None and keyed[1].lower() in _SCHEMES
        key, value = keyed.groups() if keyed is not None and not is_uri else ("", typed.removeprefix("-"))
        yield _word(minus, key, value, typed), typed


def _word(minus: str, key: str, value: str, typed: str) -> Word:
    key = key.lower()
    if key and key not in KEYS:
        raise QueryError(typed, _UNKNOWN_KEY, {"key": cut(key), "keys": ", ".join(f"{each}:" for each in KEYS)})
    if not value.strip():
        raise QueryError(typed, _NO_VALUE if key or not minus else _NO_WORD)
    return Word(value, key, bool(minus))


def _with_numbers(words: Iterable[tuple[Word, str]]) -> Iterator[tuple[Word, str]]:
    """The same, with a number that is typed with blanks, +44 20 7946 0958, as one word."""
    parts = list[str]()
    for word, typed in words:
        is_part = not word.key and not word.is_excluded and bool(_OF_NUMBER.fullmatch(word.value))
        if parts and (not is_part or "+" in word.value):
            yield Word(" ".join(parts)), " ".join(parts)
            parts = []
        if is_part:
            parts.append(word.value)
        else:
            yield word, typed
    if parts:
        yield Word(" ".join(parts)), " ".join(parts)


def read_count(word: Word, typed: str = "") -> Count:
    """What a count says. Raises QueryError."""
    match = _COUNT.fullmatch(word.value)
    if match is None or len(match[2]) > MAX_COUNT_DIGITS:
        raise QueryError(typed, _NO_COUNT, {"key": word.key})
    return Count(match[1] or "=", int(match[2]))


def read_when(word: Word, typed: str = "") -> When:
    """What a time says. Raises QueryError."""
    age, day = _AGE.fullmatch(word.value.lower()), _DAY.fullmatch(word.value)
    try:
        if age is not None and (span := int(age[2][:MAX_COUNT_DIGITS]) * _UNITS[age[3]]).days <= MAX_DAYS:
            return When(age[1], age=span)
        if day is not None and (said := date.fromisoformat(day[2])).year in YEARS:
            return When(day[1] or "=", day=said)
    except (ValueError, OverflowError):
        pass
    raise QueryError(typed, _NO_TIME, {"key": word.key})


def _check(word: Word, typed: str) -> None:
    """Raises QueryError for a value that its key does not take."""
    choices = {"problem": PROBLEMS, "dns": DNS_STATES}.get(word.key)
    if choices is not None and word.value.lower() not in choices:
        raise QueryError(typed, _NO_CHOICE, {"key": word.key, "choices": ", ".join(choices)})
    if word.key == "records":
        read_count(word, typed)
    elif word.key == "changed":
        read_when(word, typed)
    elif word.key == "country" and not _CODE.fullmatch(word.value) and word.value.upper() not in plans.COUNTRIES:
        raise QueryError(typed, _NO_COUNTRY)
