"""Commands in a process from which something is taken away: packages, or what only POSIX has."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SRC = str(Path(__file__).parents[1] / "src")

_PACKAGES = """
import importlib.metadata, importlib.util, sys
absent = {absent!r}
version, find_spec = importlib.metadata.version, importlib.util.find_spec
def version_but(name):
    if name in absent:
        raise importlib.metadata.PackageNotFoundError(name)
    return version(name)
def find_spec_but(name, package=None):
    return None if name in absent else find_spec(name, package)
importlib.metadata.version, importlib.util.find_spec = version_but, find_spec_but
sys.modules.update(dict.fromkeys(absent))
"""

_POSIX = """
import os, platform, signal, shutil, subprocess, sys, types
# these are Python's own, and go on with what their system has
for module in (platform, shutil, subprocess):
    module.os = types.ModuleType("os")
    module.os.__dict__.update(vars(os))
only_posix = {{
    os: ["WNOHANG", "fork", "forkpty", "geteuid", "getuid", "getgid", "getegid", "getpgid",
         "killpg", "setsid", "setuid", "chown", "lchown", "fchmod", "fchown", "uname", "getloadavg",
         "statvfs", "sysconf", "mkfifo", "nice", "sched_getaffinity", "wait", "wait3", "wait4"],
    signal: ["SIGKILL", "SIGALRM", "SIGHUP", "SIGCHLD", "SIGUSR1", "alarm",
             "setitimer", "pause"],
}}
{libraries}
for name in [name for name in sys.modules if name.startswith("filelock")]:
    # on Windows it is another module of filelock that locks
    if hasattr(sys.modules[name], "os"):
        sys.modules[name].os = subprocess.os
for module, names in only_posix.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
for name in ("fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "syslog"):
    sys.modules[name] = None
"""
_LIBRARIES = "import pandas, sklearn, scipy, torch, spacy, filelock, rich, typer, multiprocessing"
"""Loaded before: each looks by itself what its system has, and it is ours that are tested."""

_MAIN = """
import sys
sys.argv = ["themecoder", *{words!r}]
from themecoder.cli import main
main()
"""


def without_packages(
    absent: Sequence[str], *words: str, script: str = ""
) -> subprocess.CompletedProcess[str]:
    """A command, or a script, as if the packages and modules ``absent`` were not installed."""
    return _run(_PACKAGES.format(absent=absent) + (script or _MAIN.format(words=words)))


def without_posix(*words: str, script: str = "") -> subprocess.CompletedProcess[str]:
    """A command, or a script, in a process without what only POSIX systems have."""
    return _run(_POSIX.format(libraries=_LIBRARIES) + (script or _MAIN.format(words=words)))


def _run(text: str) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, with the sources that are tested."""
    path = os.pathsep.join(filter(None, (SRC, os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )
