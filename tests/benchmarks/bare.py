"""The bare `requests` call that the product is measured against: one POST on a session that keeps its connection."""

import threading

import requests

from tests.faulty_registry.store import secret_of


class BareCaller:
    """Speaks to one registry without any of the product's code. Each thread has a session of its own."""

    def __init__(self, url: str, username: str, password: str, ca_bundle: str) -> None:
        self.url = url
        self.ca_bundle = ca_bundle
        self.login = {"version": "1", "username": username, "secret": secret_of(password)}
        self._threads = threading.local()

    @property
    def session(self) -> requests.Session:
        """This thread's session."""
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            session.verify = self.ca_bundle
            # Proxies and certificates of the machine's environment would change what is compared. It is also the
            # cheaper half of requests, so the product has less to hide behind.
            session.trust_env = False
        return session

    def list(self) -> bytes:
        """The reply to `list`."""
        return self._call({"command": "list"})

    def show(self, number_id: int) -> bytes:
        """The reply to `show`."""
        return self._call({"command": "show", "id": str(number_id)})

    def statistics(self) -> dict[str, int]:
        """What the tests' own registry counted so far: connections and requests."""
        found: dict[str, int] = self.session.get(self.url.replace("/e164/api", "/stats"), timeout=30).json()
        return found

    def _call(self, command: dict[str, str]) -> bytes:
        reply = self.session.post(self.url, data={**self.login, **command}, timeout=60)
        reply.raise_for_status()
        content: bytes = reply.content
        return content
