"""How gunicorn serves e164web: its settings, and the program that `serve` becomes."""

import functools
import gc
import math
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

from e164web import draining, logs, parse, port

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
_configuration = settings.E164WEB

bind = [_configuration.bind]


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads, which answers for a while after it was asked to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, once a proxy has noticed (`e164web.draining`)."""
        draining.begin(_configuration.drain, functools.partial(super().handle_exit, sig, frame))


# A page waits for its registry, so threads are what keeps one slow registry from blocking everybody else.
worker_class = Worker if _configuration.drain else ThreadWorker
workers = _configuration.workers
threads = _configuration.threads
# Loaded once and then forked: workers share memory, and a worker that is replaced has the keys of the others.
preload_app = True
# Who is asking is decided in e164web.middleware alone.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# Needs a home folder that can be written, and nobody would use it.
control_socket_disable = True
umask = 0o077
# Each worker listens for itself, so that the kernel gives every one its share of the connections: of one socket for
# all, a single worker may take nearly all of them, and keep them. Only Linux shares out like this.
reuse_port = sys.platform == "linux"
keepalive = 10  # seconds; a person who clicks on keeps the connection
# A write that was sent may still be waiting for its reply, and is settled only if it may wait to the end.
graceful_timeout = math.ceil(_configuration.drain + _configuration.deadline) + 5
accesslog = None
errorlog = "-"
loglevel = "warning"
logconfig_dict = logs.configured(_configuration.log)

_kept: list[socket.socket] = []
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


def on_starting(_server: Any) -> None:  # noqa: ANN401 -- gunicorn has no types
    """Keep the port for as long as the master lives: a worker that finds it taken would be started for ever."""
    if reuse_port:
        try:
            _kept.append(port.take(_configuration.host, _configuration.port, shared=True))
        except port.PortRefused as refusal:
            sys.exit(str(refusal))


def when_ready(_server: Any) -> None:  # noqa: ANN401 -- gunicorn has no types
    """Make the master ready for its workers' births."""
    # What is loaded by now lives as long as the workers: no collection need look at it, or copy its pages.
    gc.collect()
    gc.freeze()
    # Nearly all of what a page makes goes by itself: a look for circles after each 700 objects takes 3 % of its time.
    gc.set_threshold(10_000)
    os.register_at_fork(before=_hold_stops, after_in_parent=_let_stops_through, after_in_child=_end_when_told)


def post_worker_init(worker: Any) -> None:  # noqa: ANN401 -- gunicorn has no types
    """Say where it is once it can be reached there, and not before; and in the database that it lives."""
    # What needs Django is loaded by now.
    from dashboard.models import Presence  # noqa: PLC0415
    from e164web import presence, wsgi  # noqa: PLC0415

    if worker.age == 1:
        address = str(_configuration.url)
        if address != parse.local_url(_configuration.bind):
            address += f" (listening at {_configuration.bind})"
        print(f"e164web serves at {address} -- Ctrl-C stops it.", flush=True)
    presence.begin(Presence.Kind.SERVE, wsgi.announcement)


def worker_exit(_server: Any, _worker: Any) -> None:  # noqa: ANN401 -- gunicorn has no types
    """Take the server off the list; another worker that goes on puts it there again."""
    from e164web import presence, wsgi  # noqa: PLC0415 -- as above

    presence.leave(wsgi.announcement)


# A new worker has gunicorn's own handlers until it has set its own. They would take note of a signal for a loop that
# runs in the other process, so a stop in that moment would be lost, and stopping would take all of graceful_timeout.


def _hold_stops() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)


def _let_stops_through() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _end_when_told() -> None:
    for number in _STOPS:
        signal.signal(number, signal.SIG_DFL)
    _let_stops_through()


if __name__ == "__main__":
    # gunicorn puts the folder that it is started in first among those of packages. By now ours are loaded.
    from e164web import master

    master.run()
