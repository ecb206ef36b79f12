"""Which other numbers change their answer because a name is in the zone (RFC 4592)."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left
from django.utils.translation import gettext

from dashboard.enum import Name, effect_of, effect_problems
from dashboard.registry.layout import Layout
from dashboard.registry.models import BLOCK, Number, RawRecord, Record, Zone


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


def holes(name: str) -> list[str]:
    """The digits of a block (as in Number.name) and one more, with which something exists in the DNS, whoever has it.

    The block answers for no number that begins so (RFC 4592). Whose the names there are is nobody's business, and
    that there are some anybody can ask the DNS. Nothing where the block itself is not ours to publish.
    """
    digits = name.removesuffix(BLOCK)
    layout = Layout.current()
    zone = layout.zone_of(name)
    if zone is None:
        return []
    length = len(digits) + 1
    inside = Number.objects.filter(layout.numbers_in(zone), _is_in_the_dns(zone), digits__startswith=digits)
    beginnings = inside.exclude(digits=digits).order_by().values_list(Left("digits", length), flat=True).distinct()
    cuts = {cut[:length] for cut in layout.cuts_of(zone) if cut.startswith(digits) and cut != digits}
    return sorted({*beginnings, *cuts})


def _is_in_the_dns(zone: Zone) -> Q:
    kinds = (Record.objects, RawRecord.objects)
    has_records = reduce(or_, (Q(Exists(records.filter(number=OuterRef("pk")))) for records in kinds))
    return has_records | ~Q(caller_name="") if zone.publishes_caller_names else has_records
