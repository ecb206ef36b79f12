"""What a change of a number's records takes away from whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dashboard.telephones import sentences
from dashboard.telephones.system import readable
from dashboard.telephones.values import Prediction, Telephone


@dataclass(frozen=True, slots=True)
class Worsening:
    """One telephone system that gets less than before; `code`, `message` and `params` as in Verdict.

    The codes: "breaks" (a record now makes it drop the number, which it did not before), "number" (it reached the
    number and no longer does), "uri" (it reaches fewer of the number's URIs).
    """

    telephone: Telephone
    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.message % self.params


def worse(
    before: Iterable[Prediction], after: Iterable[Prediction], replaced: Iterable[tuple[str, str]] = ()
) -> list[Worsening]:
    """Return what is lost from `before` to `after`, at most one loss for each telephone system, the gravest.

    Both come from `predict`. A URI that is tried later than before is not lost, nor is one that somebody `replaced`
    by another (pairs of the old one and the new one) for a system that reaches the other.
    """
    pairs = list(replaced)
    found = (_compare(old, new, pairs) for old, new in zip(before, after, strict=True))
    return [loss for loss in found if loss]


def _compare(old: Prediction, new: Prediction, replaced: Iterable[tuple[str, str]]) -> Worsening | None:
    telephone = new.telephone
    if new.broken and not old.broken:
        return Worsening(telephone, "breaks", new.message, new.params)
    instead = {was for was, becomes in replaced if becomes in new.uris}
    lost = [uri for uri in old.uris if uri not in new.uris and uri not in instead]
    params: dict[str, object] = {"system": telephone.label}
    if old.uris and not new.uris:
        return Worsening(telephone, "number", sentences.LOSES_NUMBER, params)
    if not lost:
        return None
    params["uri"] = readable(lost[0])
    if len(lost) == 1:
        return Worsening(telephone, "uri", sentences.LOSES_URI, params)
    return Worsening(telephone, "uri", sentences.LOSES_URIS, params | {"count": len(lost) - 1})
