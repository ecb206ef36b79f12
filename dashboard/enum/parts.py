"""The grammar of the parts of a URI, scheme by scheme: what percent-encoding cannot mend is refused by its name.

Each function takes a part as it was typed and raises UriError.
"""

from __future__ import annotations

import re
import string
import unicodedata
from urllib.parse import unquote

from dashboard.enum.hosts import read_host, read_host_and_port
from dashboard.enum.problems import UriError, cut, gettext_noop

_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")  # RFC 3261 s25.1
_WITH_VALUE = frozenset({"maddr", "method", "transport", "ttl", "user"})
_MAX_TTL = 255
_ATEXT = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~")  # RFC 5322 s3.2.3
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_IN_JID = frozenset("\"&'/:<>@ ")  # RFC 7622 s3.3.1
_XMPP_QUERY = re.compile(r"[^=;&]*(?:;[^=;&]+=[^=;&]*)*")  # RFC 5122 s2.2
_FTP_TYPE = re.compile(r"[aid]", re.IGNORECASE)  # RFC 1738 s3.2.2
_LDAP_DN = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)\s*=.*", re.DOTALL)  # RFC 4514 s3
_LDAP_SCOPES = frozenset({"", "base", "one", "sub"})
_LDAP_PARTS = 5

# Of parameters, in tel: URIs too.
NO_NAME = gettext_noop("There is a parameter without a name, or a ; too many.")
NEEDS_VALUE = gettext_noop("The parameter “%(name)s” needs a value.")
TWICE = gettext_noop("The parameter “%(name)s” is there twice.")
WRONG_VALUE = gettext_noop("The parameter “%(name)s” cannot be “%(value)s”.")

_HEADER = gettext_noop("“%(header)s” is not a header: behind the ? there must be name=value, with & between them.")
_DOT = gettext_noop("There is a dot too many before the @.")
_LOCAL_PART = gettext_noop("“%(character)s” cannot be in a mail address before the @.")
_LOCAL_QUOTES = gettext_noop("The quotation marks before the @ do not match.")
_NODE = gettext_noop("“%(character)s” cannot be in the user name of an XMPP address.")
_RESOURCE = gettext_noop("Behind the / there must be the name of a device, without blanks at its beginning or end.")
_QUERY = gettext_noop("“%(query)s” is not what follows the ? in an XMPP address: an action, then ;name=value.")
_ACCOUNT = gettext_noop("“%(character)s” cannot begin the user name of an account.")
_TYPE = gettext_noop("“%(type)s” is not a type of FTP: behind ;type= there must be a, i or d.")
_CALLED = gettext_noop("Behind the ? there is a context, which needs a / and who is called before it.")
_NAME = gettext_noop("“%(name)s” is not a distinguished name, such as cn=Alice.")
_SCOPE = gettext_noop("“%(scope)s” is not a scope of LDAP: base, one or sub.")
_FILTER = gettext_noop("“%(filter)s” is not a filter of LDAP: it stands in brackets.")
_MANY = gettext_noop("There are more ? than an LDAP address can have.")


def check_sip_tail(tail: str) -> None:
    """Hold uri-parameters and headers to RFC 3261 s19.1.1 and s25.1."""
    parameters, question, headers = tail.partition("?")
    seen: set[str] = set()
    for text in parameters.split(";")[1:]:
        name, equals, value = text.partition("=")
        if not name:
            raise UriError("parameter", NO_NAME)
        if not value and (equals or name.lower() in _WITH_VALUE):
            raise UriError("parameter", NEEDS_VALUE, {"name": cut(name)})
        if name.lower() in seen:
            raise UriError("parameter", TWICE, {"name": cut(name)})
        if "=" in value or not _fits(name.lower(), value):
            raise UriError("parameter", WRONG_VALUE, {"name": cut(name), "value": cut(value)})
        seen.add(name.lower())
    if question:
        check_headers(headers)


def _fits(name: str, value: str) -> bool:
    if name == "ttl":
        return value.isascii() and value.isdigit() and len(value) <= 3 and int(value) <= _MAX_TTL
    if name == "maddr":
        try:
            return read_host_and_port(value)[1] is None
        except UriError:
            return False
    return name not in _WITH_VALUE or _TOKEN.fullmatch(value) is not None


def check_headers(headers: str) -> None:
    """Hold what is behind the ? of sip: and mailto: to `name=value`, with & between (RFC 3261 s25.1, RFC 6068 s2)."""
    for header in headers.split("&"):
        name, equals, value = header.partition("=")
        if not name or not equals or "=" in value:
            raise UriError("parameter", _HEADER, {"header": cut(header)})


