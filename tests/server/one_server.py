"""One Label Studio for all workers of a run: the first that asks starts it, the last ends it.

Every process that uses the server holds a shared lock on a file. The system lets go of it when the
process ends, also when it is killed. A process beside the tests waits until the file can be locked
by it alone, which is when nobody uses the server any more, and then ends the server.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from real_server import Server, started

from themecoder.coding.label_studio.connect import embedded
from themecoder.study import Study

_ENDS = Path(__file__).with_name("end_server.py")


@contextmanager
def shared_server(folder: Path) -> Iterator[Server]:
    """The server of all who ask with this ``folder``."""
    folder.mkdir(exist_ok=True)
    host, users = folder / "host", folder / "users"
    with users.open("w") as using:
        fcntl.flock(using, fcntl.LOCK_SH)
        with FileLock(folder / "starting.lock"):
            before = _pid(host)
            found = started(host)
            pid = _pid(host)
            if pid is not None and pid != before:
                _watch(users, pid)
        yield found


def _pid(host: Path) -> int | None:
    """The process of the server of ``host``, where one runs."""
    if not (host / "study.toml").is_file():
        return None
    running = embedded(Study.open(host)).running()
    return running.pid if running else None


def _watch(users: Path, pid: int) -> None:
    subprocess.Popen(
        [sys.executable, str(_ENDS), str(users), str(pid)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
