"""An HTTPS registry for tests, with every fault that a real one may have.

It reads the protocol text by itself and shares no code with the product: a mistake made on both sides of one
codec would otherwise pass every test. Run it as a program with ``python -m tests.registry_server``.
"""

from tests.faulty_registry.server import FaultyRegistry, Received
from tests.faulty_registry.store import Store, fictional_numbers

__all__ = ["FaultyRegistry", "Received", "Store", "fictional_numbers"]
