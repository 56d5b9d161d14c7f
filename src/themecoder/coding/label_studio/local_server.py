"""Our own Label Studio on this machine: loopback only, offline, its data in ``server/``."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import httpx

from themecoder.coding.label_studio import in_server, processes
from themecoder.coding.label_studio.accounts import DOMAIN, OWNER, Accounts
from themecoder.coding.label_studio.in_server.themecoder_gate.routes import ALIVE
from themecoder.coding.label_studio.install import environments, programs
from themecoder.coding.label_studio.postgresql import PGPASS, Postgres, plain_environment
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.storage import atomic as files
from themecoder.storage.access import make_folder, make_private

EXECUTABLE = "THEMECODER_LABEL_STUDIO"
"""Environment variable: the path of label-studio where it has an environment of its own."""
HOST = "127.0.0.1"
INSTALL = "themecoder serve --install"
"""The command that puts Label Studio where ``find_program`` looks."""
_LISTENS = re.compile(r"server at (http://127\.0\.0\.1:\d+)")
_PORT_TAKEN = re.compile(r"port is already in use|Address already in use", re.IGNORECASE)
_PORTS = 5  # so many are tried where another program is quicker
_LAST_LINES = 12
_INSIDE = Path(in_server.__file__).parent
_START = 480.0  # seconds: the first start makes the database
_STOP = 20.0
ELSEWHERE = (
    *("0.0.0.0/2", "64.0.0.0/3", "96.0.0.0/4", "112.0.0.0/5", "120.0.0.0/6", "124.0.0.0/7"),
    *("126.0.0.0/8", "128.0.0.0/1", "::/0"),
)
"""All addresses but 127.0.0.0/8: models and webhooks are asked on this machine (``themecoder
assist``) and on no other. Label Studio's own list has only the private ones, this machine too."""
_QUIET = {
    "COLLECT_ANALYTICS": "False",
    "LATEST_VERSION_CHECK": "False",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LOG_LEVEL": "ERROR",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "DO_NOT_TRACK": "1",
    "USE_DEFAULT_BANNED_SUBNETS": "false",
    "USER_ADDITIONAL_BANNED_SUBNETS": ",".join(ELSEWHERE),
}


@dataclass(frozen=True, slots=True)
class Running:
    """A server of ours that answers. ``fresh``: this call started it."""

    url: str
    pid: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Started:
    """A process of ours that was started: ``url`` is empty until it says where it listens, in its
    log from the byte ``begun`` on."""

    pid: int
    url: str
    begun: int


