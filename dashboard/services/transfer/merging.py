"""What a number is to have after an import, from what it has and what the text says. Pure; nothing is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dashboard.enum import Name, Naptr, NaptrError, check_draft, naptr_for
from dashboard.enum.problems import gettext_noop
from dashboard.protocol import DEFAULT_ORDER, Number, RecordData, RecordState
from dashboard.services.numbers.formatting import name_of
from dashboard.services.sentences import filled, say
from dashboard.services.transfer.lines import field_name

_LINE = gettext_noop("Line %(line)d, %(field)s: %(words)s")
_PLAIN_LINE = gettext_noop("Line %(line)d: %(words)s")
_ORDERS = gettext_noop(
    "The records have several orders, and a registry gives its own: by their preferences alone they would be tried "
    "in another sequence. Change the preferences in the text."
)


def at_line(line: int, name: str, words: str) -> str:
    """A sentence with the line and the field that it is about."""
    params = {"line": line, "field": field_name(name), "words": words}
    return filled(_LINE if params["field"] else _PLAIN_LINE, params)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that a line of the text wants, with its order where the text is a zone."""

    line: int
    record: RecordData
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """What an import does with numbers (`bulk.actions.Does`): each gets what the text wants for its name."""

    wishes: Mapping[str, Sequence[Wanted]]
    replaces: bool
    raws: Mapping[str, Sequence[Naptr]] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, list[Naptr]]:
        """The raw records that numbers get, by their names: word for word, but for an order that all lines of a
        number share. The registry gives the others its own, and they are to stand beside these.
        """
        return {name: self._kept(name, raws) for name, raws in self.raws.items()}

    def _kept(self, name: str, raws: Sequence[Naptr]) -> list[Naptr]:
        wishes = self.wishes.get(name, ())
        orders = {wish.order for wish in wishes} | {raw.order for raw in raws}
        if not wishes or len(orders) > 1:
            return list(raws)
        return [replace(raw, order=DEFAULT_ORDER) for raw in raws]

    def wanted(self, number: Number, records: Sequence[RecordState]) -> list[RecordState]:
        """The records that a number is to have. Raises NaptrError for what cannot be, with its line and field."""
        name = name_of(number)
        wishes = self.wishes.get(name.text, ())
        after, new = merged(records, wishes, name, replaces=self.replaces)
        raws = self.raws.get(name.text, ())
        if new or raws:
            _insist_on_sequence(wishes, zip(raws, self._kept(name.text, raws), strict=True))
        for wish in new:
            # By identity: of two that are alike, each has the other beside it.
            siblings = [one for one in after if one is not new[wish]]
            for problem in check_draft(new[wish], name.digits, siblings, is_block=name.is_block):
                if problem.is_error:
                    sentence = at_line(wishes[wish].line, problem.field, say(problem))
                    raise NaptrError(problem.field, "%(sentence)s", {"sentence": sentence})
        return after


def merged(
    records: Sequence[RecordState], wishes: Sequence[Wanted], name: Name, *, replaces: bool
) -> tuple[list[RecordState], dict[int, RecordState]]:
    """The records that a number is to have, and those of them that are new, by the place of who wants them.

    A record that is there already stays as it is: one that says the same, or, where the text is a zone, one that is
    published as the same.
    """
    left, new = list(records), dict[int, RecordState]()
    for place, wish in enumerate(wishes):
        there = _there(left, wish, name)
        if there is None:
            new[place] = wish.record.placed(None)
        else:
            left.remove(there)
    stay = [record for record in records if record not in left] if replaces else list(records)
    return [*stay, *new.values()], new


def _there(records: Sequence[RecordState], wish: Wanted, name: Name) -> RecordState | None:
    content = wish.record.content
    same = next((record for record in records if record.content == content), None)
    if same is not None or wish.order is None:
        return same
    published = naptr_for(wish.record, DEFAULT_ORDER, name)
    return next((record for record in records if naptr_for(record, DEFAULT_ORDER, name) == published), None)


def _insist_on_sequence(wishes: Sequence[Wanted], raws: Iterable[tuple[Naptr, Naptr]]) -> None:
    """Raise NaptrError where the orders of a zone say another sequence than the registry's do; `raws` are raw records
    with what is kept of them.
    """
    places = [((wish.order or 0, wish.record.preference), (DEFAULT_ORDER, wish.record.preference)) for wish in wishes]
    places += [((raw.order, raw.preference), (kept.order, kept.preference)) for raw, kept in raws]
    for (first, first_kept), (then, then_kept) in pairwise(sorted(places)):
        if (first < then) != (first_kept < then_kept):
            raise NaptrError("naptr", _ORDERS)
