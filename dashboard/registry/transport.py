"""A `requests` transport that answers in this process.

The dashboard speaks to its own registry in the same bytes as to any other, but without a socket, a certificate, or a
second worker that would have to be free.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.response import HTTPResponse

from dashboard.registry.handler import RegistryResponse, handle

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ADDRESS = "127.0.0.1"  # where a client in the same process is

logger = logging.getLogger(__name__)


class EmbeddedAdapter(BaseAdapter):
    """Hands a prepared request to the registry's handler and returns what a server would have sent."""

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Answer `request`. What concerns the network has no meaning here and is ignored.

        A fault of the registry becomes status 500, as it would over a socket; nothing is raised.
        """
        answer = _answer(request)
        response = Response()
        response.status_code = answer.status
        response.reason = HTTPStatus(answer.status).phrase
        response.headers = CaseInsensitiveDict(
            {"Content-Type": answer.content_type, "Content-Length": str(answer.length)}
        )
        response.raw = _raw(answer, request, response.headers)
        response.url = request.url or ""
        response.request = request
        if not stream:
            # As the network's adapter does: whoever does not want a stream finds the content there.
            _ = response.content
        return response

    def close(self) -> None:
        """Nothing is kept open."""


def _answer(request: PreparedRequest) -> RegistryResponse:
    if request.method != "POST":
        return RegistryResponse(HTTPStatus.METHOD_NOT_ALLOWED, (), 0)
    body = request.body or b""
    try:
        return handle(body.encode() if isinstance(body, str) else body, address=ADDRESS, in_process=True)
    except Exception:
        logger.exception("The embedded registry failed")
        return RegistryResponse(HTTPStatus.INTERNAL_SERVER_ERROR, (), 0)


def _raw(answer: RegistryResponse, request: PreparedRequest, headers: Mapping[str, str]) -> HTTPResponse:
    return HTTPResponse(
        body=io.BufferedReader(_Pieces(answer.content)),
        headers=headers,
        status=answer.status,
        version=11,
        preload_content=False,
        decode_content=False,
        request_method=request.method,
        request_url=request.url,
    )


class _Pieces(io.RawIOBase):
    """A file that is read from pieces of bytes, without joining them."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._source = pieces
        self._pieces = iter(pieces)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        view = memoryview(buffer)
        taken = self._rest[: len(view)]
        view[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)

    def close(self) -> None:
        close = getattr(self._source, "close", None)
        if close is not None and not self.closed:
            close()
        super().close()
