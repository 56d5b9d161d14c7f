"""Ends a server of the tests when no process holds the lock of its users any more.

    python tests/server/end_server.py FILE PID [FOLDER]

The server is Label Studio or PostgreSQL, whose FOLDER is removed then. A process beside the tests:
it is there too when they are killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

_GRACE = 20.0  # seconds in which the server may end by itself
_NAMES = {b"label-studio": signal.SIGTERM, b"postgres": signal.SIGINT}
"""How each is asked to end; PostgreSQL would wait for all its clients at the usual signal."""


def is_server(pid: int) -> bool:
    """Whether the process is there and is still a server: a number may be used again."""
    return signal_of(pid) is not None


def signal_of(pid: int) -> signal.Signals | None:
    """What asks the server to end; None where it is not there."""
    try:
        if not Path("/proc/self").exists():  # a system that shows no command lines there
            os.kill(pid, 0)
            return signal.SIGTERM
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return next((how for name, how in _NAMES.items() if name in command), None)
    except OSError:
        return None


def end(pid: int) -> None:
    deadline = time.monotonic() + _GRACE
    with contextlib.suppress(ProcessLookupError):
        if (how := signal_of(pid)) is not None:
            os.kill(pid, how)
        while is_server(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        if is_server(pid):
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    with Path(sys.argv[1]).open("w") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        end(int(sys.argv[2]))
    for folder in sys.argv[3:]:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
