"""Commands that are killed on the way, each in a process of its own.

They are forked from one that has imported what a push and a pull need, so that they are at work
at once: of a new interpreter's first second a kill would only ever hit the imports.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import IO

TOKEN = "THEMECODER_TOKEN"
_LONGEST = 120.0


def run_killed(words: Sequence[str], token: str, running: Callable[[], bool], late: float) -> None:
    """Run the command ``words`` as long as ``running``, and ``late`` seconds more; then SIGKILL."""
    to, back = _forks()
    to.write(json.dumps([*words, token]) + "\n")
    to.flush()
    process = int(back.readline())
    deadline = time.monotonic() + _LONGEST
    ended = False
    while not ended and running() and time.monotonic() < deadline:
        ended = _says_something(back, 0.002)
    if not ended:
        _says_something(back, late)
        os.kill(process, signal.SIGKILL)
    back.readline()


def _says_something(back: IO[str], seconds: float) -> bool:
    return bool(select.select([back], [], [], seconds)[0])


@cache
def _forks() -> tuple[IO[str], IO[str]]:
    """The process that commands are forked from; it ends with this one, when its input does."""
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    return process.stdin, process.stdout


def _serve() -> None:
    """Fork a command for each line; say its number, and again when it has ended."""
    import label_studio_sdk.annotations.client
    import label_studio_sdk.base_client
    import label_studio_sdk.label_interface.interface
    import label_studio_sdk.projects.client
    import label_studio_sdk.tasks.client
    import label_studio_sdk.views.client  # noqa: F401

    import themecoder.coding.label_studio.pull
    import themecoder.coding.label_studio.push  # noqa: F401
    from themecoder.cli import main

    before = 0
    while line := sys.stdin.readline():
        if before:
            # only now: till then nothing else gets the number that may be killed
            os.waitpid(before, 0)
        *words, token = json.loads(line)
        process = os.fork()
        if process == 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            for place in range(3):
                os.dup2(nothing, place)
            os.environ[TOKEN] = token
            sys.argv = ["themecoder", *words]
            main()
        print(process, flush=True)  # noqa: T201
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        print("ended", flush=True)  # noqa: T201
        before = process


if __name__ == "__main__":
    _serve()
