"""tel: URIs (RFC 3966), read as people write numbers (`reading`): with blanks, brackets, dashes and dots between the
digits, which may be of any script, and an extension behind them."""

from __future__ import annotations

import re

from dashboard.enum.characters import check_characters, quote
from dashboard.enum.hosts import read_host
from dashboard.enum.numbers import E164_MAX_DIGITS
from dashboard.enum.parts import NEEDS_VALUE, NO_NAME, TWICE, WRONG_VALUE
from dashboard.enum.problems import NumberError, UriError, cut, gettext_noop
from dashboard.enum.reading import signs_of, without_brackets
from dashboard.enum.target import Target

_BETWEEN = re.compile("[() ]+")
_IN_LOCAL = frozenset("ABCDEFabcdef*")  # RFC 3966 s3, without the #
_GLOBAL = re.compile(r"\+[0-9]+")
_LOCAL = re.compile(r"[0-9A-Fa-f*]+")
_BARE = re.compile(r"[1-9][0-9]{6,14}")  # shorter ones are local, and 0 begins a trunk or international prefix
_EXTENSION = re.compile(r"[\s,]*(?:ext(?:ension)?\.?|x)\s*([0-9]+)\s*\Z", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\( *([0-9]+) *\)")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_DIGITS = re.compile(r"[0-9.()-]*[0-9][0-9.()-]*")
_HEXADECIMAL = re.compile(r"\+?[0-9A-Fa-f.()-]*[0-9A-Fa-f][0-9A-Fa-f.()-]*")  # RFC 4694 s4
_FIRST = ("isub", "ext", "phone-context")  # RFC 3966 s3: these come first, the others in alphabetical order
_WITHOUT_VALUE = frozenset({"npdi", "enumdi"})  # RFC 4694, RFC 4759
_CONTEXTS = frozenset({"phone-context", "rn-context", "cic-context", "trunk-context"})
_FORMS = {"ext": _DIGITS, "rn": _HEXADECIMAL, "cic": _HEXADECIMAL}
_TOGETHER = (("tgrp", "trunk-context"), ("trunk-context", "tgrp"))  # RFC 4904 s5

_FORM = gettext_noop("“%(number)s” is not a number with + and its country code.")
_LENGTH = gettext_noop("The number has %(count)d digits; at most %(limit)d are allowed.")
_CONTEXT = gettext_noop("A number with + must not have a phone-context.")
_TRUNK = gettext_noop(
    "“(%(prefix)s)” is dialled inside the country only. Write the number as it is dialled from abroad."
)
_BAD_NAME = gettext_noop("“%(name)s” cannot be the name of a parameter: letters, digits and dashes can.")
_NEEDS = gettext_noop("The parameter “%(name)s” means nothing without “%(other)s”.")


def read_tel(text: str, *, has_scheme: bool) -> Target:
    """Return the URI of a telephone number, without its visual separators. Raises UriError if there is no legal one.

    A number with + and its country code is global; another needs a phone-context (RFC 3966 s5.1.5).
    """
    written, _, rest = text.partition(";")
    parameters = _read_parameters(rest.split(";") if ";" in text else [])
    extension = _EXTENSION.search(written)
    if extension and "ext" not in parameters:
        written, parameters["ext"] = written[: extension.start()], extension[1]
    number = _plain(written)
    plus_added = not has_scheme and "phone-context" not in parameters and _BARE.fullmatch(number) is not None
    number = "+" + number if plus_added else number
    _check_number(number, parameters)
    digits = number[1:] if number.startswith("+") else ""
    tail = _tail(parameters)
    uri = f"tel:{number}{tail}"
    return Target(scheme="tel", uri=uri, user=number, tail=tail, digits=digits, plus_added=plus_added)


def _plain(written: str) -> str:
    """Return a number without what stands between its digits.

    A bracketed trunk prefix is refused where numbers would be read without it: the registry keeps what was written,
    and by RFC 3966 brackets mean nothing, so that others would dial it.
    """
    try:
        signs = "".join(sign if sign in _IN_LOCAL else signs_of(sign) for sign in written)
    except NumberError:
        raise UriError("tel-form", _FORM, {"number": cut(written)}) from None
    number = _BETWEEN.sub("", signs)
    read = without_brackets(signs, "")
    dropped = len(number.removeprefix("+")) - len(read) if read else 0
    groups = [group for group in _IN_BRACKETS.findall(signs) if (len(group) == dropped if read else group == "0")]
    if groups:
        raise UriError("trunk-zero", _TRUNK, {"prefix": groups[0]})
    return number


def _check_number(number: str, parameters: dict[str, str | None]) -> None:
    if _GLOBAL.fullmatch(number):
        if "phone-context" in parameters:
            raise UriError("tel-context", _CONTEXT)
        count = len(number) - 1
        if count > E164_MAX_DIGITS:
            raise UriError("tel-length", _LENGTH, {"count": count, "limit": E164_MAX_DIGITS})
    elif "phone-context" not in parameters or not _LOCAL.fullmatch(number):
        raise UriError("tel-form", _FORM, {"number": cut(number)})


def _read_parameters(texts: list[str]) -> dict[str, str | None]:
    """Return the values by name in lower case, None for none."""
    found: dict[str, str | None] = {}
    for text in texts:
        name, equals, value = text.strip().partition("=")
        _check_parameter(name, value if equals else None)
        if name.lower() in found:
            raise UriError("parameter", TWICE, {"name": name})
        found[name.lower()] = value if equals else None
    for name, other in _TOGETHER:
        if name in found and other not in found:
            raise UriError("parameter", _NEEDS, {"name": name, "other": other})
    for name in ("rn", "cic"):
        if name in found and not str(found[name]).startswith("+") and f"{name}-context" not in found:
            raise UriError("parameter", _NEEDS, {"name": name, "other": f"{name}-context"})
    return found


def _check_parameter(name: str, value: str | None) -> None:
    if not name:
        raise UriError("parameter", NO_NAME)
    check_characters(name + (value or ""))
    if not _NAME.fullmatch(name):
        raise UriError("parameter", _BAD_NAME, {"name": cut(name)})
    key = name.lower()
    if value == "" or (value is None and (key in _FORMS or key in _CONTEXTS or key == "isub")):
        raise UriError("parameter", NEEDS_VALUE, {"name": name})
    if value is not None and not _fits(key, value):
        raise UriError("parameter", WRONG_VALUE, {"name": name, "value": cut(value)})


def _fits(key: str, value: str) -> bool:
    if key in _WITHOUT_VALUE or "=" in value:
        return False
    form = _FORMS.get(key)
    if form:
        return form.fullmatch(value) is not None
    if key in _CONTEXTS:
        return _is_context(value)
    return True


def _is_context(value: str) -> bool:
    """Return whether a number is local to this: the beginning of global numbers, or a domain name."""
    if value.startswith("+"):
        return _DIGITS.fullmatch(value[1:]) is not None
    try:
        read_host(value)
    except UriError:
        return False
    return value.isascii()


def _tail(parameters: dict[str, str | None]) -> str:
    order = sorted(parameters, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))
    return "".join(
        f";{name}" + ("" if (value := parameters[name]) is None else f"={quote(value, '[]/:&+$()*')}")
        for name in order
    )
