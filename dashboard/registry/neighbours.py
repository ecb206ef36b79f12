"""Which other numbers change their answer because a name is in the zone (RFC 4592)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from dashboard.enum import Name, effect_of, effect_problems
from dashboard.registry.layout import Layout
from dashboard.registry.models import Number, Record, Zone


def effect_sentences(number: Number, *, comes: bool) -> list[str]:
    """What changes for others when the name comes, or goes, in sentences; nothing where no block is near.

    Only names of the same zone count: a wildcard ends where another zone begins (RFC 4592 s4).
    """
    layout = Layout.current()
    zone = layout.zone_of(number.name)
    if zone is None or number.is_sample:
        return []
    name = Name(number.digits, number.is_block)
    here = Number.objects.filter(layout.numbers_in(zone))
    around = here.filter(is_block=True, digits__in=[number.digits[:count] for count in range(len(number.digits))])
    widest = around.order_by("digits").values_list("digits", flat=True).first()
    if widest is None and not number.is_block:
        return []
    # What does not begin like the widest block around it cannot matter.
    beginning = widest or number.digits
    near = here.filter(_is_in_the_dns(zone), digits__startswith=beginning)
    others = [Name(digits, is_block) for digits, is_block in near.values_list("digits", "is_block")]
    others += [Name(cut) for cut in layout.cuts_of(zone) if cut.startswith(beginning)]
    return [
        gettext(problem.message) % problem.params for problem in effect_problems(effect_of(name, others), comes=comes)
    ]


def _is_in_the_dns(zone: Zone) -> Q:
    has_records = Q(Exists(Record.objects.filter(number=OuterRef("pk"))))
    return has_records | ~Q(caller_name="") if zone.publishes_caller_names else has_records
