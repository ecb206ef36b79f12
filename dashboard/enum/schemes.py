"""The URI schemes that enumservices use: how host data becomes a URI of each, and what is not legal in it.

One reader for each family: addresses (`user@host`), telephone numbers, and hierarchical URIs (`//host/path`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboard.enum.characters import quote
from dashboard.enum.hosts import read_host_and_port
from dashboard.enum.numbers import E164_MAX_DIGITS
from dashboard.enum.problems import UriError, cut, gettext_noop

_VISUAL = str.maketrans("", "", "-.()")  # RFC 3966 s3: separators mean nothing
_TEL = re.compile(r"\+[0-9().-]*[0-9][0-9().-]*")
_BARE_TEL = re.compile(r"[1-9][0-9]{6,14}")  # shorter ones are local, and 0 begins a trunk or international prefix
_TEL_PARAMETER = re.compile(r"[A-Za-z0-9-]+(?:=.+)?", re.DOTALL)

_USER_MISSING = gettext_noop("Write who is to be reached before the @, as in user@domain.")
_AT = gettext_noop("There is more than one @ in the host data.")
_USER = gettext_noop("An address of this kind has no user name and no @ before the host.")
_SLASHES_UNWANTED = gettext_noop("A %(scheme)s: address has no // in front.")
_SLASHES_WANTED = gettext_noop("After %(scheme)s: there must be // and a host.")
_PORT = gettext_noop("A %(scheme)s: address has no port.")
_PARAMETER = gettext_noop("There is a parameter without a name, or a ; too many.")
_TEL_FORM = gettext_noop("“%(number)s” is not a number with + and its country code.")
_TEL_LENGTH = gettext_noop("The number has %(count)d digits; at most %(limit)d are allowed.")
_TEL_CONTEXT = gettext_noop("A number with + must not have a phone-context.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URI, and the parts of it that the rules look at.

    `host` is in ASCII form, IPv6 in brackets; empty where the URI has none. `digits` are those of a tel: number.
    `plus_added` says that the host data was digits only and was read as a number with its country code.
    """

    scheme: str
    uri: str
    user: str = ""
    has_password: bool = False
    host: str = ""
    port: int | None = None
    tail: str = ""
    digits: str = ""
    plus_added: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What a URI with a host may have in a scheme, besides unreserved characters.

    `user` is what is safe in the user part, None if there must be none; `after_colon` the same for a password.
    `sections` follow the host: the opening character of each, and what is safe in it. `openers_in_user` says
    that those are ordinary in the user part, so that the host is to be looked for behind the @ first.
    """

    user: str | None = None
    needs_user: bool = False
    after_colon: str | None = None
    port: bool = True
    sections: tuple[tuple[str, str], ...] = ()
    openers_in_user: bool = False
    parameters: bool = False
    slashes: bool = False


_SUB_DELIMS = "$&()*+,;="  # RFC 3986 s2.2, without ! and ', which quote() always encodes
_PCHAR = _SUB_DELIMS + ":@"
_QUERY = ("?", _PCHAR + "/?")
_FRAGMENT = ("#", _PCHAR + "/?")
_PATH = ("/", _PCHAR + "/")

_SIP = _Form(  # RFC 3261 s25.1
    user="&=+$,;?/()*",
    after_colon="&=+$,()*",
    sections=((";", "[]/:&+$;="), ("?", "[]/?:+$&=")),
    openers_in_user=True,
    parameters=True,
)
_IAX = _Form(user=_SUB_DELIMS, after_colon=_SUB_DELIMS, sections=(_PATH, _QUERY))  # RFC 5456 s8.1.1
_MAIL = _Form(user="$*+", needs_user=True, port=False, sections=(_QUERY,))  # RFC 6068 s2
_WEB = _Form(slashes=True, sections=(_PATH, _QUERY, _FRAGMENT))  # RFC 9110 s4.2: no user name

_FORMS: dict[str, _Form] = {
    "acct": _Form(user=_SUB_DELIMS, needs_user=True, port=False),  # RFC 7565 s7
    "ftp": _Form(user=_SUB_DELIMS, after_colon=_SUB_DELIMS, slashes=True, sections=(_PATH,)),  # RFC 1738 s3.2
    "h323": _Form(  # RFC 3508
        user="&=+$,;?/()*", sections=((";", "[]/:&+$;="),), openers_in_user=True, parameters=True
    ),
    "http": _WEB,
    "https": _WEB,
    "iax": _IAX,
    "iax2": _IAX,
    "im": _MAIL,  # RFC 3860 s4.1
    "ldap": _Form(slashes=True, sections=(_PATH, _QUERY)),  # RFC 4516 s2
    "mailto": _MAIL,
    "pres": _MAIL,  # RFC 3859 s4.1
    "sip": _SIP,
    "sips": _SIP,
    "xmpp": _Form(  # RFC 5122 s2.2
        user="$()*+,;=", port=False, sections=(("/", _SUB_DELIMS + ":"), _QUERY, _FRAGMENT)
    ),
}

KNOWN_SCHEMES = frozenset({*_FORMS, "tel"})


def read_target(scheme: str, rest: str, *, has_scheme: bool) -> Target:
    """Return the URI that `rest` (host data without its scheme) makes in `scheme`.

    The text must have passed `check_characters`. `has_scheme` says whether the scheme was written. Raises
    UriError if there is no legal URI.
    """
    if scheme == "tel":
        return _read_tel(rest, has_scheme=has_scheme)
    slashes = rest.startswith("//")
    if slashes and not _FORMS[scheme].slashes:
        raise UriError("slashes", _SLASHES_UNWANTED, {"scheme": scheme})
    if has_scheme and _FORMS[scheme].slashes and not slashes:
        raise UriError("slashes", _SLASHES_WANTED, {"scheme": scheme})
    return _read_mailto(rest) if scheme == "mailto" else _read_address(scheme, rest.removeprefix("//"))


def _read_address(scheme: str, text: str) -> Target:
    form = _FORMS[scheme]
    who, at, place, tail = _take_apart(text, form)
    name, colon, password = who.partition(":") if form.after_colon is not None else (who, "", "")
    _check_user(form, name, is_given=bool(at))
    host, port = read_host_and_port(place)
    if port is not None and not form.port:
        raise UriError("port", _PORT, {"scheme": scheme})
    if form.parameters:
        _check_parameters(tail)
    user = quote(name, form.user or "")
    userinfo = f"{user}{colon}{quote(password, form.after_colon or '')}{at}"
    tail = _quote_tail(tail, form.sections)
    start = f"{scheme}://" if form.slashes else f"{scheme}:"
    uri = f"{start}{userinfo}{host if port is None else f'{host}:{port}'}{tail}"
    return Target(scheme=scheme, uri=uri, user=user, has_password=bool(password), host=host, port=port, tail=tail)


def _take_apart(text: str, form: _Form) -> tuple[str, str, str, str]:
    """Return the user part, "@" if there is one, host and port, and the sections after it."""
    openers = "".join(opener for opener, _ in form.sections)
    if form.openers_in_user:
        who, at, place = text.rpartition("@")
        place, tail = _split_at(place, openers)
    else:
        body, tail = _split_at(text, openers)
        who, at, place = body.rpartition("@")
    return who, at, place, tail


def _check_user(form: _Form, name: str, *, is_given: bool) -> None:
    if is_given and form.user is None:
        raise UriError("user", _USER)
    if not name and (is_given or form.needs_user):
        raise UriError("user-missing", _USER_MISSING)
    if "@" in name:
        raise UriError("at", _AT)


def _read_mailto(text: str) -> Target:
    body, tail = _split_at(text, "?")
    each = [_read_address("mailto", address) for address in body.split(",")]
    uri = "mailto:" + ",".join(target.uri.removeprefix("mailto:") for target in each)
    tail = _quote_tail(tail, _MAIL.sections)
    return Target(scheme="mailto", uri=uri + tail, user=each[0].user, host=each[0].host, tail=tail)


def _read_tel(text: str, *, has_scheme: bool) -> Target:
    number, tail = _split_at(text, ";")
    plus_added = not has_scheme and _BARE_TEL.fullmatch(number) is not None
    number = "+" + number if plus_added else number
    if not _TEL.fullmatch(number):
        raise UriError("tel-form", _TEL_FORM, {"number": cut(number)})
    digits = number[1:].translate(_VISUAL)
    if len(digits) > E164_MAX_DIGITS:
        raise UriError("tel-length", _TEL_LENGTH, {"count": len(digits), "limit": E164_MAX_DIGITS})
    parameters = tail.split(";")[1:]
    if not all(_TEL_PARAMETER.fullmatch(parameter) for parameter in parameters):
        raise UriError("parameter", _PARAMETER)
    if any(parameter.lower().startswith("phone-context=") for parameter in parameters):
        raise UriError("tel-context", _TEL_CONTEXT)
    tail = quote(tail, "[]/:&+$;=()*")
    return Target(scheme="tel", uri=f"tel:+{digits}{tail}", tail=tail, digits=digits, plus_added=plus_added)


def _split_at(text: str, openers: str) -> tuple[str, str]:
    """Return what is before the first of `openers`, and the rest with it."""
    place = next((place for place, character in enumerate(text) if character in openers), len(text))
    return text[:place], text[place:]


def _quote_tail(tail: str, sections: tuple[tuple[str, str], ...]) -> str:
    """Return the sections after the host, each quoted by its own rule; an earlier opener is ordinary in a later."""
    result = ""
    for place, (opener, safe) in enumerate(sections):
        if tail.startswith(opener):
            section, tail = _split_at(tail[1:], "".join(later for later, _ in sections[place + 1 :]))
            result += opener + quote(section, safe)
    return result


def _check_parameters(tail: str) -> None:
    parameters, headers = _split_at(tail, "?")
    names = parameters.split(";")[1:] + (headers[1:].split("&") if headers else [])
    if not all(name and not name.startswith("=") for name in names):
        raise UriError("parameter", _PARAMETER)
