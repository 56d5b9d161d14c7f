"""Processes on Linux, macOS and Windows: begun apart from ours, recognised, ended.

Only what every system has is called without asking for it: names such as ``os.WNOHANG`` and
``signal.SIGKILL`` are not there on Windows, and neither is ``ps``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_AT_A_WORD = """
import os, subprocess, sys
if not os.read(0, 1):
    sys.exit()  # who began this was killed
if sys.platform == "win32":
    sys.exit(subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL))
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Waits for a byte, then is the program that the words behind it name."""


def begin(
    words: Sequence[str], keep: Callable[[int], None], **options: Any
) -> subprocess.Popen[bytes]:
    """A process that lives on when ours ends, and does nothing before ``keep`` kept its number.

    So it is known whenever ours is killed. ``options`` are those of ``Popen``.
    """
    waiting = [sys.executable, "-I", "-S", "-c", _AT_A_WORD, *words]
    process = subprocess.Popen(waiting, stdin=subprocess.PIPE, **options, **of_its_own())
    assert process.stdin is not None
    keep(process.pid)
    with contextlib.suppress(OSError), process.stdin as word:
        word.write(b"1")
    return process


def of_its_own() -> dict[str, Any]:
    """What ``Popen`` takes for a process that lives on when ours ends or is interrupted."""
    if sys.platform == "win32":
        flags = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
        return {"creationflags": sum(getattr(subprocess, flag, 0) for flag in flags)}
    return {"start_new_session": True}


def command_of(pid: int) -> str:
    """The command that a process was begun with; empty where there is none, or it has ended."""
    _forget_if_ended(pid)
    if Path("/proc/self").exists():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return command.decode("utf-8", "replace").replace("\0", " ")
    if sys.platform == "win32":
        query = f'(Get-CimInstance Win32_Process -Filter "ProcessId={pid}").CommandLine'
        words = ["powershell", "-NoProfile", "-NonInteractive", "-Command", query]
    else:
        words = ["ps", "-p", str(pid), "-o", "command="]
    try:
        found = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return found.stdout.strip()


def end(pid: int) -> None:
    """Ask a process to end. Windows can't ask, and ends it with those that it began."""
    if sys.platform == "win32":
        kill(pid)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def kill(pid: int) -> None:
    if sys.platform == "win32":
        words = ["taskkill", "/PID", str(pid), "/T", "/F"]
        with contextlib.suppress(OSError):
            subprocess.run(words, capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _forget_if_ended(pid: int) -> None:
    """A child that has ended stays in the table of processes until it is asked for."""
    at_once = getattr(os, "WNOHANG", None)
    if at_once is not None:
        with contextlib.suppress(OSError):
            os.waitpid(pid, at_once)
