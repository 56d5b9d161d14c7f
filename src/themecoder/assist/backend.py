"""Label Studio's protocol for models, spoken on this machine only and to who knows the secret.

What is asked and answered is as Label Studio 1.23 asks it (``ml/api_connector.py`` there). Texts
of tasks and tokens that come along are neither kept nor logged.
"""

from __future__ import annotations

import base64
import hmac
import json
import socket
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from themecoder.errors import Problem, ServiceError

HOST = "127.0.0.1"
USER = "themecoder"
WEBHOOK = "/webhook"
_LONGEST = 64_000_000
"""Bytes of a request: some ten thousand tasks."""
_IDLE = 60.0
"""Seconds after which a connection over which nothing is asked is closed."""
_PORTS = 50
_MODEL_CLASS = "themecoder"

Predict = Callable[[Mapping[str, Any]], list[dict[str, Any]]]


class Backend:
    """A server at ``url`` for the time of a ``with`` block.

    ``version`` is asked for before suggestions are, and says which they would be; ``predict`` gives
    the predictions for a task; ``nudge`` is called where something may have been coded.
    """

    def __init__(
        self,
        secret: str,
        version: Callable[[], str],
        predict: Predict,
        nudge: Callable[[], None],
        port: int = 0,
    ) -> None:
        self.authorization = _authorization(secret)
        self.version, self.predict, self.nudge = version, predict, nudge
        backend = self

        class Handler(_Handler):
            owner = backend

        self._server = _first_free(port, Handler)
        self.url = f"http://{HOST}:{self._server.server_address[1]}"

    def __enter__(self) -> Backend:
        Thread(target=self._server.serve_forever, name="backend", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, body: object) -> tuple[HTTPStatus, object]:
        """What is answered to a request whose sender knows the secret."""
        routes = {
            ("GET", "/"): self._health,
            ("GET", "/health"): self._health,
            ("GET", "/versions"): self._versions,
            ("POST", "/setup"): self._setup,
            ("POST", "/predict"): self._predict,
            ("POST", "/train"): self._train,
            ("POST", WEBHOOK): self._train,
        }
        route = routes.get((method, path.partition("?")[0].rstrip("/") or "/"))
        if route is None:
            return HTTPStatus.NOT_FOUND, {"error": "no such request"}
        return route(body)

    def _health(self, _: object) -> tuple[HTTPStatus, object]:
        return HTTPStatus.OK, {"status": "UP", "model_class": _MODEL_CLASS}

    def _versions(self, _: object) -> tuple[HTTPStatus, object]:
        return HTTPStatus.OK, {"versions": [self.version()]}

    def _setup(self, _: object) -> tuple[HTTPStatus, object]:
        return HTTPStatus.OK, {"model_version": self.version()}

    def _predict(self, body: object) -> tuple[HTTPStatus, object]:
        tasks = body.get("tasks") if isinstance(body, dict) else None
        if not isinstance(tasks, list) or not all(isinstance(one, dict) for one in tasks):
            return HTTPStatus.BAD_REQUEST, {"error": "tasks: a list of tasks is expected"}
        # one list for each task, in their order: Label Studio counts them
        return HTTPStatus.OK, {"results": [self.predict(task) for task in tasks]}

    def _train(self, _: object) -> tuple[HTTPStatus, object]:
        # what is in the request is not looked at: the server is asked what is coded
        self.nudge()
        return HTTPStatus.CREATED, {"status": "ok"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """One who asks and goes away is no concern of ours, and a traceback might hold a text."""

    def server_bind(self) -> None:
        # the name of the host is not looked up, as the base class would: that may ask a network
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE
    owner: Backend

    def _asked(self) -> None:
        length = self.headers.get("content-length", "0" if self.command == "GET" else "")
        if not length.isascii() or not length.isdigit():
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > _LONGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif not self._knows_secret():
            self._refuse(HTTPStatus.UNAUTHORIZED)
        else:
            try:
                body = json.loads(self.rfile.read(int(length)) or b"{}")
            except ValueError:
                self._send(HTTPStatus.BAD_REQUEST, {"error": "no JSON"})
            else:
                self._send(*self.owner.answer(self.command, self.path, body))

    do_GET = do_POST = _asked

    def _knows_secret(self) -> bool:
        said = self.headers.get("authorization", "")
        return hmac.compare_digest(said.encode(), self.owner.authorization.encode())

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer without having read what was sent, after which nothing more can be read."""
        self.close_connection = True
        self._send(status, {"error": status.phrase})

    def _send(self, status: HTTPStatus, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        if status is HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", 'Basic realm="themecoder"')
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def version_string(self) -> str:
        return USER

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


def _authorization(secret: str) -> str:
    return "Basic " + base64.b64encode(f"{USER}:{secret}".encode()).decode()


def _first_free(port: int, handler: type[_Handler]) -> _Server:
    """A server on ``port`` or the first free one after it; 0 is any."""
    for candidate in range(port, min(port + _PORTS, 65536)) if port else (0,):
        try:
            return _Server((HOST, candidate), handler)
        except OSError:
            continue
    raise ServiceError(Problem("server.no_port", {"port": port}))
