"""The path of the site, for proxies that pass it on whole and for those that take it off."""

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def without_prefix(application: Application, prefix: str) -> Application:
    """A WSGI application that finds in PATH_INFO what is below `prefix`, which may be empty.

    None of our own addresses begins with it (e164web.conf refuses such a path), so a path that does came whole.
    """

    def shortened(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path.removeprefix(prefix)
        return application(environ, start_response)

    return shortened if prefix else application
