"""What all telephone systems have in common: they ask for a number's records, read each, and sort what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.naptr.naptr import Naptr
from dashboard.naptr.problems import cut
from dashboard.naptr.sizes import answer_size
from dashboard.naptr.telephones import sentences
from dashboard.naptr.telephones.values import Outlook, State, Telephone, Unfit, Verdict

_Used = list[tuple[int, Naptr]]  # the place among the records as given, and the record


def by_preference(used: _Used) -> _Used:
    """Sort by order and preference (RFC 3403 s4.1); what is equal stays as it came."""
    return sorted(used, key=lambda each: (each[1].order, each[1].preference))


@dataclass(frozen=True, slots=True)
class System:
    """A telephone system.

    `read` returns the URI that it makes of a record for "+digits", or raises Unfit. `arrange` sorts the records that
    it uses. With `spoiled_by_one`, a record that raises a breaking Unfit takes the others with it.
    """

    telephone: Telephone
    read: Callable[[Naptr, str], str]
    arrange: Callable[[_Used], _Used] = by_preference
    fewest_digits: int = 1
    most_digits: int = 255
    most_uris: int | None = None
    most_octets: int | None = None

    def outlook(self, digits: str, records: Sequence[Naptr]) -> Outlook:
        """Return what the system does with the number `digits`."""
        closed = self._closed(digits, records)
        if closed:
            code, message, params = closed
            return self._nothing(records, code, message, params)
        verdicts = [self._judge(record, "+" + digits) for record in records]
        breaking = next((place for place, verdict in enumerate(verdicts) if verdict.state == "breaks"), None)
        if breaking is not None:
            return self._dropped(verdicts, breaking)
        used = [(place, record) for place, record in enumerate(records) if verdicts[place].state == "used"]
        places = [place for place, _ in self.arrange(used)]
        for place in places[self.most_uris :] if self.most_uris else ():
            verdicts[place] = self._skipped("surplus", sentences.SURPLUS, {"limit": self.most_uris})
        uris = tuple(verdicts[place].uri for place in places[: self.most_uris])
        code, message, params = _summary(uris, records)
        return Outlook(self.telephone, uris, tuple(verdicts), code, message, self._with_label(params))

    def _closed(self, digits: str, records: Sequence[Naptr]) -> tuple[str, str, dict[str, object]] | None:
        count = len(digits)
        if count < self.fewest_digits:
            return "number-short", sentences.TOO_SHORT_NUMBER, {"count": count, "limit": self.fewest_digits}
        if count > self.most_digits:
            return "number-long", sentences.TOO_LONG_NUMBER, {"count": count, "limit": self.most_digits}
        if self.most_octets and (size := answer_size(digits, records)) > self.most_octets:
            return "answer-long", sentences.ANSWER, {"count": size, "limit": self.most_octets}
        return None

    def _judge(self, record: Naptr, number: str) -> Verdict:
        try:
            uri = self.read(record, number)
        except Unfit as unfit:
            state: State = "breaks" if unfit.breaks else "skipped"
            return Verdict(state, "", unfit.code, unfit.message, self._with_label(unfit.params))
        params = self._with_label({"uri": cut(uri)})
        if is_absolute(uri):
            return Verdict("used", uri, "used", sentences.USED, params)
        return Verdict("used", uri, "no-uri", sentences.NO_URI, params)

    def _dropped(self, verdicts: list[Verdict], breaking: int) -> Outlook:
        params: dict[str, object] = {"place": breaking + 1}
        kept = tuple(
            self._skipped("dropped", sentences.DROPPED, params) if verdict.state == "used" else verdict
            for verdict in verdicts
        )
        code = verdicts[breaking].code
        return Outlook(self.telephone, (), kept, code, sentences.DROPS[code], self._with_label(params))

    def _nothing(self, records: Sequence[Naptr], code: str, message: str, params: dict[str, object]) -> Outlook:
        verdicts = tuple(self._skipped(code, message, params) for _ in records)
        return Outlook(self.telephone, (), verdicts, code, message, self._with_label(params))

    def _skipped(self, code: str, message: str, params: dict[str, object]) -> Verdict:
        return Verdict("skipped", "", code, message, self._with_label(params))

    def _with_label(self, params: dict[str, object]) -> dict[str, object]:
        return {"system": self.telephone.label, **params}


def is_absolute(uri: str) -> bool:
    """Return whether `uri` begins with a scheme (RFC 3986 s3.1)."""
    scheme, colon, rest = uri.partition(":")
    plain = scheme.translate(_SIGNS)
    return bool(colon and rest) and scheme[:1].isalpha() and scheme.isascii() and (plain.isalnum())


_SIGNS = str.maketrans("", "", "+-.")


def _summary(uris: tuple[str, ...], records: Sequence[Naptr]) -> tuple[str, str, dict[str, object]]:
    if len(uris) > 1:
        return "calls", sentences.CALLS_MORE, {"count": len(uris), "uri": cut(uris[0])}
    if uris:
        return "calls", sentences.CALLS_ONE, {"uri": cut(uris[0])}
    return ("none-fits", sentences.NONE_FITS, {}) if records else ("no-records", sentences.NO_RECORDS, {})
