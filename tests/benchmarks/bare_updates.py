"""The bare loop that the publisher is held against: dnspython as its documentation uses it.

`python -m tests.benchmarks.bare_updates HOST PORT ZONE` gets the key as the first line of its standard input, and
then turns, as `tests.benchmarks.turns` says.
"""

import socket
import sys
import time
from collections.abc import Sequence

import dns.name
import dns.query
import dns.rcode
import dns.tsig
import dns.tsigkeyring
import dns.update

from dashboard.enum import domain_name
from dashboard.nameservers import Key
from tests.benchmarks import turns
from tests.benchmarks.fill_zone import RECORDS, hostdata, numbers

AT_A_TIME = 500 // (RECORDS + 1)  # numbers: a message deletes what a name has, and adds its records
TTL = 300

Keyring = dict[dns.name.Name, dns.tsig.Key]


class Sender:
    """Sends updates to one zone of one name server."""

    def __init__(self, host: str, port: int, zone: str, key: Key) -> None:
        self.place = host, port
        self.zone = zone
        self.keyring: Keyring = dns.tsigkeyring.from_text({key.name: (key.algorithm, key.secret)})

    def send(self, digits: Sequence[str]) -> None:
        """Replace the records of all these numbers, over one connection. Ends the process where that is refused."""
        with socket.create_connection(self.place) as connection:
            connection.setblocking(False)
            for start in range(0, len(digits), AT_A_TIME):
                message = self._message(digits[start : start + AT_A_TIME])
                reply = dns.query.tcp(message, self.place[0], sock=connection, timeout=60)
                if reply.rcode() != dns.rcode.NOERROR:
                    sys.exit(f"the name server answered {dns.rcode.to_text(reply.rcode())}")

    def _message(self, digits: Sequence[str]) -> dns.update.UpdateMessage:
        message = dns.update.UpdateMessage(self.zone, keyring=self.keyring)
        for number in digits:
            owner = dns.name.from_text(domain_name(number, self.zone))
            message.delete(owner, "NAPTR")
            for place in range(1, RECORDS + 1):
                uri = f"!^.*$!sip:{hostdata(number, place)}!"
                message.add(owner, TTL, "NAPTR", f'100 {10 * place} "u" "E2U+sip" "{uri}" .')
        return message


def main() -> None:
    """Send the numbers of each turn and wait for each answer."""
    host, port, zone = sys.argv[1:]
    sender = Sender(host, int(port), zone, Key.parse(sys.stdin.readline()))

    def turn(start: int, count: int) -> float:
        digits = numbers(start, count)
        began = time.perf_counter()
        sender.send(digits)
        return time.perf_counter() - began

    turns.serve(turn)


if __name__ == "__main__":
    main()
