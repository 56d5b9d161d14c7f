"""The server around the workbench: on this machine only, until it is interrupted."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

import uvicorn

from themecoder.errors import Problem, ServiceError
from themecoder.workbench.app import workbench

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
        self._server = uvicorn.Server(
            uvicorn.Config(
                workbench(root, token, port),
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
        with self._socket:
            self._server.run(sockets=[self._socket])

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
