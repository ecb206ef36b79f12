"""Rules of docs/architecture.md that import-linter cannot hold."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"HttpRequest", "HttpResponse", "render", "redirect", "messages"}
MAX_LINES = 400
MAX_FUNCTION = 60
OURS = sorted(
    path for top in ("e164web", "dashboard") for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts
)


def names_imported(path: Path) -> set[str]:
    """Every name that a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard/services").glob("*.py")), ids=lambda path: path.stem)
def test_no_service_knows_about_pages(path: Path) -> None:
    assert names_imported(path) & PAGES == set()


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]

    assert len(text.splitlines()) <= MAX_LINES
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION] == []


def test_only_the_client_speaks_http() -> None:
    speakers = {
        path.relative_to(ROOT).parts[1]
        for path in OURS
        if {"requests", "urllib3", "http.client", "urllib.request"} & names_imported(path)
    }

    # The health check of the container asks the server on its own machine, and nobody else.
    assert speakers <= {"client", "registry", "health.py"}


def test_pages_hold_no_inline_script_or_style() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")

        assert "<style" not in text, path
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "<script>" not in text, path
        assert len(text.splitlines()) <= 150, path
