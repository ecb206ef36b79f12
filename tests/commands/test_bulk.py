"""`manage.py bulk` and `manage.py jobs`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dashboard.models import Job, JobState
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_jobs import Mirrored, carried_out, hosts

pytestmark = pytest.mark.django_db(transaction=True)
POINT = ("bulk", "service:SIP", "--action", "point", "--pattern", "{local}@pbx-new.example.org")


def said(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_everybody_is_moved_from_the_shell_and_taken_back(mirrored: Mirrored, registry: FaultyRegistry) -> None:
    before = hosts(registry)
    assert said(*POINT).count("@pbx-new.example.org") >= 3
    assert Job.objects.get().state == JobState.CANCELLED

    pk = said(*POINT, "--apply").splitlines()[-1].split("\t")[1]
    assert hosts(registry) == before
    job = Job.objects.get(pk=pk)
    assert carried_out(job).state == JobState.FINISHED
    assert "done=3" in said("jobs")
    assert said("jobs", pk).count("\tdone\t") == 3

    mirrored()
    undone = said("jobs", pk, "--undo").split("\t")[0]
    carried_out(Job.objects.get(pk=undone))
    said("jobs", undone, "--start", "--yes")
    carried_out(Job.objects.get(pk=undone))
    assert hosts(registry) == before


def test_what_is_wrong_is_said_in_a_sentence(mirrored: Mirrored) -> None:
    with pytest.raises(CommandError, match=r"pattern: .*placeholder"):
        said("bulk", "service:SIP", "--action", "point", "--pattern", "{nobody}@x")
    with pytest.raises(CommandError, match="There is no such job"):
        said("jobs", "99")
