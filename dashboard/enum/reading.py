"""The one reader of telephone numbers as people write and paste them. Everything that takes a number goes through it.

It reads digits of every script; blanks, dashes, dots, slashes and brackets between them; invisible marks anywhere;
`tel:` URIs (RFC 3966); international prefixes, and numbers as they are dialled in one country. What it cannot read it
names by its code point: nothing that is visible is dropped without a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import unquote

from dashboard.enum import plans
from dashboard.enum.problems import NumberError, cut, gettext_noop

# Unicode's marks that are not to be seen: soft hyphen, grapheme joiner, zero-width characters, marks of direction,
# invisible operators, variation selectors; and the frame around an emoji's digit.
_INVISIBLE = frozenset(
    map(
        chr,
        [
            0x00AD,
            0x034F,
            0x061C,
            0x180E,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            0x20E3,
            *range(0xFE00, 0xFE10),
            0xFEFF,
        ],
    )
)
# Besides all dashes (Pd) and blanks (Zs): hyphen bullet, modifier minus, minus, heavy minus, two lines, the long mark
# that stands for a dash in Japanese, tildes for "wait for the tone"; slashes; dots and bullets; ends of lines.
_BETWEEN = frozenset(
    "\u2043\u02d7\u2212\u2796\u2500\u2501\u30fc~\u223c/\u2044\u2215.\u00b7\u2022\u2027\u2219\u22c5\u3002\u30fb"
    "\t\n\v\f\r\x85\u2028\u2029"
)
_PLUSES = frozenset("+\u2795")
_STARS = ("*", "\uff0a")

T = TypeVar("T")

_TEL = re.compile(r"tel:", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\( *([0-9]+) *\)")
_DIGIT = re.compile(r"[0-9]")
_WRITTEN_OUT = re.compile(r"\+[0-9]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
# Of a tel: URI: an extension, a subaddress (RFC 3966 s5.3, s5.2), digits to dial afterwards (RFC 2806 s2.2). Unknown
# ones that begin with m- must not be ignored; all others may be (RFC 3966 s5.4).
_ELSEWHERE = frozenset({"ext", "isub", "postd"})
_CONTEXT = "phone-context"

_EMPTY = gettext_noop("This is not a telephone number: it has no digits.")
_OFFENDER = gettext_noop(
    "This is not a telephone number: %(character)s cannot be part of one. Write digits only, with + and the country "
    "code in front."
)
_PLUS = gettext_noop("This is not a telephone number: the + stands once, before the first digit. Remove the other.")
_PARAMETER = gettext_noop(
    "The parameter “%(parameter)s” changes which number is meant. Leave it out, and write the number itself with + "
    "and the country code."
)
_NATIONAL = gettext_noop(
    "The number lacks its country code: it begins with 0. Write it with + and the country code in front."
)
_AMBIGUOUS = gettext_noop(
    "This may be +%(home)s or +%(abroad)s. Write the number with + and the country code in front."
)
_NO_CODE = gettext_noop("+%(number)s begins with no country code. Write the country code here by itself.")


def read_number(text: str, country: str = "", *, public: bool = True) -> str:
    """Return the digits of a number, country code first, without +.

    `country` (ISO 3166 alpha-2) is where numbers without + were dialled: its international prefix, its trunk prefix.
    Without it, 00 is taken for the international prefix, and other digits for a number with its country code. A
    bracketed trunk prefix behind the country code, as in +44 (0)20, is not dialled from abroad and dropped.
    `public` is False for a private tree, whose numbers are nothing but the digits that were written.

    Whether the digits are a number is for `check_number` to say. Raises NumberError for the field "number". Sources:
    ITU-T E.123, RFC 3966.
    """
    if _WRITTEN_OUT.fullmatch(text):  # what programs write, of which there may be a million
        return text[1:]
    body, parameters = take_apart(text)
    context = _context(parameters)
    signs = signs_of(body)
    digits, has_plus = _NOT_DIGITS.sub("", signs), "+" in signs
    if not digits:
        raise NumberError("number", _EMPTY)
    if context:
        return _in_context(digits, context, is_local=public and not has_plus)
    if not public:
        return digits
    shorter = without_brackets(signs, country)
    if shorter or has_plus:
        return shorter or digits
    return _without_plus(digits, country)


def read_fields(country: str, area: str, local: str, home: str = "", *, public: bool = True) -> tuple[str, str, str]:
    """Return the digits of a number that was written as country code, area code and local number.

    A whole number in the first or the last field, with the others empty, is divided. `home` and `public` are
    `country` and `public` of `read_number`. Raises NumberError, whose field is "country", "area" or "local".
    """
    if public and not area.strip() and bool(country.strip()) != bool(local.strip()):
        name, text = ("country", country) if country.strip() else ("local", local)
        is_whole = name == "country" or _in_field(name, _is_international, text)
        digits = _in_field(name, read_number, text, home) if is_whole or home else ""
        # A local number alone, which somebody forgot to complete, must not become a number of another country.
        if is_whole or plans.is_valid(digits):
            return _divided(digits)
    code = _in_field("country", _digits, country)
    before, rest = _in_field("area", _more_digits, area), _in_field("local", _more_digits, local)
    if public and code:
        code = plans.after_international_prefix(code, home) or code
        shorter = without_brackets(f"+{code} {signs_of(area)} {signs_of(local)}", home)
        dropped = len(code + before + rest) - len(shorter) if shorter else 0
        before, rest = (before[dropped:], rest) if before else ("", rest[dropped:])
    return code, before, rest


def take_apart(text: str) -> tuple[str, list[str]]:
    """Return what was written without marks that nobody sees and blanks around it; of a tel: URI, its number and its
    parameters with nothing percent-encoded any more.
    """
    body = "".join(character for character in text if character not in _INVISIBLE).strip()
    scheme = _TEL.match(body)
    if scheme is None:
        return body, []
    number, *parameters = map(unquote, body[scheme.end() :].split(";"))
    return number, [parameter for parameter in parameters if parameter.strip()]


def without_star(text: str) -> tuple[str, bool]:
    """Return what stands before the star with which a block is written, and whether there is one."""
    plain = "".join(character for character in text if character not in _INVISIBLE).rstrip()
    return (plain[:-1], True) if plain.endswith(_STARS) else (text, False)


def signs_of(text: str) -> str:
    """Return `text` in the few signs that numbers are written with: ASCII digits, a +, brackets, blanks.

    Raises NumberError for anything else, and for a + that is not in front.
    """
    signs = "".join(map(_sign, text))
    before, plus, after = signs.partition("+")
    if plus and (_DIGIT.search(before) or "+" in after):
        raise NumberError("number", _PLUS)
    return signs


def without_brackets(signs: str, country: str) -> str:
    """Return the digits without a bracketed trunk prefix behind the country code; empty where there is none to drop.

    In Italy the 0 is a part of the number, also from abroad: it stays unless the number is in use only without it.
    """
    for group in _IN_BRACKETS.finditer(signs):
        before, after = (_NOT_DIGITS.sub("", part) for part in (signs[: group.start()], signs[group.end() :]))
        code = before if "+" in signs else plans.after_international_prefix(before, country) or before
        if not code or code != plans.country_code(code) or group[1] not in ("0", plans.trunk_prefix(code)):
            continue
        shorter, longer = code + after, code + group[1] + after
        if group[1] == plans.trunk_prefix(code):
            return longer if plans.is_valid(longer) and not plans.is_valid(shorter) else shorter
        return shorter if plans.is_valid(shorter) and not plans.is_valid(longer) else longer
    return ""


def named(character: str) -> str:
    """Return how to name a character that may not be visible: U+2011 NON-BREAKING HYPHEN."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def _sign(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    # Full-width and small forms are the same signs; letters and fractions must not become digits here.
    plain = unicodedata.normalize("NFKC", character)
    plain = plain if plain in _BETWEEN or (len(plain) == 1 and not plain.isalnum()) else character
    category = unicodedata.category(plain)
    if plain in _PLUSES:
        return "+"
    if category in ("Ps", "Pe") and unicodedata.mirrored(plain):  # brackets, but no quotation marks
        return "(" if category == "Ps" else ")"
    if category in ("Zs", "Pd") or plain in _BETWEEN:
        return " "
    raise NumberError("number", _OFFENDER, {"character": named(character)})


