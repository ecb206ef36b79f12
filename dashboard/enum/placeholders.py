"""What a block's host data may say of the number that was dialled, and the back-references that this becomes.

`{number}` stands for all its digits, country code first and without +; `{rest}` for those behind the block's own. A
block is one set of records for many numbers, so only there do they mean anything. The patterns match with and without
the + in front, and have their groups where POSIX and Perl see them alike, so that all telephone systems make the same
of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count

from dashboard.enum.limits import MAX_STRING, REGEXP
from dashboard.enum.numbers import E164_MAX_DIGITS
from dashboard.enum.problems import TOO_LONG, Problem, UriError, cut, gettext_noop
from dashboard.enum.services import Service
from dashboard.enum.target import Target
from dashboard.enum.uris import PLACEHOLDER, read_hostdata
from dashboard.enum.wildcards import Name

_MISSPELT = re.compile(r"\{[\w. -]*[^\W\d][\w. -]*\}")
_REFERENCE = re.compile(r"\\[0-9]")
_DOLLAR_REFERENCE = re.compile(r"\$[0-9]")
# What some system reads with the back-reference, and others not.
_BEFORE_DIGIT = re.compile(r"\\([12])[0-9]")
_BEHIND_DOLLAR = re.compile(r"\$\\([12])")
_WITHIN_PERCENT = re.compile(r"%[0-9A-Fa-f]?\\([12])")
_LONGEST_URI = 255  # of one number: Asterisk cuts what is longer
_TRIES = 100

_DIGIT = gettext_noop(
    "There is a digit right behind “%(placeholder)s”, which some telephone systems would take for a part of it. Put "
    "another character between."
)
_DOLLAR = gettext_noop("Write “%(placeholder)s” without a $ before it.")
_CLASH = gettext_noop("“%(placeholder)s” cannot be told from what is around it.")
_UNKNOWN = gettext_noop("“%(text)s” is taken as it stands. Only {number} and {rest} stand for what was dialled.")
_BACK_REFERENCE = gettext_noop(
    "“%(text)s” is taken as it stands, as a backslash and a digit. Write {number} for the number that was dialled, "
    "or {rest} for what was dialled behind the digits of the block."
)
_DOLLAR_READ = gettext_noop("FreePBX puts a part of the dialled number in place of “%(text)s”; write %%24 for the $.")
_NO_REFERENCE = gettext_noop(
    "“%(text)s” is taken as it stands, as a backslash and a digit. Only the records of a block can hold what was "
    "dialled, written as {number}."
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The URI of host data with its parts, in which placeholders still stand, and the regexp that makes it."""

    target: Target
    regexp: str


# Whoever judges a change reads each record several times: as it is, as it would be, and to say what is wrong.
@lru_cache(maxsize=512)
def read_for(service: Service, hostdata: str, name: Name | None) -> Reading:
    """Return what `hostdata` becomes in the records of `name`, which is None where that is not known.

    Raises UriError for what is no legal URI, or makes one that is too long.
    """
    used = {found[1] for found in PLACEHOLDER.finditer(hostdata)}
    if not used or name is None or not name.is_block:
        target = read_hostdata(service, hostdata)
        reading = Reading(target, REGEXP % target.uri)
    else:
        reading = _read_template(service, hostdata, name.digits, used)
    frame = len(reading.regexp) - len(_uri(reading.regexp))
    _check_length(len(_uri(reading.regexp)), MAX_STRING - frame)
    _check_length(_longest(reading.target.uri, name), _LONGEST_URI)
    return reading


def has_placeholder(hostdata: str) -> bool:
    """Return whether the host data says something of the number that was dialled."""
    return PLACEHOLDER.search(hostdata) is not None


def doubts_about(hostdata: str, *, is_block: bool) -> Iterator[Problem]:
    """Yield a concern for what looks like a back-reference or a placeholder and is none."""
    reference = _REFERENCE.search(hostdata)
    if reference:
        message = _BACK_REFERENCE if is_block else _NO_REFERENCE
        yield Problem.concern("back-reference", message, text=reference[0])
    dollar = _DOLLAR_REFERENCE.search(hostdata)
    if dollar:
        yield Problem.concern("dollar-reference", _DOLLAR_READ, text=dollar[0])
    misspelt = next((found for found in _MISSPELT.findall(hostdata) if not has_placeholder(found)), None)
    if misspelt:
        yield Problem.concern("placeholder-unknown", _UNKNOWN, text=cut(misspelt))


