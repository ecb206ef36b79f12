"""A process that does rounds of the background process: started by tests, a line of its input (JSON) each.

0 is a whole round. Another number is a round, in a child, that is killed (SIGKILL) before the so-many-th line of what
sends messages, as the kernel does when memory is short; it says "done" where the round has fewer lines.
"""

import os
import signal
import sys
from types import FrameType
from typing import Any

import django

SENDING = "background/sending.py"


def killed_at(line: int) -> Any:
    """A trace that counts lines of what sends, and ends this process."""
    left = line

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.endswith(SENDING):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def main() -> None:
    django.setup()
    from dashboard.services.background import working

    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            if int(line):
                sys.settrace(killed_at(int(line)))
            for errand in list(working.due()):
                working.carry_out(errand)
            sys.settrace(None)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("done" if status == 0 else "killed", flush=True)


if __name__ == "__main__":
    main()
