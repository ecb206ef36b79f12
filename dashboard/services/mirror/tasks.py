"""The refresh of a mirror as a task, which some worker does. Begun twice, it is done once."""

from django_tasks import task

from dashboard import access
from dashboard.services.mirror.refreshing import refresh_at


@task()
def refresh(credential: int) -> None:
    """Refresh the mirror of a credential, and those of the same registry that wait for it. Raises Stopped."""
    registry = access.every_mirror().filter(credential=credential, wanted_at__isnull=False)
    for pk in registry.values_list("credential__registry", flat=True):
        refresh_at(pk, credential)
