"""The command line of every server here: one in the foreground, with what to enter in the dashboard."""

import argparse
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NoReturn
from unittest import SkipTest

from tests.interop.process import NameServer

ENDINGS = (signal.SIGINT, signal.SIGTERM)


def serve(running: Callable[..., AbstractContextManager[NameServer]], description: str | None) -> None:
    """Run the server until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zone", default="e164.test")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    options = parser.parse_args()
    for number in ENDINGS:
        signal.signal(number, _leave)
    try:
        _stay(running(zone=options.zone, port=options.port))
    except SkipTest as missing:
        sys.exit(str(missing))


def _stay(running: AbstractContextManager[NameServer]) -> NoReturn:
    with running as server:
        key = f"{server.key.algorithm}:{server.key.name}:{server.key.secret}"
        sys.stdout.write(f"Zone         {server.zone}\nName server  {server.address}\nTSIG key     {key}\n")
        sys.stdout.write(f"Folder       {server.folder}\nCtrl-C stops it.\n")
        sys.stdout.flush()
        while True:
            signal.pause()


def _leave(*_: object) -> NoReturn:
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)  # a second one must not keep us from stopping the server
    raise SystemExit(0)
