"""What host data makes in a scheme: a URI, and its parts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URI, and the parts of it that the rules look at.

    `host` is in ASCII form, IPv6 in brackets; empty where the URI has none. `digits` are those of a global tel:
    number. `plus_added` says that the host data was digits only and was read as a number with its country code.
    `others` are the further addresses of mailto:.
    """

    scheme: str
    uri: str
    user: str = ""
    has_password: bool = False
    host: str = ""
    port: int | None = None
    tail: str = ""
    digits: str = ""
    plus_added: bool = False
    others: tuple[Target, ...] = ()
