"""From which address somebody asks, known to whatever is done for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_address: ContextVar[str] = ContextVar("address", default="")


@contextmanager
def asked_from(address: str) -> Iterator[None]:
    """Whatever is noted meanwhile was asked for from this address."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def current_address() -> str:
    """The address from which this is asked for; empty in the shell."""
    return _address.get()
