"""HTTP for libraries that bring their own requests, such as allauth's sign-in: their calls, held to our bounds.

A call has one deadline for all of it, its reply a size, and it goes where it was sent and nowhere else: no redirects,
no proxies or certificates that the environment names, no cookies from one call to the next.
"""

import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from dashboard.client.transport import ongoing, transport

HttpFailure = requests.RequestException  # what such a call raises when it fails


class BoundedSession(requests.Session):
    """A session whose calls end within `deadline` seconds, and whose replies have at most `reply_limit` bytes.

    `ca_bundle` is a file of PEM certificates to trust in place of the public authorities. http:// is for programs on
    the same machine; whoever makes the addresses has to see to that.
    """

    def __init__(self, *, connect_timeout: float, deadline: float, reply_limit: int, ca_bundle: str = "") -> None:
        super().__init__()
        self.trust_env = False
        self.verify = ca_bundle or True
        self.connect_timeout, self.deadline, self.reply_limit = connect_timeout, deadline, reply_limit
        self.adapters.clear()
        self.mount("https://", transport())
        self.mount("http://", HTTPAdapter())

    def request(self, method: str | bytes, url: str | bytes, **more: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401 -- theirs
        """Send one request and read the whole reply. Raises HttpFailure."""
        more |= {"allow_redirects": False, "stream": True, "timeout": (self.connect_timeout, self.deadline)}
        self.cookies.clear()
        ongoing.begin(time.monotonic() + self.deadline, self.connect_timeout)
        try:
            response = super().request(method, url, **more)
            with response:
                response._content = self._read(response)  # what `response.content` is from now on
            response._content_consumed = True  # type: ignore[attr-defined]
        except requests.RequestException:
            raise
        except (HTTPError, OSError, ValueError) as error:
            raise requests.ConnectionError(f"{type(error).__name__} while asking {url!r}") from error
        finally:
            ongoing.end()
        return response

    def _read(self, response: requests.Response) -> bytes:
        content: bytes = response.raw.read(self.reply_limit + 1, decode_content=True)
        if len(content) > self.reply_limit:
            raise requests.exceptions.ContentDecodingError(f"the reply has more than {self.reply_limit} bytes")
        return content
