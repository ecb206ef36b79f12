"""The test registry as a program, for benchmarks and for trying the dashboard by hand.

    python -m tests.registry_server --port 8443 --latency-ms 50 --numbers 10000 --ca-out ca.pem
    python -m tests.registry_server --fault update=reset-after --fault list=hang

`GET /stats` answers the number of connections and requests as JSON. Ctrl-C stops it.
"""

import argparse
import signal
import sys
import threading
from pathlib import Path

from tests.faulty_registry import FaultyRegistry
from tests.faulty_registry.certificates import KINDS, ca_pem
from tests.faulty_registry.faults import FAULTS


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.registry_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8443, help="0: any that is free")
    parser.add_argument("--latency-ms", type=float, default=0, help="milliseconds before each reply")
    parser.add_argument("--numbers", type=int, default=3, help="numbers of the account, 100000 at most")
    parser.add_argument("--records", type=int, default=2, help="records of each number")
    parser.add_argument("--username", default=FaultyRegistry.username)
    parser.add_argument("--password", default=FaultyRegistry.password)
    parser.add_argument("--ca-out", type=Path, help="write the authority's certificate to this file")
    parser.add_argument("--certificate", choices=KINDS, default="good")
    parser.add_argument("--framing", choices=("length", "chunked", "close"), default="length")
    parser.add_argument("--log", action="store_true", help="keep every request in memory")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="COMMAND=KIND", help=f"kinds: {', '.join(FAULTS)}"
    )
    return parser.parse_args(arguments)


def build(options: argparse.Namespace) -> FaultyRegistry:
    """The registry that the command line asks for."""
    registry = FaultyRegistry(
        numbers=options.numbers,
        records=options.records,
        username=options.username,
        password=options.password,
        port=options.port,
        latency=options.latency_ms / 1000,
        certificate=options.certificate,
        framing=options.framing,
        keep_log=options.log,
    )
    for fault in options.fault:
        command, _, kind = fault.partition("=")
        registry.fault(command, kind)
    return registry


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    options = parse()
    if options.ca_out:
        options.ca_out.write_bytes(ca_pem())
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with build(options) as registry:
        print(registry.url, f"username={registry.username} password={registry.password}", flush=True)
        stop.wait()
        print(f"{registry.connections} connections, {registry.requests} requests", file=sys.stderr)


if __name__ == "__main__":
    main()
