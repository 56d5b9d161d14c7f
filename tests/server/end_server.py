"""Ends the server of the tests when no process holds the lock of its users any more.

    python tests/server/end_server.py FILE PID

A process beside the tests: it is there too when they are killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

_GRACE = 20.0  # seconds in which the server may end by itself


def is_server(pid: int) -> bool:
    """Whether the process is there and is still Label Studio: a number may be used again."""
    try:
        if not Path("/proc/self").exists():  # a system that shows no command lines there
            os.kill(pid, 0)
            return True
        return b"label-studio" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def end(pid: int) -> None:
    deadline = time.monotonic() + _GRACE
    with contextlib.suppress(ProcessLookupError):
        if is_server(pid):
            os.kill(pid, signal.SIGTERM)
        while is_server(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        if is_server(pid):
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    with Path(sys.argv[1]).open("w") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        end(int(sys.argv[2]))


if __name__ == "__main__":
    main()
