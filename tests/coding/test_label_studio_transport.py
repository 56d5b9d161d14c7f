"""The rule below the SDK, against a real HTTP server that fails as it is told."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.transport import RefusedError, UnclearError
from themecoder.errors import InputError, ServiceError

JSON = "application/json"


class FailingSite:
    """Answers what ``answers`` holds, in turn: (status, content), or None: cut without an answer.

    When there are none left it is an empty project or list of projects.
    """

    def __init__(self) -> None:
        self.answers: list[tuple[int, str] | None] = []
        self.tokens: list[tuple[int, str]] = []
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.path.endswith("/api/token/refresh/"):
                    site.seen.append((self.command, self.path, {}))
                    default = (200, json.dumps({"access": f"access{len(site.seen)}"}))
                    self.give(*(site.tokens.pop(0) if site.tokens else default))
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.seen.append((self.command, self.path, headers))
                empty = {"id": 1, "count": 0, "next": None, "results": []}
                found = site.answers.pop(0) if site.answers else (200, json.dumps(empty))
                if found is not None:
                    self.give(*found)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

            def give(self, status: int, content: str) -> None:
                self.send_response(status)
                kind = "text/html" if content.startswith("<") else JSON
                self.send_header("content-type", kind)
                if content == "no gzip":
                    self.send_header("content-encoding", "gzip")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def methods(self) -> list[str]:
        return [method for method, path, _ in self.seen if "/token/" not in path]


@pytest.fixture
def site() -> Iterator[FailingSite]:
    found = FailingSite()
    yield found
    found.server.shutdown()
    found.server.server_close()


def client(site: FailingSite, path: str = "") -> Client:
    return Client(site.url + path, "token", pause=0.001)


FAILURES = [
    None,
    (500, "{}"),
    (502, "<html>"),
    (200, "<html>"),
    (200, "null"),
    (200, ""),
    (200, "no gzip"),
]


@pytest.mark.parametrize("failure", FAILURES)
def test_reading_is_repeated(site: FailingSite, failure: tuple[int, str] | None) -> None:
    site.answers = [failure, failure]
    assert client(site).projects.list().items == []
    assert site.methods == ["GET"] * 3


@pytest.mark.parametrize("failure", FAILURES)
def test_a_write_that_may_have_happened_is_sent_once(
    site: FailingSite, failure: tuple[int, str] | None
) -> None:
    site.answers = [failure]
    with pytest.raises(UnclearError):
        client(site).projects.create(title="een")
    assert site.methods == ["POST"]


@pytest.mark.parametrize("status", [401, 429])
def test_a_write_that_was_turned_away_is_sent_again(site: FailingSite, status: int) -> None:
    site.answers = [(status, "{}")]
    assert client(site).projects.create(title="een").id == 1
    assert site.methods == ["POST", "POST"]
    used = [headers["authorization"] for _, path, headers in site.seen if "/token/" not in path]
    assert (used[0] == used[1]) == (status == 429), "after a 401 with a new access token"


def test_a_write_that_is_refused_is_over(site: FailingSite) -> None:
    site.answers = [(400, json.dumps({"validation_errors": {"title": "te kort"}}))]
    with pytest.raises(RefusedError) as caught:
        client(site).projects.create(title="e")
    assert (caught.value.status, "te kort" in caught.value.detail) == (400, True)
    # 409 is one that the SDK itself would send again
    site.answers = [(409, "{}")]
    with pytest.raises(RefusedError):
        client(site).projects.create(title="een")
    assert site.methods == ["POST", "POST"]


def test_deleting_needs_no_content(site: FailingSite) -> None:
    site.answers = [(204, "")]
    client(site).tasks.delete(id="3")
    assert site.methods == ["DELETE"]


def test_a_sign_in_that_fails_is_no_write(site: FailingSite) -> None:
    site.tokens = [(500, "{}"), (200, "half{")]
    assert client(site).projects.create(title="een").id == 1
    assert site.methods == ["POST"]


@pytest.mark.parametrize(
    ("token", "key"),
    [
        ((401, "{}"), "server.token"),
        ((200, "[]"), "server.token"),
        ((404, "{}"), "server.other"),
        ((200, "<html>"), "server.other"),
    ],
)
def test_what_is_wrong_with_a_sign_in_is_told(
    site: FailingSite, token: tuple[int, str], key: str
) -> None:
    site.tokens = [token]
    with pytest.raises(ServiceError) as caught:
        client(site).version()
    assert [problem.key for problem in caught.value.problems] == [key]


@pytest.mark.parametrize(("status", "key"), [(401, "server.token"), (500, "server.unreachable")])
def test_reading_is_given_up_in_the_end(site: FailingSite, status: int, key: str) -> None:
    site.answers = [(status, "{}")] * 20
    with pytest.raises(ServiceError) as caught:
        client(site).users.list()
    assert [problem.key for problem in caught.value.problems] == [key]
    assert len(site.methods) == 6


def test_a_server_without_a_version_is_no_label_studio(site: FailingSite) -> None:
    with pytest.raises(ServiceError) as caught:
        client(site).version()
    assert [problem.key for problem in caught.value.problems] == ["server.other"]


def test_a_server_below_a_path_is_signed_in_to_there(site: FailingSite) -> None:
    client(site, "/label").projects.list()
    assert [path.split("?")[0] for _, path, _ in site.seen] == [
        "/label/api/token/refresh/",
        "/label/api/projects/",
    ]


def test_nothing_is_told_of_this_machine(site: FailingSite) -> None:
    client(site).projects.list()
    assert not [name for _, _, headers in site.seen for name in headers if "fern" in name]


def test_an_address_that_cannot_be_one() -> None:
    with pytest.raises(InputError) as caught:
        Client("http://localhost:poort", "token")
    assert [problem.key for problem in caught.value.problems] == ["server.bad_url"]


def test_nothing_but_a_call_of_it_loads_the_sdk() -> None:
    code = """
import sys
import themecoder.cli, themecoder.coding.command
import themecoder.coding.label_studio.project
from themecoder.coding.label_studio.client import Client
client = Client("http://localhost:8080", "token")
assert "label_studio_sdk" not in sys.modules
client.projects, client.tasks, client.views, client.users, client.annotations
assert "label_studio_sdk" in sys.modules
assert "label_studio_sdk.label_interface" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
