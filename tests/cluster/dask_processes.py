"""Schedulers and workers of dask as processes of their own, and a network that can be cut."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from taken_away import SRC

HERE = Path(__file__).parent
CALM = ("--no-dashboard",)
IN_MEMORY = ("--no-nanny", "--nthreads", "1", "--memory-limit", "0")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


class DaskProcesses:
    """What is started here ends with the block, also where it fails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        self.log = folder / "dask.log"

    def __enter__(self) -> DaskProcesses:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            self.kill(process)

    def scheduler(self, port: int, *options: str, tls: bool = False) -> subprocess.Popen[bytes]:
        """Ready when this returns."""
        protocol = "tls" if tls else "tcp"
        address = f"{protocol}://127.0.0.1:{port}"
        process = self._start("scheduler", "--host", address, *CALM, *options, path=(SRC, HERE))
        until(lambda: _answers(port))
        return process

    def worker(
        self,
        address: str,
        *given: str,
        options: Sequence[str] = ("--host", "127.0.0.1"),
        memory: Sequence[str] = IN_MEMORY,
        path: Sequence[Path | str] = (SRC, HERE),
    ) -> subprocess.Popen[bytes]:
        place = ("--local-directory", str(self._folder / "workers"))
        words = (*memory, *CALM, *place, *options, *given)
        return self._start("worker", address, *words, path=path)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """As the system does it when memory is out: nothing is said."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def _start(
        self, what: str, *words: str, path: Sequence[Path | str] = ()
    ) -> subprocess.Popen[bytes]:
        before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        paths = [str(one) for one in path] + [one for one in before if one and one != SRC]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", what, *words],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process


def until(true: object, seconds: float = 30) -> None:
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


class Network:
    """A way to a port of this machine that can be cut; ``seen`` are the bytes that went through."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._whole = True
        self._flows = threading.Event()
        self._flows.set()
        self.seen = bytearray()
        self._pairs: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Network:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._flows.set()
        self._server.close()

    def cut(self) -> None:
        """Connections end, and no new one is let through."""
        self._whole = False
        for one in self._pairs:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._pairs.clear()

    def stall(self) -> None:
        """Nothing comes through, and nothing says so."""
        self._flows.clear()

    def mend(self) -> None:
        self._whole = True
        self._flows.set()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            try:
                if not self._whole:
                    raise ConnectionRefusedError
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue
            self._pairs += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flows.wait()
                self.seen += data
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
