"""A process that counts requests of a token: started by tests, for each line of its input (JSON) [the token's id, the
time, how many]. It says how many were let through.
"""

import json
import sys
from unittest.mock import patch

import django


def main() -> None:
    django.setup()
    from dashboard.models import Token
    from dashboard.services.tokens import TooManyRequests, count_request

    print("ready", flush=True)
    for line in sys.stdin:
        pk, now, count = json.loads(line)
        passed = 0
        with patch("time.time", return_value=now):
            for _ in range(count):
                try:
                    count_request(Token.objects.get(pk=pk))
                except TooManyRequests:
                    continue
                passed += 1
        print(passed, flush=True)


if __name__ == "__main__":
    main()
