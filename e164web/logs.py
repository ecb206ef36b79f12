"""The log: what it says about requests that were refused, which request a line belongs to, and lines for programs."""

import json
import logging
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from dashboard.platform import request_ids


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


class OfRequest(logging.Filter):
    """Adds the id of the request that a line belongs to: `in_request` is for a line, with a blank before it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes."""
        id_ = request_ids.current()
        record.__dict__ |= {"request_id": id_, "in_request": f" [{id_}]" if id_ else ""}
        return True


class Json(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, and request_id, status and error if any."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
            "status": getattr(record, "status_code", None),
            "error": self.formatException(record.exc_info) if record.exc_info else "",
        }
        return json.dumps({name: value for name, value in line.items() if value})


def configured(kind: str) -> dict[str, Any]:
    """What Django's LOGGING and gunicorn's logconfig_dict have for "plain" or "json" lines (E164WEB_LOG)."""
    plain = {"format": "%(asctime)s %(levelname)s %(name)s%(in_request)s %(message)s"}
    stderr = {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line", "of_request"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "e164web.logs.Json"} if kind == "json" else plain},
        "filters": {"one_line": {"()": "e164web.logs.OneLine"}, "of_request": {"()": "e164web.logs.OfRequest"}},
        "handlers": {"stderr": stderr},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "gunicorn.error": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }
