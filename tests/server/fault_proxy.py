"""A real proxy between themecoder and Label Studio: it counts requests, and makes some fail."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_plus, urlsplit

FAULTS = ("drop", "cut", "delay", "500", "401", "429")
"""drop: closed before it is passed on; cut: passed on, the answer is lost; delay: slow, answered;
the numbers: answered so, not passed on."""
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class FaultProxy:
    """Passes everything on to ``upstream``; ``choose`` (number, method, path) names a fault.

    ``seen`` has method and path of each request, ``sent`` all that it said.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.choose: Callable[[int, str, str], str | None] = lambda *_: None
        self.seen: list[tuple[str, str]] = []
        self.sent: list[bytes] = []
        self.faults: list[str] = []
        self._lock = threading.Lock()
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The requests that could change the server; getting a token is none."""
        return [one for one in self.seen if one[0] != "GET" and "/token/refresh" not in one[1]]

    def fault(self, method: str, path: str) -> str | None:
        with self._lock:
            self.seen.append((method, path))
            found = self.choose(len(self.seen), method, path)
            if found:
                self.faults.append(found)
            return found


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A client that was killed has cut its connection: that is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: FaultProxy

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        said = f"{self.command} {self.path} {unquote_plus(self.path)}\n{self.headers}"
        self.owner.sent.append(said.encode() + body)
        fault = self.owner.fault(self.command, self.path)
        if fault == "drop":
            self._close()
            return
        if fault and fault.isdigit():
            self._send(int(fault), [("content-type", "application/json")], b'{"detail":"fault"}')
            return
        if fault == "delay":
            time.sleep(0.4)
        status, headers, content = self._upstream(body)
        if fault == "cut":
            self._close()
            return
        self._send(status, headers, content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    def _upstream(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        to = self.owner.upstream
        connection = http.client.HTTPConnection(to.hostname or "", to.port or 80, timeout=120)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), content

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        with contextlib.suppress(OSError):
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def _close(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        pass
