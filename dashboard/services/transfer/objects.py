"""JSON lines: a number and its records on each line, or a number and one record."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from dashboard.enum.problems import gettext_noop
from dashboard.services.transfer.lines import DraftLine, Reader, Wrong, wrong

MAX_RECORDS = 1_000  # of one number

_NO_JSON = gettext_noop("The line is no JSON: %(reason)s.")
_NO_OBJECT = gettext_noop('The line is no JSON object, as {"number": "+16045550100", "records": []} is.')
_NO_NUMBER = gettext_noop('The number must be text, such as "+16045550100": of a figure nobody knows what it was.')
_NO_RECORDS = gettext_noop("“records” must be a list of objects with preference, service and hostdata.")
_NO_TEXT = gettext_noop("It must be text.")


def read_objects(lines: Iterable[str], reader: Reader) -> Iterator[DraftLine]:
    """The records of JSON lines, several for a line that has several."""
    for line, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        name = ""
        try:
            said = _object(text)
            if not isinstance(said.get("number"), str):
                raise wrong("number", _NO_NUMBER)
            name = reader.name(said["number"])
            records = [_record(each, reader) for each in _records(said)]
        except Wrong as error:
            yield DraftLine(line, name, problem=error.problem)
            continue
        for record in records or [None]:
            yield DraftLine(line, name, record)


def _object(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wrong("line", _NO_JSON, reason=getattr(error, "msg", "") or type(error).__name__) from None
    if not isinstance(said, dict):
        raise wrong("line", _NO_OBJECT)
    return said


def _records(said: dict[str, Any]) -> list[dict[str, Any]]:
    if "records" not in said:
        return [said]
    records = said["records"]
    is_list = isinstance(records, list) and len(records) <= MAX_RECORDS
    if not is_list or not all(isinstance(one, dict) for one in records):
        raise wrong("line", _NO_RECORDS)
    return list(records)


def _record(said: dict[str, Any], reader: Reader) -> Any:  # noqa: ANN401 -- a record, or None
    preference = said.get("preference", "")
    if isinstance(preference, int) and not isinstance(preference, bool):
        preference = str(preference)
    texts = (preference, said.get("service", ""), said.get("hostdata", ""))
    for name, text in zip(("preference", "service", "hostdata"), texts, strict=True):
        if not isinstance(text, str):
            raise wrong(name, _NO_TEXT)
    return reader.record(*texts)
