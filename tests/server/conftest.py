"""A real Label Studio for the tests, started once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from real_server import Server, make_study

from themecoder.api import Study
from themecoder.api.connecting import TOKEN, embedded, serve, stop
from themecoder.edges.label_studio.client import Client
from themecoder.edges.label_studio.embedded import EXECUTABLE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Label Studio from $THEMECODER_LABEL_STUDIO or .venv-server; a failure where there is none."""
    beside = ROOT / ".venv-server" / "bin" / "label-studio"
    program = os.environ.get(EXECUTABLE) or (str(beside) if beside.is_file() else None)
    program = program or shutil.which("label-studio")
    if not program:
        pytest.fail(
            "No Label Studio: these tests run a real one. 'make server' installs it into"
            f" .venv-server; {EXECUTABLE} points at another.",
            pytrace=False,
        )
    os.environ[EXECUTABLE] = program
    host = make_study(tmp_path_factory.mktemp("server") / "host")
    study = Study.open(host)
    found = serve(study, 8300)
    os.environ[TOKEN] = embedded(study).accounts.token
    try:
        yield Server(found.url, os.environ[TOKEN], dict(found.accounts))
    finally:
        stop(study)


@pytest.fixture
def study(server: Server, tmp_path: Path) -> Path:
    return make_study(tmp_path / "studie")


@pytest.fixture
def proxy(server: Server) -> Iterator[FaultProxy]:
    with FaultProxy(server.url) as found:
        yield found


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server.url, server.token) as found:
        yield found
