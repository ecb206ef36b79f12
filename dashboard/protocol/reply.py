"""Replies: a status, variables and lines of data, as bytes and back."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast, overload

from dashboard.protocol.encoding import CONTROLS, decode_text, quote, urldecode, urlencode
from dashboard.protocol.errors import LocalProtocolError, RemoteProtocolError, gettext_noop
from dashboard.protocol.request import VERSION, VERSIONS
from dashboard.protocol.values import Number, Record

# 'End of data is marked with ".\r\n"' (spec, response format).
TERMINATOR = b".\r\n"

# The variables are a handful of short lines, of which a sentence about an error is the longest. Something
# without a blank line in its first 64 KiB is a web page or a file.
MAX_HEAD = 64 * 1024

# Ten times the largest account that e164web is built for. The rows of that many numbers take some 150 MB once
# they are objects; without the limit a reply of 32 MiB could claim five million rows.
MAX_LINES = 1_000_000

# A registry's own words stand in a message on a page and in the history.
MAX_REASON = 2_000

# The order in which a BAD reply's variables explain it.
_EXPLAINING = ("error", "message", "reason")

# The encoder writes these two itself, and the decoder turns them into `Reply.ok`.
_ALWAYS_SET = frozenset({"version", "response"})

_LINE_END = "\r\n"
_BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n")
_UNSENDABLE_LINES = re.compile(r"[\x00\r\ud800-\udfff]|^\.$", re.MULTILINE)

_log = logging.getLogger(__name__)


class Lines(Sequence[str]):
    """Lines of data kept as one text, each ended by "\\n", and split when somebody looks at one.

    A hundred thousand rows are a hundred thousand objects less for whoever reads the text as a whole.
    """

    __slots__ = ("_rows", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._rows: list[str] | None = None

    def _split(self) -> list[str]:
        # Only "\n" ends a line: str.splitlines() also breaks at characters that a row may contain.
        if self._rows is None:
            self._rows = self.text.split("\n")[:-1]
        return self._rows

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        return self._split()[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._split())

    def __len__(self) -> int:
        return self.text.count("\n")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Lines):
            return self.text == other.text
        return isinstance(other, Sequence) and not isinstance(other, str) and self._split() == list(other)

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"<{len(self)} lines>"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a registry answers.

    `variables` are the further ones: `version` is implied and `response` is `ok`. `lines` are the data,
    without line ends; any sequence of text may be given. Raises LocalProtocolError for what cannot be sent.
    """

    ok: bool
    variables: tuple[tuple[str, str], ...] = ()
    lines: Sequence[str] = ()

    def __post_init__(self) -> None:
        _check_variables(self.variables)
        # Lines come from the decoder, which must show what it got even where we would not send it.
        if not isinstance(self.lines, Lines):
            object.__setattr__(self, "lines", _lines_of(self.lines))

    def get(self, name: str) -> str | None:
        """The value of the first variable of that name, compared without case; None if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.variables if key.lower() == wanted), None)

    @property
    def data(self) -> str:
        """The data as one text in which every line ends with a newline."""
        # __post_init__ saw to it.
        return cast("Lines", self.lines).text

    @property
    def reason(self) -> str:
        """Why the registry said BAD, in its own words; "" if it gave none or said OK.

        One statement per line: `error`, `message` and `reason` first, then the other variables with their
        names, then the data. At most MAX_REASON characters, free of control characters, and not escaped for
        any markup.
        """
        if self.ok:
            return ""
        words = [self.get(name) or "" for name in _EXPLAINING]
        words += [f"{name}: {value}" for name, value in self.variables if name.lower() not in _EXPLAINING]
        words += self.data[: MAX_REASON + 1].split("\n")
        cleaned = (CONTROLS.sub(" ", word).strip() for word in words)
        reason = "\n".join(filter(None, cleaned))
        return reason if len(reason) <= MAX_REASON else reason[: MAX_REASON - 1] + "…"


def _check_variables(variables: tuple[tuple[str, str], ...]) -> None:
    for name, value in variables:
        if not name or name.lower() in _ALWAYS_SET:
            raise LocalProtocolError(
                "variable",
                gettext_noop("“%(name)s” cannot be a further variable of a reply."),
                {"field": "variables", "name": quote(name)},
            )
        try:
            (name + value).encode()
        except UnicodeEncodeError:
            raise LocalProtocolError(
                "not-text", gettext_noop("%(field)s must be text."), {"field": "variables"}
            ) from None


def _lines_of(lines: Sequence[str]) -> Lines:
    text = "".join(f"{line}\n" for line in lines)
    # A line with a line end inside would become two.
    if text.count("\n") != len(lines):
        raise LocalProtocolError(
            "line-break", gettext_noop("A line of data must not contain line breaks."), {"field": "lines"}
        )
    _check_lines(text)
    return Lines(text)


def _check_lines(text: str) -> None:
    """Refuse data that would not arrive as they are: "." ends them, a first blank line separates."""
    if _UNSENDABLE_LINES.search(text) or text.startswith("\n"):
        raise LocalProtocolError(
            "unsendable",
            gettext_noop("The data contain NUL, CR, a line “.” or a blank first line."),
            {"field": "lines"},
        )


def ok_reply(lines: Sequence[str] = (), /, **variables: str | int) -> Reply:
    """An OK with these lines of data and these variables. Raises LocalProtocolError as Reply does."""
    return Reply(True, tuple((name, str(value)) for name, value in variables.items()), lines)


def bad_reply(code: str, error: str) -> Reply:
    """A BAD with a sentence for people and a stable word for programs."""
    return Reply(False, (("error", error), ("code", code)))


def encode_head(ok: bool, variables: Sequence[tuple[str, str]] = ()) -> bytes:
    """The variables of a reply and the blank line after them: what comes before streamed rows.

    `version` and `response` come first. The text's sample shows two blank lines, its prose one; we send one.
    Raises LocalProtocolError for variables that Reply refuses.
    """
    _check_variables(tuple(variables))
    pairs = [("version", VERSION), ("response", "OK" if ok else "BAD"), *variables]
    lines = [f"{urlencode(name)}={urlencode(value)}{_LINE_END}" for name, value in pairs]
    return ("".join(lines) + _LINE_END).encode("ascii")


def encode_number(number: Number) -> bytes:
    """The row of `list` for `number`, with its line end. Not urlencoded: "Replies are NOT POST encoded"."""
    return f"{number.id},{number.country},{number.area},{number.local}{_LINE_END}".encode()


def encode_record(record: Record) -> bytes:
    """The row of `show` and `getnaptr` for `record`, with its line end."""
    telephone = f"{record.country},{record.area},{record.local}"
    naptr = f"{record.order},{record.preference},{record.service},{record.hostdata}"
    return f"{record.id},{telephone},{naptr}{_LINE_END}".encode()


def encode_reply(reply: Reply) -> bytes:
    """The body of the HTTP response that carries `reply`, in UTF-8.

    Raises LocalProtocolError when a decoded reply with data that we would not send is passed on.
    """
    _check_lines(reply.data)
    data = reply.data.replace("\n", _LINE_END).encode()
    return encode_head(reply.ok, reply.variables) + data + TERMINATOR


def decode_reply(body: bytes) -> Reply:
    """The reply in the body of a HTTP response with status 200.

    Raises RemoteProtocolError, and nothing else, for bytes that are no whole reply. Bytes after the end of
    the data are ignored. Takes time in proportion to the length of `body`.
    """
    head, start = _head(body)
    variables = _variables(head)
    ok = _status(variables)
    data = _data(body, start)
    further = tuple(pair for pair in variables if pair[0].lower() not in _ALWAYS_SET)
    return Reply(ok, further, Lines(data))


def _truncated() -> RemoteProtocolError:
    return RemoteProtocolError("truncated", gettext_noop("The registry's answer ends too early."))


def _not_a_reply(line: str) -> RemoteProtocolError:
    return RemoteProtocolError(
        "not-a-reply",
        gettext_noop("The answer is not one of this protocol. It has the line “%(line)s”."),
        {"line": quote(line)},
    )


def _head(body: bytes) -> tuple[list[bytes], int]:
    """The lines of the variables, and where the data begin."""
    blank = _BLANK_LINE.search(body, 0, MAX_HEAD)
    if blank is None:
        # Whole lines that are variables mean that the rest is missing. Anything else was never a reply.
        *whole, _ = body[:MAX_HEAD].split(b"\n")
        _variables(whole)
        raise _truncated() if len(body) < MAX_HEAD else _not_a_reply(decode_text(body[:MAX_HEAD]))
    head = body[: blank.start()].split(b"\n")
    start = blank.end()
    # The sample shows a second blank line before the data.
    for line_end in (b"\r\n", b"\n"):
        if body.startswith(line_end, start):
            return head, start + len(line_end)
    return head, start


def _variables(head: list[bytes]) -> list[tuple[str, str]]:
    variables = []
    for raw in head:
        raw_name, separator, raw_value = raw.removesuffix(b"\r").partition(b"=")
        name = urldecode(raw_name)
        if not separator or not name:
            raise _not_a_reply(decode_text(raw))
        variables.append((name, urldecode(raw_value)))
    return variables


def single(variables: Sequence[tuple[str, str]], name: str) -> str | None:
    """The one value of the variable `name`; None if it is absent.

    Raises RemoteProtocolError if it is there with two values: the outcome of a write must not be a guess.
    """
    values = {value for key, value in variables if key.lower() == name}
    if len(values) > 1:
        raise RemoteProtocolError(
            "duplicate", gettext_noop("The registry sent two values of “%(name)s”."), {"name": name}
        )
    return next(iter(values), None)


def _status(variables: list[tuple[str, str]]) -> bool:
    if not any(name.lower() in _ALWAYS_SET for name, _ in variables):
        raise _not_a_reply("=".join(variables[0]))
    version, response = single(variables, "version"), single(variables, "response")
    if version is None:
        raise RemoteProtocolError(
            "version", gettext_noop("The registry does not say which version of the protocol it speaks.")
        )
    if version not in VERSIONS:
        raise RemoteProtocolError(
            "version",
            gettext_noop("The registry speaks version “%(version)s” of the protocol, not 1."),
            {"version": quote(version)},
        )
    if response not in {"OK", "BAD"}:
        raise RemoteProtocolError(
            "response",
            gettext_noop("The registry answered neither OK nor BAD, but “%(response)s”."),
            {"response": quote(response or "")},
        )
    return response == "OK"


def _data(body: bytes, start: int) -> str:
    # The search begins at the "\n" before the data, since the data may be nothing but the terminator.
    ends = [end for mark in (b"\n.\r\n", b"\n.\n") if (end := body.find(mark, start - 1)) >= 0]
    if not ends:
        raise _truncated()
    end = min(ends) + 1
    surplus = len(body) - body.index(b"\n", end) - 1
    if surplus:
        _log.debug("Ignored %d bytes after the end of a reply", surplus)
    lines = body.count(b"\n", start, end)
    if lines > MAX_LINES:
        raise RemoteProtocolError(
            "too-many-rows",
            gettext_noop("The registry sent %(rows)s lines. At most %(limit)s can be read."),
            {"rows": lines, "limit": MAX_LINES},
        )
    return _decode_lines(body[start:end].replace(b"\r\n", b"\n"))


def _decode_lines(data: bytes) -> str:
    """`data` as UTF-8, but each line that is not UTF-8 as Latin-1: one old row must not garble the others."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(map(decode_text, data.split(b"\n")))