def check_mail_headers(tail: str) -> None:
    """The same for mailto:, im: and pres:, where a ? cannot be in a header either."""
    if not tail:
        return
    check_headers(tail[1:])
    if "?" in tail[1:]:
        raise UriError("parameter", _HEADER, {"header": cut(tail[tail.index("?", 1) :])})


def check_url_parameters(tail: str) -> None:
    """Hold what follows the ; of h323: to RFC 3508 s2."""
    if tail and not all(tail.split(";")[1:]):
        raise UriError("parameter", NO_NAME)


def check_local_part(text: str) -> None:
    """Hold what is before the @ of a mail address to a dot-atom or a quoted string (RFC 6068 s2, RFC 6532 s3.2)."""
    plain = unquote(text)
    if plain.startswith('"'):
        if not _QUOTED.fullmatch(plain):
            raise UriError("user", _LOCAL_QUOTES)
        return
    if not all(plain.split(".")):
        raise UriError("user", _DOT)
    wrong = next((one for one in plain if one.isascii() and one != "." and one not in _ATEXT), None)
    if wrong is not None:
        raise UriError("user", _LOCAL_PART, {"character": wrong})


def check_node(text: str) -> None:
    """Hold the user name of an XMPP address to RFC 7622 s3.3: the PRECIS IdentifierClass without eight characters."""
    wrong = next((one for one in unquote(text) if not _is_identifier(one)), None)
    if wrong is not None:
        raise UriError("user", _NODE, {"character": wrong})


def _is_identifier(character: str) -> bool:
    if character.isascii():
        return "!" <= character <= "~" and character not in _NOT_IN_JID
    # What has a compatibility form is disallowed (RFC 8264 s9.17), except that wide and narrow ones are mapped.
    is_compatible = unicodedata.decomposition(character).startswith("<") and not unicodedata.decomposition(
        character
    ).startswith(("<wide>", "<narrow>"))
    return (unicodedata.category(character)[0] in "LM" or character.isdecimal()) and not is_compatible


def check_xmpp_tail(tail: str) -> None:
    """Hold resource and query of an XMPP address to RFC 7622 s3.4 and RFC 5122 s2.2."""
    path, question, query = tail.partition("#")[0].partition("?")
    resource = unquote(path[1:])
    if path and (not resource or resource != resource.strip()):
        raise UriError("resource", _RESOURCE)
    if question and not (query and _XMPP_QUERY.fullmatch(query)):
        raise UriError("query", _QUERY, {"query": cut(query)})


def check_account(text: str) -> None:
    """Hold the user of an account to RFC 7565 s7: its first character is not percent-encoded."""
    if not text[0].isascii() or not (text[0].isalnum() or text[0] in "-._~$&()*+,;="):
        raise UriError("user", _ACCOUNT, {"character": text[0]})


def check_ftp_tail(tail: str) -> None:
    """Hold the type behind an FTP path to RFC 1738 s3.2.2."""
    _, found, kind = tail.rpartition(";type=")
    if found and not _FTP_TYPE.fullmatch(kind):
        raise UriError("type", _TYPE, {"type": cut(kind)})


def check_iax_tail(tail: str) -> None:
    """Hold what follows the host of an IAX address to RFC 5456 s8.1.1: a context only behind a number."""
    if tail.startswith("?"):
        raise UriError("context", _CALLED)


def check_ldap_tail(tail: str) -> None:
    """Hold distinguished name, scope and filter to RFC 4516 s2."""
    parts = unquote(tail.partition("/")[2]).split("?")
    if tail.startswith("?") or len(parts) > _LDAP_PARTS:
        raise UriError("query", _MANY)
    name, _, scope, found, _ = [*parts, *[""] * (_LDAP_PARTS - len(parts))]
    if name and not _LDAP_DN.fullmatch(name):
        raise UriError("path", _NAME, {"name": cut(name)})
    if scope.lower() not in _LDAP_SCOPES:
        raise UriError("query", _SCOPE, {"scope": cut(scope)})
    if found and not (found.startswith("(") and found.endswith(")")):
        raise UriError("query", _FILTER, {"filter": cut(found)})


def read_domain_literal(text: str) -> str:
    """Return the address in a mail address's square brackets, percent-encoded as RFC 6068 s2 wants it."""
    inner = text[1:-1]
    plain = f"[{inner[5:]}]" if inner.lower().startswith("ipv6:") else inner
    host = read_host_and_port(plain)[0] if plain.startswith("[") else read_host(plain)
    return f"%5BIPv6:{host[1:-1]}%5D" if host.startswith("[") else f"%5B{host}%5D"
