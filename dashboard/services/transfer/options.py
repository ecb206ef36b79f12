"""How a text is read that somebody brings in: said on a page, in the shell or by a program, and kept with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

DEFAULT_PREFERENCE = 10  # where a table has no column for it, as in the form of a new record

# The fields of a record that a column of a table can hold.
COLUMNS = ("number", "preference", "service", "hostdata")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a text is read, and what is made of it.

    `encoding` is one of `decoding.ENCODINGS`, and `delimiter` a character; empty where they are to be found out.
    `columns` says which column (from 0) of a table holds which of COLUMNS, and `has_header` that its first line names
    them. `service` and `preference` are those of lines that name none. `takes_plain` allows numbers without a plus
    that begin with their country code. `origin` is the zone of a zone file: what its relative names belong to.

    `replaces` says that a number is to have what the text names and nothing else; otherwise what is missing is added,
    and nothing is taken away.
    A NAPTR that is no service with host data is left out. `splits` takes instead the records that lead to the same;
    `keeps_raw` keeps it as a raw record, where the registry can and the person may. `makes` makes numbers that the
    registry does not have, where it can.
    """

    encoding: str = ""
    delimiter: str = ""
    has_header: bool = True
    columns: Mapping[str, int] = field(default_factory=dict)
    service: str = ""
    preference: int = DEFAULT_PREFERENCE
    takes_plain: bool = False
    origin: str = ""
    replaces: bool = False
    splits: bool = False
    keeps_raw: bool = False
    makes: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """The options that were kept."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})

    def stored(self) -> dict[str, Any]:
        """The same as JSON keeps it."""
        return asdict(self)
