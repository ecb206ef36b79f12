"""Raw NAPTR records: what an administrator may have published word for word, and what would be unsafe.

A record of service and host data becomes one of a few forms that all telephone systems read alike. A raw one may say
more: a pattern that matches a part of a block, back-references anywhere, several services, a replacement. What it may
not do is make a system crash, run something, or read otherwise than is said here; nor lead to what is no URI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from dashboard.enum.limits import MAX_STRING
from dashboard.enum.naptr import Naptr
from dashboard.enum.numbers import E164_MAX_DIGITS
from dashboard.enum.problems import Field, NaptrError, Problem, Severity, UriError, gettext_noop
from dashboard.enum.regexps import Unpredictable, count_groups, search_perl
from dashboard.enum.risks import VOICE_TO_TEL, risks_in
from dashboard.enum.services import UNSAFE_SCHEMES, Service, find_service
from dashboard.enum.substitution import split_regexp, substitute
from dashboard.enum.uris import read_hostdata
from dashboard.enum.wildcards import Name

ROOT = "."
LAST_GROUP = 5  # behind it Kamailio reads what is not there

_TEXT = re.compile(r"[ -~]*")
_SERVICES = re.compile(r"E2U(?:\+[A-Z0-9-]{1,32}(?::[A-Z0-9-]{1,32})*)+", re.IGNORECASE)  # RFC 6116 s3.4.3
_DOMAIN = re.compile(r"(?=.{2,254}\Z)(?:(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\.)+")
_PATTERN = re.compile(r"[A-Za-z0-9+.*?()\[\]{}|^$\\,:-]+")  # without what ends the pattern for some system
_TEMPLATE = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@$&()*+,;=%-]|\\[0-9])+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@$&()*+,;=-]|%[0-9A-Fa-f]{2})+")
_REFERENCE = re.compile(r"\\([0-9])")
# Where systems do not agree how far a back-reference goes, or take one for it that is none.
_AMBIGUOUS = re.compile(r"\\[0-9][0-9]|\$(?:[0-9{]|\\)|%[0-9A-Fa-f]?\\")

_ASCII = gettext_noop("Only the printable characters of ASCII can be in a record.")
_LONG = gettext_noop("This has %(count)d octets; DNS allows %(limit)d.")
_FLAGS = gettext_noop("The flags are one letter or digit, or nothing.")
_SERVICE = gettext_noop("The service is written as E2U+sip, with further ones behind it if there are several.")
_NO_SERVICE = gettext_noop("A record with the flag “u” needs a service, such as E2U+sip.")
_BOTH = gettext_noop("A record has a regexp or a replacement, never both (RFC 3403).")
_NEITHER = gettext_noop("A record needs a regexp, or a replacement.")
_TERMINAL = gettext_noop("A record with the flag “u” makes a URI, so it needs a regexp and no replacement.")
_REPLACEMENT = gettext_noop("The replacement is a domain name, with a dot at its end.")
_PARTS = gettext_noop("The regexp is a delimiter, a pattern, the delimiter, a URI, and the delimiter: !^(.*)$!sip:…!")
_PATTERN_CHARACTER = gettext_noop(
    "The pattern may hold digits, letters and the signs of regular expressions; anything else ends it too early for "
    "some telephone system."
)
_UNTOLD = gettext_noop("What telephone systems make of this pattern cannot be told, so it is not published.")
_TEMPLATE_CHARACTER = gettext_noop(
    "The URI holds a character that some telephone system takes for something else: write it as %% and two "
    "hexadecimal digits. A backslash stands only before the digit of a group."
)
_UNCLEAR = gettext_noop("Telephone systems do not agree what “%(text)s” in the URI is. Put a character between.")
_NO_GROUP = gettext_noop("“\\%(group)d” wants group %(group)d of the pattern, which has %(count)d.")
_GROUP = gettext_noop("“\\%(group)d” may crash Kamailio: the last group that it can read is %(limit)d.")
_NO_URI = gettext_noop("For +%(number)s this makes “%(uri)s”, which is no URI.")
_OTHERWISE = gettext_noop("For +%(number)s this makes %(uri)s, which has to be written as %(written)s.")
_NO_MATCH = gettext_noop("The pattern does not match +%(number)s.")
_LOOP = gettext_noop("For +%(number)s this leads to the number itself, so a call would go round in a circle.")

_NON_TERMINAL = gettext_noop("Without the flag “u” this record makes Asterisk drop the whole number.")
_OTHER_FLAG = gettext_noop(
    "The flag “%(flags)s” means nothing in ENUM (RFC 6116), and makes Asterisk drop the whole number."
)
_COMPOUND = gettext_noop("Most telephone systems look for one service and do not find it among several.")
_CASE = gettext_noop("The “i” at the end of the regexp means nothing for digits, and old versions of Asterisk fail.")
_DELIMITER = gettext_noop("Most telephone systems know “!” alone as the delimiter.")
_TRIED = gettext_noop(
    "The pattern matches none of the numbers that were tried, %(numbers)s. Where it does not match, Asterisk drops "
    "the whole number."
)


def read_raw(order: int, preference: int, flags: str, service: str, regexp: str, replacement: str) -> Naptr:
    """Return the record of these fields, which hold what is on the wire: a backslash is one backslash.

    No replacement is the root. Raises NaptrError, naming the field, for what no NAPTR record is.
    """
    for field, text in {"flags": flags, "service": service, "regexp": regexp}.items():
        if not _TEXT.fullmatch(text):
            raise NaptrError(field, _ASCII)
        if len(text) > MAX_STRING:
            raise NaptrError(field, _LONG, {"count": len(text), "limit": MAX_STRING})
    target = replacement or ROOT
    if target != ROOT and not _DOMAIN.fullmatch(target):
        raise NaptrError("replacement", _REPLACEMENT)
    return Naptr(order, preference, flags, service, regexp, target)


def check_raw(record: Naptr, name: Name) -> list[Problem]:
    """Return what is wrong with a raw record of `name`, errors first. With an error it must not be published.

    The fields are those of the record; warnings are concerns, to be read before it is saved. Never raises. Sources:
    RFC 3403 s4.1, RFC 6116 s3.4, and what telephone systems do (docs/telephones.md).
    """
    problems = [*_check_fields(record), *_check_regexp(record)]
    if not problems and record.regexp:
        problems += _check_uris(record, name)
    problems += _concerns(record)
    return sorted(problems, key=lambda problem: not problem.is_error)


def publishable(record: Naptr, name: Name) -> bool:
    """Return whether `check_raw` finds no error."""
    return not any(problem.is_error for problem in check_raw(record, name))


def numbers_to_try(name: Name) -> tuple[str, ...]:
    """Return numbers that the records of `name` are meant for: of a block a short, a usual and a long one."""
    if not name.is_block:
        return (name.digits,)
    tried = (f"{name.digits}0", name.example, name.digits.ljust(E164_MAX_DIGITS, "0"))
    return tuple(digits for digits in dict.fromkeys(tried) if name.owns(digits))


def _problem(field: Field, code: str, message: str, severity: Severity = "error", **params: object) -> Problem:
    return Problem(field, code, message, params, severity, is_concern=severity == "warning")


def _check_fields(record: Naptr) -> Iterator[Problem]:
    is_terminal = record.flags.lower() == "u"
    if record.flags and not (len(record.flags) == 1 and record.flags.isascii() and record.flags.isalnum()):
        yield _problem("flags", "flags", _FLAGS)
    if record.service and not _SERVICES.fullmatch(record.service):
        yield _problem("service", "service", _SERVICE)
    elif is_terminal and not record.service:
        yield _problem("service", "no-service", _NO_SERVICE)
    if record.regexp and record.replacement != ROOT:
        yield _problem("replacement", "both", _BOTH)
    elif not record.regexp and is_terminal:
        yield _problem("regexp", "terminal", _TERMINAL)
    elif not record.regexp and record.replacement == ROOT:
        yield _problem("regexp", "neither", _NEITHER)


def _check_regexp(record: Naptr) -> Iterator[Problem]:
    """Yield the first thing that makes the regexp one that is read otherwise, or not at all."""
    if not record.regexp:
        return
    parts = split_regexp(record.regexp)
    if parts is None or parts[2] not in ("", "i") or not (parts[0] and parts[1]):
        yield _problem("regexp", "delimiter", _PARTS)
        return
    pattern, template, _ = parts
    if not _PATTERN.fullmatch(pattern):
        yield _problem("regexp", "pattern-character", _PATTERN_CHARACTER)
    elif not _TEMPLATE.fullmatch(template):
        yield _problem("regexp", "character", _TEMPLATE_CHARACTER)
    elif found := _AMBIGUOUS.search(template):
        yield _problem("regexp", "unclear", _UNCLEAR, text=found[0])
    else:
        yield from _check_groups(pattern, template)


def _check_groups(pattern: str, template: str) -> Iterator[Problem]:
    try:
        count = count_groups(pattern)
        search_perl(pattern, "+1")
    except Unpredictable:
        yield _problem("regexp", "unpredictable", _UNTOLD)
        return
    for group in sorted({int(digit) for digit in _REFERENCE.findall(template)}):
        if group > count:
            yield _problem("regexp", "reference", _NO_GROUP, group=group, count=count)
        elif group > LAST_GROUP:
            yield _problem("regexp", "crash", _GROUP, group=group, limit=LAST_GROUP)


def _check_uris(record: Naptr, name: Name) -> Iterator[Problem]:
    """Yield what is wrong with the URIs that numbers of `name` get, each thing once."""
    tried = numbers_to_try(name)
    made = {digits: uri for digits in tried if (uri := substitute(record.regexp, "+" + digits)) is not None}
    if not made and not name.is_block:
        yield _problem("regexp", "no-match", _NO_MATCH, number=name.digits)
    elif not made:
        numbers = ", ".join(f"+{digits}" for digits in tried)
        yield _problem("regexp", "no-match", _TRIED, "warning", numbers=numbers)
    said = set[str]()
    for digits, uri in made.items():
        for problem in _check_uri(record, digits, uri):
            if problem.code not in said:
                said.add(problem.code)
                yield problem


def _check_uri(record: Naptr, digits: str, uri: str) -> Iterator[Problem]:
    if not _URI.fullmatch(uri) or uri.partition(":")[0].lower() in UNSAFE_SCHEMES:
        yield _problem("regexp", "no-uri", _NO_URI, number=digits, uri=uri)
        return
    services = _services(record.service)
    if not services:
        return
    errors = list[UriError]()
    for service in services:
        try:
            target = read_hostdata(service, uri)
        except UriError as error:
            errors.append(error)
            continue
        if service.enumservice in VOICE_TO_TEL and target.digits == digits:
            yield _problem("regexp", "loop", _LOOP, number=digits)
        elif target.uri != uri:
            yield _problem("regexp", "otherwise", _OTHERWISE, number=digits, uri=uri, written=target.uri)
        else:
            yield from (replace(risk, field="regexp", is_concern=True) for risk in risks_in(service, target, digits))
        return
    # Of several services, that of the scheme has the reason.
    reason = next((error for error in errors if error.code != "scheme"), errors[0])
    yield replace(reason.as_problem(), field="regexp")


def _services(text: str) -> list[Service]:
    """Return what is known of the services of a record, which may name several."""
    names = text[len("E2U+") :].split("+")
    found = (find_service(f"E2U+{name}") or find_service(f"E2U+{name.partition(':')[0]}") for name in names)
    return [service for service in found if service is not None]


def _concerns(record: Naptr) -> Iterator[Problem]:
    if not record.flags:
        yield _problem("flags", "non-terminal", _NON_TERMINAL, "warning")
    elif record.flags.lower() != "u":
        yield _problem("flags", "other-flag", _OTHER_FLAG, "warning", flags=record.flags)
    if record.service.count("+") > 1:
        yield _problem("service", "compound", _COMPOUND, "warning")
    if record.regexp and record.regexp[-1] == "i" and record.regexp[0] != "i":
        yield _problem("regexp", "ignore-case", _CASE, "warning")
    if record.regexp and record.regexp[0] != "!":
        yield _problem("regexp", "other-delimiter", _DELIMITER, "warning")
