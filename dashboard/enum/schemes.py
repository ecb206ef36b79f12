"""The URI schemes that enumservices use: how host data becomes a URI of each, and what is not legal in it.

One reader for each family: addresses (`user@host`), telephone numbers, and hierarchical URIs (`//host/path`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from dashboard.enum import parts
from dashboard.enum.characters import quote
from dashboard.enum.hosts import read_host_and_port
from dashboard.enum.problems import UriError, gettext_noop
from dashboard.enum.target import Target
from dashboard.enum.tel import read_tel

_USER_MISSING = gettext_noop("Write who is to be reached before the @, as in user@domain.")
_AT = gettext_noop("There is more than one @ in the host data.")
_USER = gettext_noop("An address of this kind has no user name and no @ before the host.")
_SLASHES_UNWANTED = gettext_noop("A %(scheme)s: address has no // in front.")
_SLASHES_WANTED = gettext_noop("After %(scheme)s: there must be // and a host.")
_PORT = gettext_noop("A %(scheme)s: address has no port.")
_EMPTY_REST = gettext_noop("After %(scheme)s: there must be an address.")

Check = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What a URI with a host may have in a scheme, besides unreserved characters.

    `user` is what is safe in the user part, None if there must be none; `after_colon` the same for a password.
    `sections` follow the host: the opening character of each, and what is safe in it. `openers_in_user` says
    that those are ordinary in the user part, so that the host is to be looked for behind the @ first. `check_user`
    and `check_tail` hold to its grammar what is typed before the @ and behind the host. `host_in_percent` allows
    percent-encoding in the host (RFC 3986 s3.2.2).
    """

    user: str | None = None
    needs_user: bool = False
    after_colon: str | None = None
    port: bool = True
    sections: tuple[tuple[str, str], ...] = ()
    openers_in_user: bool = False
    slashes: bool = False
    check_user: Check | None = None
    check_tail: Check | None = None
    host_in_percent: bool = False


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
    check_tail=parts.check_sip_tail,
)
_IAX = _Form(  # RFC 5456 s8.1.1
    user=_SUB_DELIMS, after_colon=_SUB_DELIMS, sections=(_PATH, _QUERY), check_tail=parts.check_iax_tail
)
_MAIL = _Form(  # RFC 6068 s2
    user="$*+",
    needs_user=True,
    port=False,
    sections=(("?", "$()*+,;:@&="),),
    check_user=parts.check_local_part,
    check_tail=parts.check_mail_headers,
    host_in_percent=True,
)
_WEB = _Form(slashes=True, sections=(_PATH, _QUERY, _FRAGMENT), host_in_percent=True)  # RFC 9110 s4.2: no user name

_FORMS: dict[str, _Form] = {
    "acct": _Form(  # RFC 7565 s7
        user=_SUB_DELIMS, needs_user=True, port=False, check_user=parts.check_account, host_in_percent=True
    ),
    "ftp": _Form(  # RFC 1738 s3.2
        user=_SUB_DELIMS,
        after_colon=_SUB_DELIMS,
        slashes=True,
        sections=(_PATH,),
        check_tail=parts.check_ftp_tail,
        host_in_percent=True,
    ),
    "h323": _Form(  # RFC 3508 s2
        user="&=+$,;:?/()*",
        sections=((";", "[]/:&+$="),),
        openers_in_user=True,
        check_tail=parts.check_url_parameters,
    ),
    "http": _WEB,
    "https": _WEB,
    "iax": _IAX,
    "iax2": _IAX,
    "im": _MAIL,  # RFC 3860 s4.1
    "ldap": _Form(  # RFC 4516 s2
        slashes=True, sections=(_PATH, _QUERY), check_tail=parts.check_ldap_tail, host_in_percent=True
    ),
    "mailto": _MAIL,
    "pres": _MAIL,  # RFC 3859 s4.1
    "sip": _SIP,
    "sips": _SIP,
    "xmpp": _Form(  # RFC 5122 s2.2
        user="$()*+,;=",
        port=False,
        sections=(("/", "$&()*+,:;="), ("?", ";="), _FRAGMENT),
        check_user=parts.check_node,
        check_tail=parts.check_xmpp_tail,
        host_in_percent=True,
    ),
}

