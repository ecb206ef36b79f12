"""What all telephone systems have in common: they ask for a number's records, read each, and sort what is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from dashboard.enum.naptr import Naptr
from dashboard.enum.problems import cut
from dashboard.telephones import sentences
from dashboard.telephones.answer import Answer, Reader
from dashboard.telephones.values import Prediction, State, Telephone, Unfit, Verdict

Params = dict[str, object]

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class System:
    """A telephone system.

    Records arrive sorted by order and preference (RFC 3403 s4.1); one that tries them otherwise has a `sort_key`.
    `repeats_first`: a record that makes an empty URI has the first address called again. `sip_needs`: what calls to
    SIP addresses need, and current versions lack.
    """

    telephone: Telephone
    read: Reader
    sort_key: Callable[[Naptr], tuple[int | str, ...]] | None = None
    fewest_digits: int = 1
    most_digits: int | None = None
    most_octets: int | None = None
    most_uris: int | None = None
    repeats_first: bool = False
    sip_needs: str = ""

    def predict(self, answer: Answer) -> Prediction:
        """Return what the system does with the answer."""
        refused = self._refused(answer)
        if refused:
            verdicts = [refused] * len(answer.records)
            return Prediction(self.telephone, (), tuple(verdicts), refused.code, refused.message, refused.params)
        verdicts = [self._skipped("double", sentences.DOUBLE, {})] * len(answer.records)
        for place, reading in zip(answer.arrivals, answer.read_by(self.read), strict=True):
            verdicts[place] = self._judged(reading)
        breaking = [place for place in answer.arrivals if verdicts[place].state == "breaks"]
        if breaking:
            return self._dropped(verdicts, min(breaking))
        return self._tried(answer, verdicts)

    def _tried(self, answer: Answer, verdicts: list[Verdict]) -> Prediction:
        places = list(answer.arrivals)
        if self.sort_key:
            sort_key = self.sort_key
            places.sort(key=lambda place: sort_key(answer.records[place]))
        if self.repeats_first:
            self._repeat_first(verdicts, places)
        places = [place for place in places if verdicts[place].state == "used"]
        if self.most_uris:
            for place in places[self.most_uris :]:
                verdicts[place] = self._skipped("surplus", sentences.SURPLUS, {"limit": self.most_uris})
            del places[self.most_uris :]
        uris = tuple(verdicts[place].uri for place in places)
        needs = self.sip_needs if any(uri.lower().startswith("sip") for uri in uris) else ""
        code, message, params = _summary(uris, bool(answer.records), needs)
        return Prediction(self.telephone, uris, tuple(verdicts), code, message, self._labelled(params), needs)

    def _repeat_first(self, verdicts: list[Verdict], places: list[int]) -> None:
        """Turn the verdict on each empty URI that is not tried first; an empty one that is calls nobody."""
        tried = [place for place in places if verdicts[place].state == "used" or verdicts[place].code == "nothing"]
        first = verdicts[tried[0]] if tried else None
        for place in tried:
            if first and first.uri and not verdicts[place].uri:
                verdicts[place] = Verdict("used", first.uri, "again", sentences.AGAIN, first.params)

    def _refused(self, answer: Answer) -> Verdict | None:
        """Return why the system does not ask, or does not read the answer."""
        count = len(answer.digits)
        if count < self.fewest_digits:
            params: Params = {"count": count, "limit": self.fewest_digits}
            return self._skipped("number-short", sentences.TOO_SHORT_NUMBER, params)
        if self.most_digits and count > self.most_digits:
            params = {"count": count, "limit": self.most_digits}
            return self._skipped("number-long", sentences.TOO_LONG_NUMBER, params)
        if self.most_octets and answer.size > self.most_octets:
            params = {"count": answer.size, "limit": self.most_octets}
            return self._skipped("answer-long", sentences.ANSWER, params)
        return None

    def _judged(self, reading: str | Unfit) -> Verdict:
        if isinstance(reading, Unfit):
            state: State = "breaks" if reading.breaks else "skipped"
            return Verdict(state, "", reading.code, reading.message, self._labelled(reading.params))
        params = {"system": self.telephone.label, "uri": readable(reading)}
        if is_absolute(reading):
            return Verdict("used", reading, "used", sentences.USED, params)
        return Verdict("used", reading, "no-uri", sentences.NO_URI, params)

    def _dropped(self, verdicts: list[Verdict], breaking: int) -> Prediction:
        params: Params = {"place": breaking + 1}
        dropped = self._skipped("dropped", sentences.DROPPED, params)
        left = tuple(dropped if verdict.state == "used" else verdict for verdict in verdicts)
        code = verdicts[breaking].code
        return Prediction(self.telephone, (), left, code, sentences.DROPS[code], self._labelled(params))

    def _skipped(self, code: str, message: str, params: Params) -> Verdict:
        return Verdict("skipped", "", code, message, self._labelled(params))

    def _labelled(self, params: Params) -> Params:
        """Return what fills a sentence; texts from the DNS are made fit to be read."""
        shown = {name: readable(value) if isinstance(value, str) else value for name, value in params.items()}
        return {"system": self.telephone.label, **shown}


def readable(octets: str) -> str:
    """Return wire octets, one character each, as people read them: as UTF-8 if they are, and not too long."""
    if octets.isascii():
        return cut(octets)
    with suppress(UnicodeDecodeError):
        octets = octets.encode("latin-1").decode()
    return cut(octets)


def is_absolute(uri: str) -> bool:
    """Return whether `uri` begins with a scheme (RFC 3986 s3.1)."""
    return _ABSOLUTE.match(uri) is not None


def _summary(uris: tuple[str, ...], asked: bool, needs: str) -> tuple[str, str, Params]:
    if len(uris) > 1:
        message = sentences.CALLS_MORE_WITH if needs else sentences.CALLS_MORE
        return "calls", message, {"count": len(uris), "uri": uris[0], "needs": needs}
    if uris:
        return "calls", sentences.CALLS_ONE_WITH if needs else sentences.CALLS_ONE, {"uri": uris[0], "needs": needs}
    return ("none-fits", sentences.NONE_FITS, {}) if asked else ("no-records", sentences.NO_RECORDS, {})