class LocalServer:
    """The server of one study, with all that belongs to it in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.accounts = Accounts(folder / "accounts.json")
        self._state = folder / "server.json"
        self._log = folder / "server.log"
        self._version = folder / "version.txt"

    @property
    def database(self) -> Path:
        """All that people made on the server; not there where it works with PostgreSQL."""
        return self.folder / "data" / "label_studio.sqlite3"

    @property
    def made_by(self) -> str:
        """The version of Label Studio last started on the database; empty where unknown."""
        try:
            return self._version.read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def alive(self) -> bool:
        """Whether the process of the server is there, whether or not it answers."""
        return self._process() is not None

    def has_no_gate(self) -> bool:
        """Whether the server runs without the gate, as one that an earlier version started."""
        found = self._process()
        return found is not None and bool(found.url) and _gate_status(found.url) == 404

    def running(self) -> Running | None:
        """The server if it runs and answers."""
        found = self._process()
        if found is None or not found.url or not _answers(found.url):
            return None
        return Running(found.url, found.pid, fresh=False)

    def start(
        self,
        port: int = 8080,
        waiting: Callable[[], None] = lambda: None,
        database: Postgres | None = None,
    ) -> Running:
        """The running server, started if need be on ``port`` or the first free one after it, with
        ``database`` or else a file of its own.

        One that is there and does not answer yet is waited for: two of them would write in one
        database. Raises InputError where Label Studio is not installed, ServiceError, with the end
        of its log, where it does not start.
        """
        found = self._process()
        if found is not None:
            pid = found.pid
            url = self._wait(found, lambda: not _is_ours(pid), waiting)
            if url:
                self._remove_passwords()
                return Running(url, found.pid, fresh=False)
            self._give_up(found)
        program = find_program()
        if program is None:
            params = {"command": INSTALL, "variable": EXECUTABLE}
            raise InputError(Problem("server.not_installed", params))
        make_folder(self.folder)
        # before it starts: from then on its database may be changed to fit this version
        files.write_text(self._version, version_of(program) + "\n")
        for _ in range(_PORTS):
            port = _free_port(port)
            passwords = database.password_file() if database else nullcontext()
            with self.accounts.owner_file() as settings, passwords as password_file:
                place = _place_of(database, password_file)
                process, started = self._launch(program, port, settings, place)
                # its command line is still empty for a moment, so it is asked as our child
                url = self._wait(started, partial(_has_ended, process), waiting)
            if url:
                return Running(url, started.pid, fresh=True)
            self._give_up(started)
            if not _PORT_TAKEN.search(self._log_from(started.begun)):
                break
            # somebody else took it between our look and its start
            port += 1
        params = {"log": _last_lines(self._log_from(started.begun))}
        raise ServiceError(Problem("server.not_started", params, file=self._log))

    def _give_up(self, started: _Started) -> None:
        """Forget a process that ended. Raises ServiceError where it is there but mute."""
        ended = not _is_ours(started.pid)
        self.stop()
        if not ended:
            log = _last_lines(self._log_from(started.begun))
            params = {"log": log, "seconds": round(_START)}
            raise ServiceError(Problem("server.too_slow", params, file=self._log))

    def _launch(
        self, program: str, port: int, settings: Path, place: Mapping[str, str]
    ) -> tuple[subprocess.Popen[bytes], _Started]:
        data = (self.folder / "data").absolute()
        make_folder(data)
        make_private(self._log)
        words = [program, "start", "--no-browser", "--internal-host", HOST, "--port", str(port)]
        words += ["--username", OWNER, "--config", str(settings.absolute())]
        environment = {**plain_environment(), **_QUIET, "LABEL_STUDIO_BASE_DATA_DIR": str(data)}
        environment |= place
        environment |= {
            "DJANGO_SETTINGS_MODULE": "themecoder_gate.settings",
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(_INSIDE), environment.get("PYTHONPATH")))
            ),
            "THEMECODER_OWNER": OWNER,
            "THEMECODER_DOMAIN": DOMAIN,
        }
        with self._log.open("ab") as log:
            begun = log.tell()
            process = processes.begin(
                words,
                lambda pid: self._keep(_Started(pid, "", begun)),
                env=environment,
                cwd=data,
                stdout=log,
                stderr=subprocess.STDOUT,
                umask=0o077,  # its database holds the coding; Windows has no such thing
            )
        return process, _Started(process.pid, "", begun)

    def _wait(
        self, started: _Started, ended: Callable[[], bool], waiting: Callable[[], None]
    ) -> str:
        """The address at which the process answers; empty where it ended, or takes too long."""
        deadline = time.monotonic() + _START
        while not ended() and time.monotonic() < deadline:
            # a port that was taken meanwhile is left for another without a word: only the log knows
            announced = _LISTENS.findall(self._log_from(started.begun))
            if announced and _answers(announced[-1]):
                url = str(announced[-1])
                self._keep(_Started(started.pid, url, started.begun))
                return url
            waiting()
            time.sleep(0.3)
        return ""

    def _process(self) -> _Started | None:
        """What was started and is still there."""
        try:
            kept = json.loads(self._state.read_text(encoding="utf-8"))
            # earlier versions did not keep where the log of a start begins
            found = _Started(int(kept["pid"]), str(kept["url"]), int(kept.get("begun", 0)))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if _is_ours(found.pid) else None

    def _keep(self, started: _Started) -> None:
        files.write_text(self._state, json.dumps(asdict(started)) + "\n")

    def _remove_passwords(self) -> None:
        """What a server that has started needs no longer, where who started it was killed."""
        self.accounts.remove_owner_file()
        (self.folder / PGPASS).unlink(missing_ok=True)

    def _log_from(self, begun: int) -> str:
        try:
            with self._log.open("rb") as log:
                log.seek(begun)
                return log.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def stop(self) -> bool:
        """Stop the server; False where none runs. What coders saved is on disk by then."""
        found = self._process()
        if found is not None:
            processes.end(found.pid)
            _wait_for_end(found.pid)
            if _is_ours(found.pid):
                processes.kill(found.pid)
                _wait_for_end(found.pid)
        self._remove_passwords()
        self._state.unlink(missing_ok=True)
        return found is not None


def find_program() -> str | None:
    """Label Studio as the environment names it, beside this Python, in an environment of its
    own (``install.py``), or on the path; None where there is none."""
    named = os.environ.get(EXECUTABLE)
    if named:
        return named if Path(named).is_file() else None
    places = [Path(sys.executable).parent, *map(programs, environments())]
    near = os.pathsep.join(map(str, places))
    return shutil.which("label-studio", path=near) or shutil.which("label-studio")


def version_of(program: str) -> str:
    """The version of the Label Studio that the program belongs to; empty where it can't be told."""
    environment = Path(program).resolve().parent.parent
    places = ("lib/python*/site-packages", "Lib/site-packages")
    found = {
        info.name.removeprefix("label_studio-").removesuffix(".dist-info")
        for place in places
        for info in environment.glob(f"{place}/label_studio-*.dist-info")
    }
    return found.pop() if len(found) == 1 else ""


def _place_of(database: Postgres | None, password_file: Path | None) -> dict[str, str]:
    """What the process of the server is told of its database; the password stands in the file, and
    is read once."""
    if database is None:
        return {"DJANGO_DB": "sqlite"}
    address = database.address
    place = {
        "HOST": address.host,
        "PORT": address.port,
        "NAME": address.name,
        "USER": address.user,
        "OPTIONS": database.options(),
    }
    told = {"DJANGO_DB": "default", "THEMECODER_DATABASE": json.dumps(place)}
    return told | ({"THEMECODER_PGPASS": str(password_file)} if password_file else {})


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
    return _gate_status(url) == 200


def _gate_status(url: str) -> int | None:
    """What the server says of its gate: 200, or 404 where it has none; None where it is mute."""
    try:
        return httpx.get(f"{url}{ALIVE}", timeout=5, trust_env=False).status_code
    except httpx.HTTPError:
        return None


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None


def _last_lines(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-_LAST_LINES:]) or "    -"


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + _STOP
    while _is_ours(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def _is_ours(pid: int) -> bool:
    """Whether the process is there and is Label Studio: a number is used again after a restart."""
    return "label-studio" in processes.command_of(pid)
