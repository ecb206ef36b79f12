"""What the tests of the mirror share."""

import pytest

from dashboard.models import Credential, MirroredNumber
from dashboard.services import mirror
from dashboard.services.mirror.tasks import refresh


def refreshed(credential: Credential) -> None:
    """Want a refresh, and do it in this process."""
    mirror.want(credential)
    refresh.func(credential.pk)


def rows(credential: Credential) -> list[MirroredNumber]:
    """The mirrored numbers of a credential, in order."""
    return list(MirroredNumber.objects.filter(credential=credential).order_by("number_id"))


@pytest.fixture
def mirrored(remote: Credential) -> Credential:
    """The credential at the registry on a real socket, refreshed once."""
    refreshed(remote)
    return remote
