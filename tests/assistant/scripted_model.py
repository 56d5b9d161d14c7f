"""A server that speaks OpenAI's protocol on a real socket and does as a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Sent:
    """An answer as it goes over the line: ``body`` in ``pieces`` of so many bytes, of which the
    last is held back until the client has gone where ``endless``; less than it announces where
    ``cut``."""

    body: bytes
    status: int = 200
    cut: bool = False
    endless: bool = False
    headers: tuple[tuple[str, str], ...] = ()


def saying(text: str, finish: str = "stop") -> Sent:
    """A whole answer in which the model says ``text``."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return Sent(json.dumps({"object": "chat.completion", "choices": [choice]}).encode())


Script = Callable[[dict[str, Any], int], Sent]


@dataclass
class ScriptedModel:
    """``script`` answers a request, which it is given with how many there were before.

    ``asked``: the bodies of all requests but the trial's. ``models``: what is there."""

    script: Script
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    models: list[dict[str, Any]] = field(default_factory=lambda: [{"id": "klein-model"}])
    tags: list[dict[str, Any]] | None = None
    gone: threading.Event = field(default_factory=threading.Event)

    def data(self) -> list[dict[str, Any]]:
        """What was sent of people's words, request by request."""
        return [data_of(body) for body in self.asked]


def data_of(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body["messages"][1]["content"])
    return found


def codes_of(body: dict[str, Any]) -> list[str]:
    """The codes that the schema of a request allows."""
    schema = body["response_format"]["json_schema"]["schema"]
    found: list[str] = schema["properties"]["codes"]["items"]["properties"]["code"]["enum"]
    return found


def opinion(*codes: tuple[str, str]) -> Sent:
    """The model gives these codes, each with its words."""
    given = [{"words": words, "reason": "omdat", "code": code} for code, words in codes]
    return saying(json.dumps({"codes": given}))


@contextmanager
def scripted(script: Script) -> Iterator[ScriptedModel]:
    model = ScriptedModel(script)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/v1/models":
                self.send(Sent(json.dumps({"object": "list", "data": model.models}).encode()))
            elif self.path == "/api/tags" and model.tags is not None:
                self.send(Sent(json.dumps({"models": model.tags}).encode()))
            else:
                self.send(Sent(b"{}", 404))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.keys.append(self.headers["Authorization"])
            if body["messages"][1]["content"] == '{"say": "ready"}':
                self.send(saying('{"say": "ready"}'))
                return
            model.asked.append(body)
            self.send(model.script(body, len(model.asked) - 1))

        def send(self, sent: Sent) -> None:
            self.send_response(sent.status)
            for name, value in sent.headers:
                self.send_header(name, value)
            more = 10 if sent.cut or sent.endless else 0
            self.send_header("Content-Length", str(len(sent.body) + more))
            self.end_headers()
            self.wfile.write(sent.body)
            self.wfile.flush()
            if sent.endless:
                model.gone.wait(30)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield model
        finally:
            model.gone.set()
            server.shutdown()
