"""The bare loop that the publisher is held against: `python -m tests.benchmarks.bare_updates HOST PORT ZONE NUMBERS`.

dnspython as its documentation uses it: an update message of at most 500 records, signed, over one TCP connection. The
key comes on the standard input. Prints the seconds that it took.
"""

import socket
import sys
import time

import dns.name
import dns.query
import dns.rcode
import dns.tsigkeyring
import dns.update

from dashboard.enum import domain_name
from dashboard.nameservers import Key
from tests.benchmarks.fill_zone import RECORDS, hostdata, numbers

AT_A_TIME = 500 // (RECORDS + 1)  # numbers: a message deletes what a name has, and adds its records
TTL = 300


def main() -> None:
    """Send everything and wait for each answer."""
    host, port, zone, count = sys.argv[1:]
    key = Key.parse(sys.stdin.read())
    keyring = dns.tsigkeyring.from_text({key.name: (key.algorithm, key.secret)})
    digits = numbers(int(count))
    began = time.perf_counter()
    with socket.create_connection((host, int(port))) as connection:
        connection.setblocking(False)
        for start in range(0, len(digits), AT_A_TIME):
            message = dns.update.UpdateMessage(zone, keyring=keyring)
            for number in digits[start : start + AT_A_TIME]:
                owner = dns.name.from_text(domain_name(number, zone))
                message.delete(owner, "NAPTR")
                for place in range(1, RECORDS + 1):
                    uri = f"!^.*$!sip:{hostdata(number, place)}!"
                    message.add(owner, TTL, "NAPTR", f'100 {10 * place} "u" "E2U+sip" "{uri}" .')
            reply = dns.query.tcp(message, host, sock=connection, timeout=60)
            if reply.rcode() != dns.rcode.NOERROR:
                sys.exit(f"the name server answered {dns.rcode.to_text(reply.rcode())}")
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
