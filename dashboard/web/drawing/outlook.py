"""Who can call a number, as a picture: the number, its domain name, its records in order, and the URI of each; the
telephone systems are columns, drawn as lines that stop at the records that they use.

There is a wide drawing and a narrow one of the same picture; the style sheet shows the one that fits. Colours come
from static/css/outlook.css by classes. For a screen reader the picture is a table.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString, mark_safe

from dashboard.web.drawing.text import cut, lines

CellState = Literal["used", "skipped", "breaks", "absent"]

HEIGHT_OF_LINE = 16
BUBBLE_LINES = 7
BUBBLE_CHARACTERS = 42
# Average widths of a character in pixels, for what must be known before a browser lays it out.
SANS, SANS_BOLD, MONO = 6.1, 9.2, 7.3


@dataclass(frozen=True, slots=True)
class Cell:
    """What one telephone system does with one record. `rank` counts what it dials from 1, 0 where it does not.

    `reason` is what the bubble says; `name` the same for a screen reader, with the system and the record.
    """

    state: CellState
    rank: int
    reason: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its place, its service, a remark such as its preference, and its URI, empty where it has none.

    `instead` stands where the URI would.
    """

    position: int
    service: str
    remark: str
    uri: str
    instead: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One telephone system: its name, whether it breaks, how many URIs it dials in words, and the sentence on it."""

    label: str
    state: Literal["calls", "silent", "breaks"]
    badge: str
    reason: str
    name: str


@dataclass(frozen=True, slots=True)
class Labels:
    """Words of the drawing itself."""

    picture: str
    records: str
    used: str
    skipped: str
    breaks: str
    empty: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn. `columns` and the cells of each row are in the same order."""

    number: str
    domain: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    labels: Labels


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things go, in pixels of the drawing. `band` is the part of a row above its cells."""

    key: str
    width: int
    left: int
    pitch: int
    head: int
    row: int
    band: int
    badge: int
    characters: int
    slanted: bool

    def x(self, column: int) -> int:
        """The middle of a column."""
        return self.left + self.pitch * column + self.pitch // 2

    def top(self, row: int) -> int:
        """The upper edge of a row."""
        return self.head + self.row * row

    def y(self, row: int) -> int:
        """The middle of a row's cells."""
        return self.top(row) + self.band + (self.row - self.band) // 2


WIDE = _Layout("wide", 920, 464, 76, 92, 50, 0, 44, 52, slanted=False)
NARROW = _Layout("narrow", 344, 4, 56, 168, 92, 46, 134, 37, slanted=True)


def draw(picture: Picture, *, narrow: bool = False) -> SafeString:
    """The picture as one `<svg>` element without styles or scripts of its own; every text in it is escaped."""
    layout = NARROW if narrow else WIDE
    bubbles = _Bubbles(layout)
    body = "".join((*_lines(picture, layout), *_head(picture, layout, bubbles), *_rows(picture, layout, bubbles)))
    height = layout.top(max(len(picture.rows), 1)) + 36
    return mark_safe(  # noqa: S308 -- made of numbers and escaped texts only
        f'<svg class="ol ol-{layout.key}" viewBox="0 0 {layout.width} {height}" width="{layout.width}" '
        f'height="{height}" role="table" aria-label="{html.escape(picture.labels.picture)}">'
        f"<defs>{bubbles.drawn()}</defs>{body}{_legend(picture.labels, layout, height - 14)}</svg>"
    )