def _read_template(service: Service, hostdata: str, block: str, used: set[str]) -> Reading:
    """Read the host data with digits in place of the placeholders, which every scheme takes wherever a number can be,
    and put back-references where they have come to."""
    lengths = {"number": E164_MAX_DIGITS, "rest": max(E164_MAX_DIGITS - len(block), 1)}
    for markers in _markers({name: lengths[name] for name in sorted(used)}):
        try:
            target = read_hostdata(service, _replaced(hostdata, markers))
        except UriError as error:
            raise _in_words(error, markers) from None
        if all(_occurrences(marker, target.uri) == hostdata.count(f"{{{name}}}") for name, marker in markers.items()):
            break
    else:
        raise UriError("placeholder", _CLASH, {"placeholder": "{rest}"})
    uri, pattern = target.uri, _pattern(block, used)
    for group, (name, marker) in enumerate(markers.items(), start=1):
        uri = uri.replace(marker, f"\\{group}")
        target = _restored(target, marker, f"{{{name}}}")
    _check_surroundings(uri, list(markers))
    return Reading(target, f"!{pattern}!{uri}!")


def _check_surroundings(uri: str, names: Sequence[str]) -> None:
    """Raise UriError where telephone systems do not agree how far a back-reference goes."""
    for form, message in ((_BEFORE_DIGIT, _DIGIT), (_BEHIND_DOLLAR, _DOLLAR), (_WITHIN_PERCENT, _CLASH)):
        found = form.search(uri)
        if found:
            raise UriError("placeholder", message, {"placeholder": f"{{{names[int(found[1]) - 1]}}}"})


def _pattern(block: str, used: set[str]) -> str:
    if used == {"number"}:
        return r"^\+?(.*)$"
    return rf"^\+?({block}(.*))$" if "number" in used else rf"^\+?{block}(.*)$"


def _markers(lengths: Mapping[str, int]) -> Iterator[dict[str, str]]:
    """Yield digits that are unlikely to be in host data, other ones each time."""
    for power in count(40):
        if power == 40 + _TRIES:
            return
        text = str(3 ** (2 * power))[::-1]
        yield {name: text[place * 17 :][:length] for place, (name, length) in enumerate(lengths.items())}


def _replaced(text: str, markers: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: markers[found[1]], text)


def _occurrences(marker: str, text: str) -> int:
    """Return at how many places the marker begins, also within itself."""
    return sum(1 for _ in re.finditer(f"(?={marker})", text))


def _restored(target: Target, marker: str, placeholder: str) -> Target:
    return replace(
        target,
        uri=target.uri.replace(marker, placeholder),
        user=target.user.replace(marker, placeholder),
        host=target.host.replace(marker, placeholder),
        tail=target.tail.replace(marker, placeholder),
        digits="" if marker in target.digits else target.digits,
        others=tuple(_restored(other, marker, placeholder) for other in target.others),
    )


def _in_words(error: UriError, markers: Mapping[str, str]) -> UriError:
    """Return the same error with placeholders where its sentence quotes markers."""
    params = dict(error.params)
    for name, marker in markers.items():
        params = {
            key: value.replace(marker, f"{{{name}}}") if isinstance(value, str) else value
            for key, value in params.items()
        }
    return UriError(error.code, error.message, params)


def _uri(regexp: str) -> str:
    """Return the URI, with back-references, of a regexp that was made here."""
    return regexp.split("!")[2]


def _longest(uri: str, name: Name | None) -> int:
    rest = max(E164_MAX_DIGITS - len(name.digits), 1) if name else 0
    return len(uri.replace("{number}", "0" * E164_MAX_DIGITS).replace("{rest}", "0" * rest))


def _check_length(octets: int, limit: int) -> None:
    if octets > limit:
        raise UriError("too-long", TOO_LONG, {"count": octets, "limit": limit})
