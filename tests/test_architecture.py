"""Rules of docs/architecture.md that import-linter cannot hold."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps

from dashboard.models import AuditEvent, Change, Credential, Exchange, Mirror, MirroredNumber, Token

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("django.http", "django.shortcuts", "django.contrib.messages", "django.contrib.auth.views", "django.views")
WHOLE_ROOMS = {"client", "nameservers"}
MAX_LINES = 400
MAX_FUNCTION = 60
OURS = sorted(
    path for top in ("e164web", "dashboard") for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts
)
PAGES_FILES = sorted((ROOT / "templates").rglob("*.html"))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """The full name of everything that a module imports, wherever it does: `from a import b` is "a.b"."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            names |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)} or {"?"}
    return names


def is_within(name: str, modules: Iterable[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def users_of(*modules: str) -> set[str]:
    """Which of our rooms import anything of these modules: a folder of dashboard/, or the file itself."""
    paths = {path.relative_to(ROOT) for path in OURS if any(is_within(n, modules) for n in imported(tree_of(path)))}
    return {"/".join(path.parts[:2]) if path.parts[1] in WHOLE_ROOMS else str(path) for path in paths}


@pytest.mark.parametrize(
    "code",
    [
        "import requests",
        "import requests.adapters as a",
        "from requests import post",
        "from requests.api import post",
        "def f():\n  from requests import post",
        "import importlib\nimportlib.import_module('requests')",
        "__import__('requests')",
    ],
)
def test_an_import_is_seen_however_it_is_written(code: str) -> None:
    assert any(is_within(name, ["requests"]) for name in imported(ast.parse(code)))
    assert not any(is_within(name, ["request", "requests2"]) for name in imported(ast.parse(code)))


def test_only_the_client_speaks_http() -> None:
    assert users_of("requests", "urllib3", "http.client", "urllib.request", "httpx", "aiohttp", "pycurl") == {
        "dashboard/client",
        "dashboard/registry/transport.py",  # the registry inside is mounted in the client
        "e164web/health.py",  # asks the server on its own machine, and nobody else
    }


def test_only_who_speaks_to_a_network_opens_sockets() -> None:
    assert users_of("socket", "asyncio", "socketserver", "smtplib", "ftplib") == {
        "dashboard/client",
        "dashboard/nameservers",
        "dashboard/platform/lookup.py",
        "e164web/gunicorn.py",  # what it is listened at
        "e164web/port.py",
    }


def test_only_one_room_lets_dnspython_ask() -> None:
    assert users_of("dns.query", "dns.resolver", "dns.asyncquery", "dns.asyncresolver", "dns.zone") <= {
        "dashboard/nameservers"
    }


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard/services").rglob("*.py")), ids=lambda path: path.stem)
def test_no_service_knows_about_pages(path: Path) -> None:
    # What is not there is not there for the shell either.
    names = imported(tree_of(path)) - {"django.http.Http404"}
    assert [name for name in names if is_within(name, PAGES)] == []


GUARDED = (AuditEvent, Change, Credential, Exchange, Mirror, MirroredNumber, Token)
MANAGERS = {"objects", "_default_manager", "_base_manager", "get_model"}
REVERSE = {
    relation.get_accessor_name()
    for model in apps.get_app_config("dashboard").get_models()
    for relation in model._meta.related_objects
    if relation.related_model in GUARDED
}


def ways_round_access(tree: ast.Module) -> list[str]:
    """Expressions that reach credentials, changes, exchanges, tokens, events or the mirror, or could."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    real = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
    guarded = {model.__name__ for model in GUARDED}
    models = {model.__name__ for model in apps.get_models()} - guarded
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = ast.unparse(node.value).rpartition(".")[2]
        asks = node.attr in MANAGERS and real.get(owner, owner) not in models
        if asks or (node.attr in REVERSE and owner not in real):
            found.append(ast.unparse(node))
    return found


def test_only_access_asks_the_database_for_what_belongs_to_people() -> None:
    # import-linter keeps the embedded registry from these models.
    allowed = tuple(ROOT / "dashboard" / name for name in ("access", "narrowing.py", "models", "registry"))
    paths = [path for path in OURS if not any(path.is_relative_to(room) for room in allowed)]

    assert {path: ways for path in paths if (ways := ways_round_access(tree_of(path)))} == {}
    assert ways_round_access(tree_of(ROOT / "dashboard/access/history.py"))


@pytest.mark.parametrize(
    "code",
    [
        "from dashboard.models import Change\nChange.objects.get()",
        "from dashboard.models import Change as Other\nOther.objects",
        "from dashboard import models\nmodels.Credential.objects.all()",
        "Exchange._default_manager",
        "type(change)._base_manager",
        "model._default_manager.all()",
        "apps.get_model('dashboard', 'Change')",
        "person.credentials.all()",
        "request.user.changes.count()",
        "credential.exchanges.first()",
        "found.registry.credentials",
    ],
)
def test_a_way_round_access_is_seen_however_it_is_written(code: str) -> None:
    assert ways_round_access(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "from dashboard import access\naccess.changes(person)",
        "from dashboard.models import User\nUser.objects.get()",
        "from dashboard import models\nmodels.Registry.objects.all()",
        "from dashboard.web.views import credentials\ncredentials.credential_list",
    ],
)
def test_other_ways_are_left_alone(code: str) -> None:
    assert ways_round_access(ast.parse(code)) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert len(text.splitlines()) <= MAX_LINES
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION] == []


# A block of data is no script: the browser runs nothing of it, whatever the policy.
DATA = r'type="application/json"'
INLINE = re.compile(rf"<style\b|\sstyle=|\son\w+=|<script\b(?![^>]*\s(?:src=|{DATA}))|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_hold_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert INLINE.findall(text) == []
    assert len(text.splitlines()) <= 150


@pytest.mark.parametrize(
    "text",
    ["<style>", '<p style="">', '<a onclick="">', "<script>", '<script type="module">', '<a href="javascript:x">'],
)
def test_what_is_inline_is_seen(text: str) -> None:
    assert INLINE.search(text)
    assert not INLINE.search('<script type="application/json">{"data": "and nothing that runs"}</script>')
    assert not INLINE.search('<script src="/static/js/app.js" defer></script><p class="style">')
