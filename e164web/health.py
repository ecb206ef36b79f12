"""Whether the server on this machine answers: `python -m e164web.health`, for the health checks of containers.

Needs nothing but the standard library and the environment of the server, so that it costs little.
"""

import http.client
import os
import sys

DEFAULT_BIND = "127.0.0.1:8000"  # e164web.conf's default
TIMEOUT = 4.0  # seconds
LOCAL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- compared, not bound


def is_healthy(bind: str) -> bool:
    """Whether /healthz of the server that is bound to ADDRESS:PORT answers 200 within TIMEOUT."""
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    connection = http.client.HTTPConnection(LOCAL.get(host, host), int(port), timeout=TIMEOUT)
    try:
        # The name that is always allowed, whatever the site is called.
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_healthy(os.environ.get("E164WEB_BIND") or DEFAULT_BIND) else 1)
