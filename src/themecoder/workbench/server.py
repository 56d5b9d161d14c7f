"""The server around the workbench: on this machine only, until it is interrupted."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread

import uvicorn

from themecoder.errors import Problem, ServiceError, ThemecoderError
from themecoder.workbench.app import workbench
from themecoder.workbench.site import Site

HOST = "127.0.0.1"
_PORTS = 50


class Workbench:
    """The workbench of the study in ``root``, at ``url``, which carries the token that lets in.

    ``port`` or the first free one after it; 0 is any. Raises ServiceError where none is free.
    """

    def __init__(self, root: Path, port: int = 0) -> None:
        self._socket = _first_free(port)
        port = int(self._socket.getsockname()[1])
        token = secrets.token_urlsafe(24)
        self.url = f"http://{HOST}:{port}/?token={token}"
        self._app = workbench(root, token, port)
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._app,
                # what is asked for may hold words of answers: nothing of it is logged
                access_log=False,
                log_level="critical",
                lifespan="off",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )

    def run(self) -> None:
        """Answer until interrupted."""
        # who opens the first page does not wait for what was read meanwhile
        Thread(target=self._read_ahead, daemon=True).start()
        try:
            with self._socket:
                self._server.run(sockets=[self._socket])
        finally:
            self.site.beside.end()

    @property
    def site(self) -> Site:
        """What its pages share."""
        site: Site = self._app.state.site
        return site

    @property
    def busy(self) -> bool:
        """Whether a long job runs."""
        return self.site.jobs.running

    def _read_ahead(self) -> None:
        site = self.site
        with suppress(ThemecoderError, OSError):  # the page tells
            if site.begun:
                site.study().overview()
            site.next_step()

    def stop(self) -> None:
        """End ``run``, from another thread."""
        self._server.should_exit = True


def _first_free(port: int) -> socket.socket:
    for candidate in range(port, min(port + _PORTS, 65536)) if port else (0,):
        listening = socket.socket()
        try:
            listening.bind((HOST, candidate))
        except OSError:
            listening.close()
            continue
        # who asks before the server runs waits instead of being turned away
        listening.listen()
        return listening
    raise ServiceError(Problem("server.no_port", {"port": port}))
