"""The server of the tests ends with the last process that uses it, also where that is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ENDS = Path(__file__).with_name("end_server.py")
USES = (
    "import fcntl, sys, time\nfile = open(sys.argv[1], 'w')\nfcntl.flock(file, fcntl.LOCK_SH)\n"
    "print('uses', flush=True)\ntime.sleep(600)"
)


def test_the_last_one_killed_ends_the_server_and_not_the_first(tmp_path: Path) -> None:
    users = tmp_path / "users"
    command = [sys.executable, "-c", "import time; time.sleep(600)", "label-studio"]
    with subprocess.Popen(command) as server:
        using = [
            subprocess.Popen([sys.executable, "-c", USES, str(users)], stdout=subprocess.PIPE)
            for _ in range(2)
        ]
        for one in using:
            assert one.stdout is not None and one.stdout.readline() == b"uses\n"
        ends = subprocess.Popen([sys.executable, str(ENDS), str(users), str(server.pid)])
        using[0].kill()
        using[0].wait()
        assert (server.poll(), ends.poll()) == (None, None)
        using[1].kill()
        assert server.wait(60) < 0
        assert ends.wait(60) == 0
        for one in using:
            one.communicate()
