"""Finds sentences in the product's files, and in its pages, that no translator would get to see."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split

LETTERS = re.compile(r"[^\W\d_]{2}")
WORDS = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}")
OPEN, CLOSE = "⟦", "⟧"
INNERMOST = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
# Attributes that people read or hear. `value` only where it is written on a button.
READ = frozenset({"title", "aria-label", "alt", "placeholder", "label"})
# What stands here is a name, a code, or what somebody typed.
NO_WORDS = frozenset({"bdi", "code", "pre", "script", "style", "textarea", "svg"})
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Reader(HTMLParser):
    """What of a page is read: `texts`, and attributes; without what stands in NO_WORDS or in a class of `data`."""

    def __init__(self, data: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.data = data
        self.texts: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what its attributes say, and whether its content is data."""
        given = {name: value or "" for name, value in attrs}
        is_data = tag in NO_WORDS or bool(self.data & set(given.get("class", "").split()))
        if not (is_data or self.is_inside_data):
            self.texts += [value for name, value in given.items() if self._is_read(tag, name, given)]
        if tag not in VOID:
            self.open.append((tag, is_data))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element, with what was not closed inside it."""
        while any(one == tag for one, _is_data in self.open):
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self.is_inside_data:
            self.texts.append(data)

    @property
    def is_inside_data(self) -> bool:
        """Whether this is data and no text."""
        return any(is_data for _tag, is_data in self.open)

    def _is_read(self, tag: str, name: str, given: dict[str, str]) -> bool:
        on_button = name == "value" and tag == "input" and given.get("type") in {"submit", "button", "reset"}
        described = tag == "meta" and name == "content" and given.get("name") == "description"
        return name in READ or name.startswith(("data-label-", "data-text-")) or on_button or described


def in_brackets(text: str) -> str:
    """A text without what stands in OPEN and CLOSE."""
    while (shorter := INNERMOST.sub("", text)) != text:
        text = shorter
    return text


def of_page(html: str, data: frozenset[str]) -> list[str]:
    """The texts of a page that did not come out of a catalogue of the language that puts everything into brackets."""
    # A sentence may hold elements, so brackets are taken off before the page is taken apart.
    reader = Reader(data)
    reader.feed(in_brackets(html))
    found = (" ".join(text.split()) for text in reader.texts)
    return [text for text in found if LETTERS.search(text)]


def of_template(source: str) -> Iterator[str]:
    """The texts of a template that are not marked."""
    reader = Reader()
    reader.feed("".join(_outside(Lexer(source).tokenize())))
    yield from (" ".join(text.split()) for text in reader.texts if LETTERS.search(text))
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK and token.contents.split()[0] in {"include", "with", "firstof"}:
            yield from (bit for bit in smart_split(token.contents) if _is_said(bit))


def _outside(tokens: list[Token]) -> Iterator[str]:
    """The text around tags, but for what is in a comment, is a message, or is the name of a class."""
    skipped = ""
    for token in tokens:
        name = token.contents.split()[0] if token.token_type == TokenType.BLOCK else ""
        if skipped:
            skipped = "" if name == skipped else skipped
        elif name in {"comment", "blocktranslate"} or token.contents == "block body_class":
            skipped = f"end{name}"
        elif token.token_type == TokenType.TEXT:
            yield token.contents


def _is_said(bit: str) -> bool:
    """Whether a piece of a tag is a text in quotation marks that has blanks, or that is handed on to be shown."""
    name, _equals, value = bit.rpartition("=")
    shown = name in READ | {"text", "lead", "link"} and LETTERS.search(value)
    return value[:1] in {'"', "'"} and bool(shown or WORDS.search(value))


MARKING = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"})
LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log_response"})


def of_python(source: str) -> Iterator[str]:
    """The strings of a module that look like sentences and are not marked: neither docstrings nor lines of a log.

    An f-string that is marked is none either: its msgid is in no catalogue.
    """
    tree = ast.parse(source)
    fine: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            fine.add(id(node.value))
        if isinstance(node, ast.Call):
            fine |= {id(each) for each in _allowed(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORDS.search(node.value):
            yield from [node.value] if id(node) not in fine else []


def _allowed(call: ast.Call) -> Iterator[ast.AST]:
    owner, _dot, name = ast.unparse(call.func).rpartition(".")
    if name in MARKING:
        yield from (each for each in call.args if isinstance(each, ast.Constant))
    elif name in LOGGING and owner in {"logger", ""}:
        yield from ast.walk(call)
