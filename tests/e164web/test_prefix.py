"""The path of the site is found whether the proxy in front takes it off or not."""

from collections.abc import Callable
from typing import Any

import pytest

from e164web.prefix import without_prefix


def seen(path: str, prefix: str) -> str:
    """What the application finds in PATH_INFO."""
    found: list[str] = []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        found.append(environ["PATH_INFO"])
        return []

    without_prefix(application, prefix)({"PATH_INFO": path}, lambda *_: None)
    return found[0]


@pytest.mark.parametrize(
    ("path", "prefix", "inside"),
    [
        ("/enum/history/", "/enum", "/history/"),
        ("/history/", "/enum", "/history/"),
        ("/enum/", "/enum", "/"),
        ("/enum", "/enum", ""),
        ("/", "/enum", "/"),
        ("/enumx/", "/enum", "/enumx/"),
        ("/Enum/", "/enum", "/Enum/"),
        ("/history/enum/", "/enum", "/history/enum/"),
        ("/enum/enum/", "/enum", "/enum/"),
        ("/enum//evil.example", "/enum", "//evil.example"),
        ("/a/b/history/", "/a/b", "/history/"),
        ("/a/history/", "/a/b", "/a/history/"),
        ("/history/", "", "/history/"),
    ],
)
def test_a_path_that_came_whole_is_read_below_the_prefix(path: str, prefix: str, inside: str) -> None:
    assert seen(path, prefix) == inside
