"""A real Label Studio for the tests, started once for all workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from one_server import shared_server
from playwright.sync_api import Browser, Page
from real_server import Server, make_study

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.connect import TOKEN


@pytest.fixture(scope="session")
def label_studio(run_folder: Path) -> Iterator[Server]:
    """The server of all workers of this run."""
    with shared_server(run_folder / "server") as found:
        yield found


@pytest.fixture
def server(label_studio: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, with its token where a command looks for one."""
    monkeypatch.setenv(TOKEN, label_studio.token)
    return label_studio


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


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that nobody else uses."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()
