"""The request that a change was made in stands on its page, and on those of what was said to registries."""

import re

from django.test import Client as Browser

from dashboard.models import Change, Exchange, Job
from dashboard.platform import request_ids
from dashboard.registry.models import Number
from tests.web.views.pages import form_to, text_of

MADE = re.compile(r"[0-9a-f]{32}")


def test_a_change_its_exchanges_and_its_job_have_the_id_of_the_request(
    alice: Browser, numbers: list[Number], address: str
) -> None:
    record = numbers[0].records.order_by("preference").first()
    assert record is not None
    form = form_to(alice.get(address), f"{address}records/{record.pk}/")
    answer = form.submit(alice, hostdata="carol@example.net")

    id_ = answer["X-Request-ID"]
    assert MADE.fullmatch(id_)
    change = Change.objects.latest("pk")
    assert change.request_id == id_
    assert set(Exchange.objects.filter(command="update").values_list("request_id", flat=True)) == {id_}
    assert id_ in text_of(alice.get(f"/history/{change.pk}/"))
    assert id_ in alice.get("/registries/").content.decode()

    with request_ids.carried(id_):
        assert Job.objects.create(action="add").request_id == id_
        assert Job.objects.bulk_create([Job(action="add")])[0].request_id == id_
    assert Job.objects.create(action="add").request_id is None