KNOWN_SCHEMES = frozenset({*_FORMS, "tel"})


def read_target(scheme: str, rest: str, *, has_scheme: bool) -> Target:
    """Return the URI that `rest` (host data without its scheme) makes in `scheme`.

    The text must have passed `check_characters`, or that of a tel: number `check_controls`. `has_scheme` says whether
    the scheme was written. Raises UriError if there is no legal URI. A scheme that is not known here is held to the
    characters of RFC 3986 only.
    """
    if scheme == "tel":
        return read_tel(rest, has_scheme=has_scheme)
    if scheme not in _FORMS:
        return _read_unknown(scheme, rest)
    slashes = rest.startswith("//")
    if slashes and not _FORMS[scheme].slashes:
        raise UriError("slashes", _SLASHES_UNWANTED, {"scheme": scheme})
    if has_scheme and _FORMS[scheme].slashes and not slashes:
        raise UriError("slashes", _SLASHES_WANTED, {"scheme": scheme})
    match scheme:
        case "mailto":
            return _read_mailto(rest)
        case "h323" if "@" not in rest or rest.startswith("@"):
            return _read_alias(rest)
    return _read_address(scheme, rest.removeprefix("//"))


def _read_unknown(scheme: str, text: str) -> Target:
    if not text:
        raise UriError("empty", _EMPTY_REST, {"scheme": scheme})
    return Target(scheme=scheme, uri=f"{scheme}:{quote(text, _PCHAR + '/?#')}")


def _read_alias(text: str) -> Target:
    """RFC 3508 s2: without @ the whole is a name that a gatekeeper knows, and behind an @ alone is a host."""
    if text.startswith("@"):
        target = _read_address("h323", text[1:])
        return replace(target, uri=target.uri.replace(":", ":@", 1))
    if not text:
        raise UriError("user-missing", _USER_MISSING)
    user = quote(text, _FORMS["h323"].user or "")
    return Target(scheme="h323", uri=f"h323:{user}", user=user)


def _read_address(scheme: str, text: str) -> Target:
    form = _FORMS[scheme]
    who, at, place, tail = _take_apart(text, form)
    name, colon, password = who.partition(":") if form.after_colon is not None else (who, "", "")
    _check_user(form, name, is_given=bool(at))
    host, port = _read_place(form, place)
    if port is not None and not form.port:
        raise UriError("port", _PORT, {"scheme": scheme})
    if form.check_tail:
        form.check_tail(tail)
    user = quote(name, form.user or "")
    userinfo = f"{user}{colon}{quote(password, form.after_colon or '')}{at}"
    tail = _quote_tail(tail, form.sections)
    start = f"{scheme}://" if form.slashes else f"{scheme}:"
    uri = f"{start}{userinfo}{host if port is None else f'{host}:{port}'}{tail}"
    return Target(scheme=scheme, uri=uri, user=user, has_password=bool(password), host=host, port=port, tail=tail)


def _read_place(form: _Form, place: str) -> tuple[str, int | None]:
    if form.host_in_percent:
        place = unquote(place)
    if form is _MAIL and place.startswith("[") and place.endswith("]"):
        return parts.read_domain_literal(place), None
    # A colon without a port is legal in URIs with // (RFC 3986 s3.2.3).
    return read_host_and_port(place[:-1] if form.slashes and place.endswith(":") else place)


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
    if name and form.check_user:
        form.check_user(name)


def _read_mailto(text: str) -> Target:
    """Return one or more addresses with their headers; all of them may be in the header `to` (RFC 6068 s2)."""
    body, tail = _split_at(text, "?")
    parts.check_mail_headers(tail)
    headers = (header.partition("=") for header in tail[1:].split("&"))
    to = next((unquote(value) for name, _, value in headers if name.lower() == "to"), "")
    each = [_read_address("mailto", address) for address in (body or to).split(",")]
    uri = "mailto:" + ",".join(target.uri.removeprefix("mailto:") for target in each if body)
    tail = _quote_tail(tail, _MAIL.sections)
    return replace(each[0], uri=uri + tail, tail=tail, others=tuple(each[1:]))


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
