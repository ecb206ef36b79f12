"""Which zone holds a number: ours, one of others to whom we delegate, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext

from dashboard.registry.models import BLOCK, MAX_DIGITS, Delegation, Number, Zone


def of_a_sample() -> str:
    """Why a sample number is not published, as a sentence."""
    return gettext("Not published: this is a sample number, which is fiction.")


def why_not_published(number: Number) -> str:
    """Why a number is not published, whatever it has, as a sentence; empty if it is ours to publish."""
    if number.is_sample:
        return of_a_sample()
    return Layout.current().why_not(number.name)


@dataclass(frozen=True, slots=True)
class Layout:
    """The zones, the most specific first, and the delegations, the longest first.

    As in the DNS itself the longest match counts: a number is in the zone whose apex has most labels of those above
    it, unless a delegation out of that zone begins on the way from there to the number.
    """

    zones: tuple[Zone, ...]
    delegations: tuple[Delegation, ...] = ()

    @classmethod
    def current(cls) -> Layout:
        """That of the database. Two queries."""
        return cls.of(list(Zone.objects.all()) or [Zone.current()])

    @classmethod
    def of(cls, zones: Iterable[Zone]) -> Layout:
        """That of these zones, with the delegations of the database."""
        found = sorted(Delegation.objects.all(), key=lambda delegation: -len(delegation.digits))
        return cls(tuple(sorted(zones, key=_depth, reverse=True)), tuple(found))

    def place_of(self, name: str) -> Zone | Delegation | None:
        """Where the number or block is that `name` names (as in Number.name)."""
        digits = name.removesuffix(BLOCK)
        zone = next((zone for zone in self.zones if digits.startswith(zone.prefix)), None)
        if zone is None:
            return None
        return next((one for one in self.delegations_of(zone) if digits.startswith(one.digits)), zone)

    def zone_of(self, name: str) -> Zone | None:
        """The zone of ours that holds the number; None if it is not ours to publish."""
        place = self.place_of(name)
        return place if isinstance(place, Zone) else None

    def zone_above(self, digits: str) -> Zone | None:
        """The zone out of which these digits can be delegated: its apex is above theirs."""
        return next((zone for zone in self.zones if digits.startswith(zone.prefix) and digits != zone.prefix), None)

    def delegations_of(self, zone: Zone) -> list[Delegation]:
        """The delegations out of a zone, the longest first."""
        return [one for one in self.delegations if (above := self.zone_above(one.digits)) and above.pk == zone.pk]

    def cuts_of(self, zone: Zone) -> list[str]:
        """The digits at which a zone ends: those of delegations, and of zones of ours further down."""
        deeper = self.zones[: self._position(zone)]
        cuts = {one.digits for one in self.delegations if len(one.digits) > len(zone.prefix)}
        return sorted(cut for cut in cuts | {other.prefix for other in deeper} if cut.startswith(zone.prefix))

    def numbers_in(self, zone: Zone) -> Q:
        """The condition for the numbers that are published in a zone."""
        inside = Q(is_sample=False, digits__startswith=zone.prefix)
        for deeper in self.zones[: self._position(zone)]:
            if deeper.prefix.startswith(zone.prefix):
                inside &= ~Q(digits__startswith=deeper.prefix)
        if self.delegations:
            # There may be thousands of them, so each number is looked up there by all its beginnings.
            beginnings = [Left(OuterRef("digits"), count) for count in range(len(zone.prefix) + 1, MAX_DIGITS + 1)]
            inside &= ~Q(Exists(Delegation.objects.filter(digits__in=beginnings)))
        return inside

    def by_zone(self, names: Iterable[str]) -> dict[int, list[str]]:
        """Those of the names that are in a zone of ours, by the zone's key."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for name in names:
            if zone := self.zone_of(name):
                found[zone.pk].append(name)
        return found

    def why_not(self, name: str) -> str:
        """Why a number or block (as in Number.name) is not ours to publish, as a sentence; empty if it is."""
        place = self.place_of(name)
        if isinstance(place, Zone):
            return ""
        if place is None:
            apexes = ", ".join(zone.origin for zone in self.zones)
            sentence = gettext("Not published: no zone of this registry holds this number; they begin at %(apexes)s.")
            return sentence % {"apexes": apexes}
        hosts = ", ".join(host.name for host in place.servers)
        sentence = gettext("Not published here: all numbers that begin with +%(digits)s are delegated to %(hosts)s.")
        return sentence % {"digits": place.digits, "hosts": hosts}

    def unpublished(self) -> QuerySet[Number]:
        """The numbers, but for sample numbers, that are not ours to publish, in the order of their digits."""
        ours = Q(pk__in=[])
        for zone in self.zones:
            ours |= self.numbers_in(zone)
        return Number.objects.filter(~ours, is_sample=False).order_by("digits")

    def _position(self, zone: Zone) -> int:
        return [other.pk for other in self.zones].index(zone.pk)


def _depth(zone: Zone) -> tuple[int, int]:
    return len(zone.prefix), zone.origin.count(".")
