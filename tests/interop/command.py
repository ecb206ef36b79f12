"""The command line of every server here: one in the foreground, with what to enter in the dashboard."""

import argparse
import base64
import secrets
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from dashboard.nameservers import Key
from tests.interop.process import NameServer


def new_key(name: str = "e164web") -> Key:
    """A key that nobody knows."""
    return Key(name, base64.b64encode(secrets.token_bytes(32)).decode("ascii"))


def serve(running: Callable[..., AbstractContextManager[NameServer]], description: str | None) -> None:
    """Run the server until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zone", default="e164.test")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    options = parser.parse_args()
    signals = {signal.SIGINT, signal.SIGTERM}
    # Blocked before the server starts: a signal must not leave it behind.
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with running(zone=options.zone, key=new_key(), port=options.port) as server:
        key = f"{server.key.algorithm}:{server.key.name}:{server.key.secret}"
        sys.stdout.write(f"Zone         {server.zone}\nName server  {server.address}\nTSIG key     {key}\n")
        sys.stdout.write(f"Folder       {server.folder}\nCtrl-C stops it.\n")
        sys.stdout.flush()
        signal.sigwait(signals)