class _Bubbles:
    """The reasons, each drawn once however many cells show it. They hang above their cell, so that the rows that are
    painted later cannot cover them.
    """

    def __init__(self, layout: _Layout) -> None:
        self._layout = layout
        self._known: dict[str, tuple[str, int]] = {}
        self._bodies: list[str] = []

    def at(self, reason: str, x: int, y: int) -> str:
        """The bubble of a reason with its foot at `y`, as near to `x` as the picture's edges allow."""
        if not reason.strip():
            return ""
        name, width = self._known.get(reason) or self._add(reason)
        left = max(2, min(x - width // 2, self._layout.width - width - 2))
        return f'<use class="ol-reason" href="#{name}" x="{left}" y="{y}"/>'

    def drawn(self) -> str:
        """All of them, to be put before what uses them."""
        return "".join(self._bodies)

    def _add(self, reason: str) -> tuple[str, int]:
        text = lines(reason, BUBBLE_CHARACTERS, BUBBLE_LINES)
        width = int(max(map(len, text)) * SANS) + 26
        height = len(text) * HEIGHT_OF_LINE + 14
        name = f"ol-{self._layout.key}-{len(self._known)}"
        spans = "".join(f'<tspan x="12" dy="{HEIGHT_OF_LINE}">{line}</tspan>' for line in text)
        self._bodies.append(
            f'<g id="{name}"><rect class="ol-bubble" width="{width}" height="{height}" y="-{height}" rx="7"/>'
            f'<text class="ol-bubble-text" y="{4 - height}">{spans}</text></g>'
        )
        self._known[reason] = name, width
        return name, width


def _lines(picture: Picture, layout: _Layout) -> Iterator[str]:
    """What joins things: a rail from the number to its records, and a line for each telephone system."""
    last = layout.y(len(picture.rows) - 1) if picture.rows else layout.y(0)
    rail = (layout.top(len(picture.rows) - 1) + 16 if layout.band else last) if picture.rows else 43
    yield '<g aria-hidden="true">'
    if not layout.band:
        yield f'<path class="ol-rail" d="M16 30V{rail}"/>'
        for place in range(1, len(picture.rows)):
            yield f'<path class="ol-rule" d="M36 {layout.top(place)}H{layout.width}"/>'
    for place, column in enumerate(picture.columns):
        yield f'<path class="ol-line ol-line-{column.state}" d="M{layout.x(place)} {layout.badge + 20}V{last}"/>'
    yield "</g>"


def _head(picture: Picture, layout: _Layout, bubbles: _Bubbles) -> Iterator[str]:
    limit = int((layout.left or layout.width) / MONO) - 6 if not layout.slanted else 44
    domain = html.escape(cut(picture.domain, limit))
    number = html.escape(cut(picture.number, 30))
    yield f'<g role="row"><g role="columnheader" aria-label="{html.escape(picture.labels.records)}">'
    yield f'<rect class="ol-number" x="1" y="2" width="{int(len(number) * SANS_BOLD) + 28}" height="30" rx="15"/>'
    yield f'<text class="ol-number-text" x="15" y="22">{number}</text>'
    if domain:
        yield '<path class="ol-arrow" d="M16 34v8"/>'
        yield f'<rect class="ol-domain" x="1" y="43" width="{int(len(domain) * 6.95) + 26}" height="26" rx="13"/>'
        yield f'<text class="ol-domain-text" x="14" y="60">{domain}</text>'
    yield "</g>"
    for place, column in enumerate(picture.columns):
        yield _column(column, layout.x(place), layout, bubbles)
    yield "</g>"


def _column(column: Column, x: int, layout: _Layout, bubbles: _Bubbles) -> str:
    badge, label = html.escape(column.badge), html.escape(column.label)
    wide = int(len(column.badge) * (5.7 if layout.band else 6.4)) + (12 if layout.band else 18)
    if layout.slanted:
        name = f'<text class="ol-label" transform="translate({x - 10} {layout.badge - 6}) rotate(-38)">{label}</text>'
    else:
        name = f'<text class="ol-label ol-middle" x="{x}" y="{layout.badge - 12}">{label}</text>'
    spoken = html.escape(column.name)
    return (
        f'<g class="ol-cell ol-{column.state}" role="columnheader" tabindex="0" aria-label="{spoken}">'
        f'<rect class="ol-hit" x="{x - layout.pitch // 2 + 2}" y="{layout.badge - 30}" width="{layout.pitch - 4}" '
        f'height="54" rx="8"/>{name}'
        f'<rect class="ol-badge" x="{x - wide // 2}" y="{layout.badge}" width="{wide}" height="20" rx="10"/>'
        f'<text class="ol-badge-text ol-middle" x="{x}" y="{layout.badge + 14}">{badge}</text>'
        f"{bubbles.at(column.reason, x, layout.badge - (4 if layout.slanted else 28))}</g>"
    )


def _rows(picture: Picture, layout: _Layout, bubbles: _Bubbles) -> Iterator[str]:
    for place, row in enumerate(picture.rows):
        yield f'<g class="ol-row" role="row">{_record(row, place, layout)}'
        y = layout.y(place)
        for column, cell in enumerate(row.cells):
            yield _cell(cell, layout.x(column), y, layout, bubbles)
        yield "</g>"
    if not picture.rows:
        empty = html.escape(picture.labels.empty)
        text = f'<text class="ol-none" x="12" y="{layout.head + 28}">{empty}</text>'
        yield f'<g role="row"><g role="rowheader">{text}</g></g>'


def _record(row: Row, place: int, layout: _Layout) -> str:
    top = layout.top(place)
    inset = 4 if layout.band else 0
    service = html.escape(cut(row.service, 28))
    remark = html.escape(row.remark)
    uri = html.escape(cut(row.uri or row.instead, layout.characters))
    kind, arrow = ("ol-uri", '<tspan class="ol-remark">→ </tspan>') if row.uri else ("ol-none", "")
    dot = top + (16 if layout.band else 25)
    ground = f'<rect class="ol-band" x="2" y="{top}" width="{layout.width - 4}" height="{layout.band}" rx="8"/>'
    return (
        f'<g role="rowheader"><title>{html.escape(row.name)}</title>{ground if layout.band else ""}'
        f'<circle class="ol-dot" cx="{16 + inset}" cy="{dot}" r="10"/>'
        f'<text class="ol-dot-text ol-middle" x="{16 + inset}" y="{dot + 4}">{row.position}</text>'
        f'<text class="ol-service" x="{36 + inset}" y="{top + 20}">{service}<tspan class="ol-remark" dx="8">{remark}'
        f'</tspan></text><text class="{kind}" x="{36 + inset}" y="{top + 37}">{arrow}{uri}</text></g>'
    )


def _cell(cell: Cell, x: int, y: int, layout: _Layout, bubbles: _Bubbles) -> str:
    spoken = html.escape(cell.name)
    if cell.state == "absent":
        return f'<g class="ol-absent" role="cell" aria-label="{spoken}"><circle cx="{x}" cy="{y}" r="2"/></g>'
    if cell.state == "used":
        shape = (
            f'<circle cx="{x}" cy="{y}" r="12"/><text class="ol-middle" x="{x}" y="{y + 4}">{cell.rank or "✓"}</text>'
        )
    elif cell.state == "breaks":
        shape = f'<path d="M{x} {y - 14}l14 14-14 14-14-14z"/><text class="ol-middle" x="{x}" y="{y + 5}">!</text>'
    else:
        shape = f'<circle cx="{x}" cy="{y}" r="7"/><path d="M{x - 3} {y}h6"/>'
    return (
        f'<g class="ol-cell ol-{cell.state}" role="cell" tabindex="0" aria-label="{spoken}">'
        f'<rect class="ol-hit" x="{x - layout.pitch // 2 + 2}" y="{y - 20}" width="{layout.pitch - 4}" height="40" '
        f'rx="8"/>{shape}{bubbles.at(cell.reason, x, y - 17)}</g>'
    )


def _legend(labels: Labels, layout: _Layout, y: int) -> str:
    """What the shapes mean; a screen reader hears it in each cell."""
    x = layout.left + 6 if not layout.band else 10
    parts = ['<g class="ol-legend" aria-hidden="true">']
    for state, label in (("used", labels.used), ("skipped", labels.skipped), ("breaks", labels.breaks)):
        shape = {
            "used": f'<circle cx="{x}" cy="{y - 4}" r="6"/>',
            "skipped": f'<circle cx="{x}" cy="{y - 4}" r="5"/><path d="M{x - 2} {y - 4}h4"/>',
            "breaks": f'<path d="M{x} {y - 11}l7 7-7 7-7-7z"/>',
        }[state]
        parts.append(f'<g class="ol-{state}">{shape}</g><text x="{x + 12}" y="{y}">{html.escape(label)}</text>')
        x += int(len(label) * 5.3) + (34 if not layout.band else 24)
    return "".join(parts) + "</g>"
