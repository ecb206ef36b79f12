"""What every test shares: a data folder of its own, people, and credentials at real registries."""

import os
from collections.abc import Generator, Iterator

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.fixtures_registry",
    "tests.fixtures_people",
    "tests.fixtures_tokens",
    "tests.fixtures_audit",
    "tests.fixtures_mail",
    "tests.fixtures_dns",
    "tests.fixtures_browser",
    "tests.fixtures_told",
    "tests.fixtures_jobs",
]

REQUIRE_ALL = os.environ.get("E164WEB_TEST_REQUIRE") == "all"

# No property fails because the machine was busy. Where everything is required, what is tried depends on the code
# alone, so that the same commit gets the same verdict; elsewhere each run looks for something new.
settings.register_profile(
    "e164web", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=REQUIRE_ALL
)
settings.load_profile("e164web")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is required (E164WEB_TEST_REQUIRE=all), a skipped test is a failed one."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and E164WEB_TEST_REQUIRE=all: {report.longrepr}"
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes by itself, so that no process waits for it at the end.

    On another database only those run that use it: others use none, or start programs on an SQLite of theirs.
    """
    if "E164WEB_TEST_DATABASE_URL" in os.environ:
        items[:] = [item for item in items if _uses_database(item)]
    items.sort(key=lambda item: "test_postgresql" not in item.nodeid)


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db"}
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.write_sep(
            "!", f"{len(skipped)} tests did NOT run; see the reasons above", red=True, bold=True
        )


@pytest.fixture(autouse=True)
def language_of_nobody() -> Iterator[None]:
    """A request leaves its thread in its language, which the next one replaces; a test begins with the default."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def plain_static_files(request: pytest.FixtureRequest) -> None:
    """Pages in tests name their static files without `collectstatic` having been run."""
    settings = request.getfixturevalue("settings")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
