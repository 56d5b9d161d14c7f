"""Our own Label Studio on this machine: loopback only, offline, its data below ``.themecoder/``."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from themecoder.coding.label_studio.accounts import OWNER, Accounts
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.storage import atomic as files

EXECUTABLE = "THEMECODER_LABEL_STUDIO"
"""Environment variable: the path of label-studio where it has an environment of its own."""
HOST = "127.0.0.1"
_OWN = Path(sys.prefix).with_name(".venv-server")
_LISTENS = re.compile(rb"server at (http://127\.0\.0\.1:\d+)")
_START = 480.0  # seconds: the first start makes the database
_STOP = 20.0
_QUIET = {
    "COLLECT_ANALYTICS": "False",
    "LATEST_VERSION_CHECK": "False",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LOG_LEVEL": "ERROR",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "DO_NOT_TRACK": "1",
}


@dataclass(frozen=True, slots=True)
class Running:
    """A server of ours that answers. ``fresh``: this call started it."""

    url: str
    pid: int
    fresh: bool


class LocalServer:
    """The server of one study; ``folder`` is its place below ``.themecoder/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.accounts = Accounts(folder / "accounts.json")
        self._state = folder / "server.json"
        self._log = folder / "server.log"

    def running(self) -> Running | None:
        """The server if it runs and answers."""
        try:
            kept = json.loads(self._state.read_text(encoding="utf-8"))
            found = Running(str(kept["url"]), int(kept["pid"]), fresh=False)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if found.url and _is_ours(found.pid) and _answers(found.url) else None

    def start(self, port: int = 8080, waiting: Callable[[], None] = lambda: None) -> Running:
        """The running server, started if need be on ``port`` or the first free one after it.

        Raises InputError where Label Studio is not installed, ServiceError where it does not start.
        """
        found = self.running()
        if found is not None:
            return found
        program = find_program()
        if program is None:
            params = {"command": install_command(), "variable": EXECUTABLE}
            raise InputError(Problem("server.not_installed", params))
        wished = _free_port(port)
        data = (self.folder / "data").absolute()
        data.mkdir(parents=True, exist_ok=True)
        words = [
            program,
            "start",
            "--no-browser",
            "--internal-host",
            HOST,
            "--port",
            str(wished),
            "--username",
            OWNER,
            "--password",
            self.accounts.password(OWNER),
        ]
        environment = {**os.environ, **_QUIET, "LABEL_STUDIO_BASE_DATA_DIR": str(data)}
        with self._log.open("ab") as log:
            begun = log.tell()
            process = subprocess.Popen(
                words,
                env=environment,
                cwd=data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._keep(process.pid, "")
        deadline = time.monotonic() + _START
        while process.poll() is None and time.monotonic() < deadline:
            # a port that was taken meanwhile is left for another without a word: only the log knows
            url = self._announced(begun)
            if url and _answers(url):
                self._keep(process.pid, url)
                return Running(url, process.pid, fresh=True)
            waiting()
            time.sleep(0.3)
        self.stop()
        raise ServiceError(Problem("server.not_started", file=self._log))

    def _keep(self, pid: int, url: str) -> None:
        files.write_text(self._state, json.dumps({"pid": pid, "url": url}) + "\n")

    def _announced(self, begun: int) -> str:
        """The address that the server says it listens at, in its log from ``begun`` on."""
        with self._log.open("rb") as log:
            log.seek(begun)
            found = _LISTENS.findall(log.read())
        return found[-1].decode() if found else ""

    def stop(self) -> bool:
        """Stop the server; False where none runs. What coders saved is on disk by then."""
        try:
            pid = int(json.loads(self._state.read_text(encoding="utf-8"))["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        was = _is_ours(pid)
        if was:
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + _STOP
            while _is_ours(pid) and time.monotonic() < deadline:
                _reap(pid)
                time.sleep(0.05)
            if _is_ours(pid):
                os.kill(pid, signal.SIGKILL)
        self._state.unlink(missing_ok=True)
        return was


def find_program() -> str | None:
    """Label Studio as the environment names it, beside this Python, in ``.venv-server`` beside
    this Python's environment, or on the path; None where there is none."""
    named = os.environ.get(EXECUTABLE)
    if named:
        return named if Path(named).is_file() else None
    places = [Path(sys.executable).parent, _OWN / "bin", _OWN / "Scripts"]
    near = os.pathsep.join(map(str, places))
    return shutil.which("label-studio", path=near) or shutil.which("label-studio")


def install_command() -> str:
    """The command that puts Label Studio where ``find_program`` looks. An environment of its own:
    it holds back versions of packages that themecoder uses."""
    return f"{sys.executable} -m venv {_OWN} && {_OWN}/bin/pip install 'label-studio>=1.20,<1.24'"


def _free_port(port: int) -> int:
    for candidate in range(port, min(port + 200, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            return candidate
    raise ServiceError(Problem("server.no_port", {"port": port}))


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _is_ours(pid: int) -> bool:
    """Whether the process is there and is Label Studio: a number is used again after a restart."""
    _reap(pid)
    command = Path(f"/proc/{pid}/cmdline")
    if command.parent.parent.is_dir() and Path("/proc/self").exists():
        try:
            return b"label-studio" in command.read_bytes()
        except OSError:
            return False
    found = subprocess.run(
        ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return "label-studio" in found.stdout


def _reap(pid: int) -> None:
    """A child that has ended stays in the table of processes until it is asked for."""
    with contextlib.suppress(OSError):
        os.waitpid(pid, os.WNOHANG)
