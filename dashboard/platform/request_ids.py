"""The id of the request that is being answered, which joins what the log, the history and the wire view say."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MAX_LENGTH = 64
_ID = re.compile(rf"[A-Za-z0-9._-]{{1,{MAX_LENGTH}}}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of what is being done; empty where nobody has named it, as in the shell."""
    return _current.get()


def make() -> str:
    """A new id, 128 random bits."""
    return secrets.token_hex(16)


def is_one(text: str) -> bool:
    """Whether a text from elsewhere may be an id: it will stand in logs, headers and pages."""
    return _ID.fullmatch(text) is not None


@contextmanager
def carried(id_: str) -> Iterator[None]:
    """Whatever is done inside is done for the request of this id: of a job, the one that started it."""
    token = _current.set(id_)
    try:
        yield
    finally:
        _current.reset(token)
