"""What the log says about requests that were refused."""

import logging
from http import HTTPStatus


class OneLine(logging.Filter):
    """Leaves out the traceback of a request that was refused because of what a client sent.

    Django adds one to each error 4xx, where it shows nothing but Django's own code: a stranger could fill the log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes."""
        status = getattr(record, "status_code", 0)
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True
