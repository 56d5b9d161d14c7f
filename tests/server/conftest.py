"""A real Label Studio for the tests, started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from real_server import Server, make_study, running_server

from themecoder.coding.label_studio.client import Client


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("server") / "host") as found:
        yield found


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
