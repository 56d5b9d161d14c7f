"""Label Studio's protocol for models, over real HTTP."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from themecoder.assist.backend import USER, Backend

SECRET = "geheim"
TASKS = [{"id": 1, "data": {"text": "a"}}, {"id": 2, "data": {"text": "blind"}}]


@dataclass
class Asked:
    """What the backend asks of its owner: each task but a blind one gets a prediction."""

    nudges: int = 0
    tasks: list[Mapping[str, Any]] = field(default_factory=list)

    def nudge(self) -> None:
        self.nudges += 1

    def predict(self, task: Mapping[str, Any]) -> list[dict[str, Any]]:
        self.tasks.append(task)
        if task["data"]["text"] == "kapot":
            raise ValueError(task["data"]["text"])
        blind = task["data"]["text"] == "blind"
        return [] if blind else [{"result": [], "score": 0.5, "model_version": "v 1"}]


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def backend(asked: Asked) -> Iterator[Backend]:
    with Backend(SECRET, lambda: "v 1", asked.predict, asked.nudge) as found:
        yield found


@pytest.fixture
def label_studio(backend: Backend) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=backend.url, auth=(USER, SECRET), timeout=10) as found:
        yield found


def test_what_label_studio_asks_is_answered_in_its_shape(
    label_studio: httpx.Client, asked: Asked
) -> None:
    health = label_studio.get("/health")
    assert (health.status_code, health.json()["status"]) == (200, "UP")
    asked_for = {"project": "1.1700000000", "schema": "<View/>", "hostname": "h"}
    setup = label_studio.post("/setup", json={**asked_for, "access_token": "t"})
    assert setup.json() == {"model_version": "v 1"}
    assert label_studio.request("GET", "/versions", json=asked_for).json() == {"versions": ["v 1"]}
    request = {"tasks": TASKS, "project": "1.1", "label_config": "<View/>", "params": {}}
    found = label_studio.post("/predict", json=request)
    # as many as there are tasks, or Label Studio would ask for each again
    assert found.json()["results"] == [
        [{"result": [], "score": 0.5, "model_version": "v 1"}],
        [],
    ]
    assert asked.tasks == TASKS


@pytest.mark.parametrize("path", ["/train", "/webhook", "/webhook/"])
def test_what_says_that_something_was_coded_only_makes_it_look(
    path: str, label_studio: httpx.Client, asked: Asked
) -> None:
    body = {"action": "ANNOTATION_CREATED", "annotation": {"result": "not looked at"}}
    assert label_studio.post(path, json=body).status_code == 201
    assert (asked.nudges, asked.tasks) == (1, [])


@pytest.mark.parametrize("auth", [None, (USER, "ander"), ("ander", SECRET), (USER, "")])
@pytest.mark.parametrize("path", ["/", "/health", "/setup", "/predict", "/train", "/webhook"])
def test_who_does_not_know_the_secret_is_told_nothing(
    path: str, auth: tuple[str, str] | None, backend: Backend, asked: Asked
) -> None:
    method = "GET" if path in ("/", "/health") else "POST"
    answer = httpx.request(method, f"{backend.url}{path}", json={"tasks": TASKS}, auth=auth)
    assert answer.status_code == 401
    assert answer.json() == {"error": "Unauthorized"}
    assert (asked.nudges, asked.tasks) == (0, [])


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/predict", b"{", 400),
        ("POST", "/predict", b"", 400),
        ("POST", "/predict", b'{"tasks": {"id": 1}}', 400),
        ("POST", "/predict", b'{"tasks": [1]}', 400),
        ("POST", "/predict", b"[]", 400),
        ("GET", "/predict", None, 404),
        ("POST", "/elders", b"{}", 404),
        ("GET", "/health/elders", b"{}", 404),
    ],
)
def test_what_is_not_understood_is_refused_and_the_next_request_is_answered(
    method: str, path: str, content: bytes | None, status: int, label_studio: httpx.Client
) -> None:
    answer = label_studio.request(method, path, content=content)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert label_studio.get("/health").status_code == 200


def test_too_much_and_what_has_no_length_is_not_read(backend: Backend) -> None:
    for line, status in (
        (b"Content-Length: 999999999", b"413"),
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Content-Length: -1", b"411"),
    ):
        with socket.create_connection(("127.0.0.1", int(backend.url.rsplit(":", 1)[1]))) as one:
            one.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n")
            assert one.recv(4096).split()[1] == status
            one.settimeout(10)
            while one.recv(4096):
                pass  # it is closed


def test_a_fault_ends_one_request_and_says_nothing(
    label_studio: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        label_studio.post("/predict", json={"tasks": [{"data": {"text": "kapot"}}]})
    assert label_studio.get("/health").status_code == 200
    assert capfd.readouterr() == ("", "")


def test_it_listens_on_this_machine_only_and_takes_the_next_free_port(backend: Backend) -> None:
    port = int(backend.url.rsplit(":", 1)[1])
    assert backend.url == f"http://127.0.0.1:{port}"
    with Backend("x", str, lambda _: [], lambda: None, port) as other:
        assert int(other.url.rsplit(":", 1)[1]) > port
        assert httpx.get(f"{other.url}/health", auth=(USER, "x")).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{other.url}/health")
