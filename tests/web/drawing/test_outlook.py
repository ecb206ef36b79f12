"""The picture of who can call: what is in it, that nothing from outside becomes markup, and that it fits."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.web.drawing import Cell, Column, Labels, Picture, Row, draw
from dashboard.web.drawing.outlook import CellState
from dashboard.web.drawing.text import cut, lines

LABELS = Labels(
    picture="Who can call",
    records="The number",
    used="dialled",
    skipped="skipped",
    breaks="breaks",
    empty="Nothing here",
)
HURTFUL = "\"'<>&</svg><script>alert(1)</script>\\!"
STATES: tuple[CellState, ...] = ("used", "skipped", "breaks", "absent")
anything = st.one_of(st.text(max_size=300), st.sampled_from([HURTFUL, HURTFUL * 20, "x" * 255, "🎉" * 100]))


def picture(rows: int = 3, systems: int = 6, text: str = "text") -> Picture:
    """A picture in which every text is `text`."""
    columns = tuple(
        Column(text, ("calls", "silent", "breaks")[place % 3], text, text, text) for place in range(systems)
    )
    return Picture(
        number=text,
        domain=text,
        columns=columns,
        rows=tuple(
            Row(
                position=row + 1,
                service=text,
                remark=text,
                uri=text if row % 2 == 0 else "",
                instead=text,
                name=text,
                cells=tuple(Cell(STATES[(row + place) % 4], place, text, text) for place in range(systems)),
            )
            for row in range(rows)
        ),
        labels=LABELS,
    )


class Reader(HTMLParser):
    """The elements of a picture, and whether each was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def named(self, role: str) -> list[dict[str, str | None]]:
        """The elements of a role."""
        return [attributes for _, attributes in self.elements if attributes.get("role") == role]


@pytest.mark.parametrize("narrow", [False, True])
@given(text=anything, rows=st.integers(0, 4))
def test_no_text_becomes_markup(narrow: bool, text: str, rows: int) -> None:
    drawn, plain = (Reader(draw(picture(rows, 2, each), narrow=narrow)) for each in (text, "text"))

    assert drawn.open == []
    allowed = {tag for tag, _ in plain.elements} | {"use", "tspan"}
    assert {tag for tag, _ in drawn.elements} <= allowed
    names = {name for _, attributes in drawn.elements for name in attributes}
    assert not any(name.startswith("on") or name == "style" for name in names)


@pytest.mark.parametrize("narrow", [False, True])
def test_it_is_a_table_for_a_screen_reader(narrow: bool) -> None:
    read = Reader(draw(picture(), narrow=narrow))

    assert [table["aria-label"] for table in read.named("table")] == ["Who can call"]
    assert len(read.named("row")) == 4
    assert len(read.named("columnheader")) == 7
    assert len(read.named("rowheader")) == 3
    assert len(read.named("cell")) == 18
    assert all(cell["aria-label"] for cell in read.named("cell"))


def test_each_state_has_a_shape_of_its_own() -> None:
    text = draw(picture(rows=1, systems=4))
    shapes = {
        state: re.sub(r"[0-9]+", "0", re.sub(r"<rect.*?/>|<use.*?/>", "", match[1]))
        for state in STATES
        if (match := re.search(rf'<g class="(?:ol-cell )?ol-{state}" role="cell"[^>]*>(.*?)</g>', text))
    }

    assert len(set(shapes.values())) == 4


def test_cells_with_a_reason_can_have_the_focus_and_show_it() -> None:
    read = Reader(draw(picture(rows=1, systems=4)))

    assert [cell.get("tabindex") for cell in read.named("cell")] == ["0", "0", "0", None]
    shown = [attributes["href"] for tag, attributes in read.elements if tag == "use"]
    drawn = {f"#{attributes['id']}" for _, attributes in read.elements if "id" in attributes}
    assert set(shown) == drawn


def test_a_reason_that_many_cells_share_is_drawn_once() -> None:
    read = Reader(draw(picture(rows=20)))

    assert len([attributes for _, attributes in read.elements if "id" in attributes]) == 1


def test_two_drawings_on_a_page_share_no_ids() -> None:
    both = Reader(draw(picture()) + draw(picture(), narrow=True))
    ids = [attributes["id"] for _, attributes in both.elements if "id" in attributes]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 12, 60])
@pytest.mark.parametrize("text", ["sip:a@example.org", "sip:" + "x" * 250])
def test_everything_is_inside(narrow: bool, rows: int, text: str) -> None:
    read = Reader(draw(picture(rows, text=text), narrow=narrow))
    width, height = (int(size) for size in (read.elements[0][1]["viewbox"] or "").split()[2:])

    for tag, attributes in read.elements:
        if tag == "circle":
            assert 0 < int(attributes["cx"] or 0) < width
            assert 0 < int(attributes["cy"] or 0) < height
        if tag == "use":
            assert 0 <= int(attributes["x"] or 0) < width


def test_without_records_it_says_so() -> None:
    assert "Nothing here" in Reader(draw(picture(rows=0))).words


@given(text=st.text(max_size=200), limit=st.integers(6, 80))
def test_what_is_cut_keeps_its_ends(text: str, limit: int) -> None:
    short = cut(text, limit)

    assert len(short) <= limit
    assert short == text or (text.startswith(short.split("…")[0]) and text.endswith(short[-(limit // 3) :]))


@given(text=st.text(max_size=600))
def test_lines_are_escaped_and_few(text: str) -> None:
    found = lines(text, 40, 5)

    assert len(found) <= 5
    assert not re.search(r"[<>\"']", "".join(found))
