"""The figures for Prometheus: what they count, and that nothing of a person or a number is in them."""

import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from dashboard.management.figures import DatabaseFigures
from dashboard.models import Job, OutboxMessage, Presence
from dashboard.registry.models import NameServer, Publication, Zone
from tests.ports import free_port
from tests.programs import LIMIT, ROOT, end, environment

# Two processes that count, and one that adds up.
COUNTS = """
import django
django.setup()
from django.test import Client
from dashboard.platform import metrics
metrics.command_ended("This registry", "list", "ok")
assert Client(SERVER_NAME="localhost").get("/accounts/login/").status_code == 200
assert Client(SERVER_NAME="localhost").generic("FOO", "/no/16045550123/").status_code == 404
"""


def figures() -> dict[tuple[str, ...], float]:
    return {
        (sample.name.removeprefix("e164web_"), *sample.labels.values()): sample.value
        for family in DatabaseFigures().collect()
        for sample in family.samples
    }


@pytest.mark.django_db
def test_what_waits_is_counted_in_the_database(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)  # a test's is one transaction
    server = NameServer.objects.create(zone=Zone.objects.create(suffix="e164.test"), address="192.0.2.1")
    now = timezone.now()
    Publication.objects.create(name_server=server, name="1", wanted=1, done=0, since=now, retry_at=now)
    Publication.objects.create(name_server=server, name="2", wanted=1, done=1, since=now, retry_at=now)
    OutboxMessage.objects.create(key="one", event="changed")
    Job.objects.create(action="add", state="running")
    Presence.objects.create(name="1-a", kind="work", machine="m", started_at=now, seen_at=now)

    with django_assert_max_num_queries(10):
        found = figures()
    assert found["publication_waiting", server.label] == 1
    assert 0 <= found["publication_lag_seconds", server.label] < LIMIT
    assert found["outbox_waiting",] == found["jobs", "running"] == found["processes", "work"] == 1
    assert (
        found["jobs", "paused"] == found["tasks", "ready"] == found["tasks", "running"] == found["changes_open",] == 0
    )
    assert found["database_up",] == 1


def test_all_processes_of_a_machine_are_added_up_and_no_label_is_anybodys(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    settings = environment(tmp_path, METRICS=address, SAMPLE_DATA="0") | {
        "DJANGO_SETTINGS_MODULE": "e164web.settings"
    }
    (tmp_path / "static").mkdir()
    subprocess.run(
        [sys.executable, "manage.py", "prepare_static"],
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env=settings,
        check=True,
        timeout=LIMIT,
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNTS], cwd=ROOT, env=settings, check=True, timeout=LIMIT)
    server = subprocess.Popen([sys.executable, "manage.py", "metrics"], cwd=ROOT, env=settings)
    try:
        said = ask(f"http://{address}/metrics")
    finally:
        end(server, limit=LIMIT)
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
    }
    assert found["e164web_commands_total", "list", "ok", "This registry"] == 2
    assert found["e164web_request_seconds_count", "GET", "account_login", "200"] == 2
    assert found["e164web_request_seconds_count", "none", "none", "404"] == 2
    assert found["e164web_database_up",] == 0  # nothing has been migrated here
    assert "16045550123" not in said
    assert "FOO" not in said


def ask(url: str) -> str:
    ends = time.monotonic() + LIMIT
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 -- our own server
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < ends, "it did not start"
            time.sleep(0.1)
