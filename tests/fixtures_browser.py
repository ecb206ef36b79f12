"""The Chromium of this machine, for pytest-playwright."""

import os
import shutil
from typing import Any

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Which browser, and that it does not call home. Skips the test where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it, or name it in CHROMIUM")
    quiet = ["quic", "background-networking", "component-update", "sync"]
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--disable-gpu", "--no-first-run", *(f"--disable-{name}" for name in quiet)],
    }