def _context(parameters: list[str]) -> str:
    """Return the phone-context of a tel: URI, empty for none. Raises NumberError for what changes the number."""
    context = ""
    for parameter in parameters:
        name = parameter.partition("=")[0].strip().lower()
        if name == _CONTEXT and not context:
            context = parameter
        elif name == _CONTEXT or name in _ELSEWHERE or name.startswith("m-"):
            raise NumberError("number", _PARAMETER, {"parameter": cut(f";{parameter}")})
    return context


def _in_context(digits: str, parameter: str, *, is_local: bool) -> str:
    """Return the number that is dialled like this in the country of a phone-context (RFC 3966 s5.1.5)."""
    where = parameter.partition("=")[2]
    code = _NOT_DIGITS.sub("", where)
    if is_local and where.startswith("+") and code == plans.country_code(code):
        number = plans.dialled_in(plans.region(code), digits)
        if plans.is_valid(number):
            return number
    raise NumberError("number", _PARAMETER, {"parameter": cut(f";{parameter}")})


def _without_plus(digits: str, country: str) -> str:
    foreign = plans.after_international_prefix(digits, country)
    abroad = "" if digits.startswith("0") else digits
    if not country:
        found = foreign or abroad
    elif plans.is_valid(home := plans.dialled_in(country, digits)):
        is_dialled = foreign == home or digits.startswith(plans.national_prefix(country) or "0")
        if abroad not in ("", home) and plans.is_valid(abroad) and not is_dialled:
            raise NumberError("number", _AMBIGUOUS, {"home": home, "abroad": abroad})
        found = home
    elif plans.is_valid(foreign) or digits.startswith(plans.ITU_PREFIX):
        found = foreign
    else:
        found = abroad or home
    if not found:
        raise NumberError("number", _NATIONAL)
    return found


def _is_international(text: str) -> bool:
    body = take_apart(text)[0]
    signs = signs_of(body) if body else ""
    return "+" in signs or bool(plans.after_international_prefix(_NOT_DIGITS.sub("", signs), ""))


def _divided(digits: str) -> tuple[str, str, str]:
    parts = plans.split(digits)
    if not parts[0]:
        raise NumberError("country", _NO_CODE, {"number": cut(digits)})
    return parts


def _digits(text: str) -> str:
    return _NOT_DIGITS.sub("", signs_of(text))


def _more_digits(text: str) -> str:
    """What stands behind the country code, and therefore has no +."""
    if "+" in signs_of(text):
        raise NumberError("number", _PLUS)
    return _digits(text)


def _in_field(name: str, read: Callable[..., T], *given: str) -> T:
    """Read a field. Raises NumberError for it."""
    try:
        return read(*given)
    except NumberError as error:
        raise NumberError(name, error.message, error.params) from None
