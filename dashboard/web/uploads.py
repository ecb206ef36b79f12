"""Files that come with forms: none, but on pages that say so, and there one of a size that is known."""

import functools
from typing import Any

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from dashboard.services.transfer.keeping import limit
from dashboard.web.views.requests import PersonRequest, View, page


class NoFiles(FileUploadHandler):
    """Refuses every file before anything of it is kept: a stranger must not fill the disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raises TooManyFilesSent."""
        del args, kwargs
        raise TooManyFilesSent("This form takes no file.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Never reached."""
        del start
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Never reached."""
        del file_size


class OneFile(TemporaryFileUploadHandler):
    """Keeps a file in a temporary one, which is gone with the request. What is too large is not kept."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part. Raises StopUpload for the one that is too much, and reads what is left of the request."""
        if start + len(raw_data) > limit():
            self.request.is_too_large = True  # type: ignore[union-attr]  # for the page
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


def page_with_file(view: View) -> View:
    """A page whose form takes one file (`page`). Whether that is too large, `is_too_large` of the request says."""

    @functools.wraps(view)
    def opened(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Before anything reads the form, which the check of its token does; and only for who has signed in.
        request.is_too_large = False  # type: ignore[attr-defined]
        request.upload_handlers = [OneFile(request)]
        return csrf_protect(view)(request, *args, **kwargs)

    return csrf_exempt(page("GET", "POST")(opened))
