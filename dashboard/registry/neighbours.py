"""Which other numbers change their answer because a name is in the zone (RFC 4592)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from dashboard.enum import Name, effect_of, effect_problems
from dashboard.registry.models import Number, Record, Zone


def effect_sentences(number: Number, *, comes: bool) -> list[str]:
    """What changes for others when the name comes, or goes, in sentences; nothing where no block is near."""
    name = Name(number.digits, number.is_block)
    around = Number.objects.filter(
        is_block=True, digits__in=[number.digits[:count] for count in range(1, len(number.digits))]
    )
    widest = around.order_by("digits").values_list("digits", flat=True).first()
    if widest is None and not number.is_block:
        return []
    # What does not begin like the widest block around it cannot matter.
    near = Number.objects.filter(_is_in_the_dns(), digits__startswith=widest or number.digits)
    others = (Name(digits, is_block) for digits, is_block in near.values_list("digits", "is_block"))
    return [
        gettext(problem.message) % problem.params for problem in effect_problems(effect_of(name, others), comes=comes)
    ]


def _is_in_the_dns() -> Q:
    has_records = Q(Exists(Record.objects.filter(number=OuterRef("pk"))))
    return has_records | ~Q(caller_name="") if Zone.current().publishes_caller_names else has_records
