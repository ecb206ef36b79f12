"""What holds for every template and style sheet, whatever is on the page."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
MAX_LINES = 150
MAX_LENGTH = 140  # characters of a line
# What the Content-Security-Policy would refuse, and what would come from elsewhere. A block of data is no script.
REFUSED = re.compile(
    r"""<script(?![^>]*\s(?:src=|type="application/json"))|<style|\sstyle=|\son[a-z]+=|javascript:|(?:src|href)=["'](?:https?:)?//""",
    re.IGNORECASE,
)


def named(path: Path) -> str:
    """The path within the project, as a test's name."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_is_short_and_has_nothing_that_the_policy_refuses(path: Path) -> None:
    text = path.read_text()

    assert len(text.splitlines()) <= MAX_LINES
    assert [line for line in text.splitlines() if len(line) > MAX_LENGTH] == []
    assert REFUSED.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_compiles(path: Path) -> None:
    get_template(path.relative_to(ROOT / "templates").as_posix())


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "elements").glob("*.html")), ids=named)
def test_an_element_says_at_its_top_what_it_takes(path: Path) -> None:
    assert path.read_text().startswith("{% comment %}")


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_pages_for_a_broken_server_need_nothing(name: str) -> None:
    page = get_template(name).render()

    assert f'<p class="error-code">{name.removesuffix(".html")}</p>' in page
    assert "{" not in page


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_what_the_pages_for_a_broken_server_name_is_there(name: str) -> None:
    addresses = re.findall(r'(?:src|href)="/static/(\w[^"]+)"', get_template(name).render())

    assert addresses
    assert [address for address in addresses if finders.find(address) is None] == []


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_a_style_sheet_names_only_files_that_are_there(path: Path) -> None:
    named_files = re.findall(r'url\("([^"]+)"\)', path.read_text())

    assert [name for name in named_files if not (path.parent / name).is_file()] == []


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_a_style_sheet_forces_nothing(path: Path) -> None:
    assert "!important" not in path.read_text()


def test_a_frame_links_every_style_sheet_and_script() -> None:
    frames = ("base.html", "admin/base_site.html", "mfa/parts/passkey_scripts.html", "dashboard/api.html")
    frame, admin, passkeys, api = ((ROOT / "templates" / name).read_text() for name in frames)
    of_others = {"admin": admin, "passkeys": passkeys, "api": api}  # what few pages need

    for path in [*STYLES, *SCRIPTS]:
        assert path.relative_to(ROOT / "static").as_posix() in of_others.get(path.stem, frame)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_time_is_shown_by_its_element_alone(path: Path) -> None:
    # Which shows it in the reader's zone, with UTC on hover. The table of the history draws too many for an element
    # each, as has that of a search; `web/views/row_parts.py` says the same. Bars of weeks have days.
    if path.name in {"time.html", "history_table.html", "search_table.html", "bars.html"}:
        return
    text = path.read_text()
    assert re.findall(r"<time\b|\|date\b|\|time\b|\{\{[^}]*\|(?:naturally|moment)", text) == []
    assert len(re.findall(r"\|(?:naturally|moment)\b", text)) <= text.count('"elements/time.html" with when=')
