"""A server that can't be used: one clear message, the contract's exit code, nothing changed."""

from __future__ import annotations

import http.server
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fault_proxy import FaultProxy
from real_server import Server, opened, snapshot, tasks_of
from tokens import make_token

from themecoder.coding.label_studio.accounts import email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.results import Result, write_result

pytestmark = pytest.mark.server
THEMECODER = str(Path(sys.executable).with_name("themecoder"))


def run(
    study: Path, token: str, *words: str, small_files: bool = False
) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        # a disk on which no file grows beyond this
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    return subprocess.run(
        [THEMECODER, *words, "--study", str(study)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "THEMECODER_TOKEN": token},
        preexec_fn=limit if small_files else None,
    )


def refused(
    found: subprocess.CompletedProcess[str], status: int, study: Path, before: dict[str, bytes]
) -> str:
    assert (found.returncode, "Traceback" in found.stderr) == (status, False), found.stderr
    assert len(found.stderr.strip().splitlines()) == 2, "what is wrong, and what to do"
    assert snapshot(study) == before
    return found.stderr


@pytest.fixture
def pushed(study: Path, server: Server) -> Path:
    opened(study).plan()
    opened(study).push(url=server.url)
    return study


@pytest.fixture
def other_site() -> Iterator[str]:
    """A web server that is no Label Studio."""
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_address[1]}"
    site.shutdown()


@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_server_that_is_down(pushed: Path, server: Server, command: str) -> None:
    before = snapshot(pushed)
    found = run(pushed, server.token, command, "--url", "http://127.0.0.1:9")
    assert "127.0.0.1:9" in refused(found, 3, pushed, before)


def test_a_site_that_is_no_label_studio(pushed: Path, server: Server, other_site: str) -> None:
    before = snapshot(pushed)
    found = run(pushed, server.token, "push", "--url", other_site)
    assert other_site in refused(found, 3, pushed, before)


def test_an_address_that_is_none(pushed: Path, server: Server) -> None:
    refused(run(pushed, server.token, "push", "--url", "localhost"), 2, pushed, snapshot(pushed))


def test_a_wrong_token(pushed: Path, server: Server) -> None:
    before = snapshot(pushed)
    refused(run(pushed, "geheim", "pull", "--url", server.url), 3, pushed, before)


def test_no_token(pushed: Path, server: Server) -> None:
    before = snapshot(pushed)
    text = refused(run(pushed, "", "pull", "--url", server.url), 2, pushed, before)
    assert "THEMECODER_TOKEN" in text


def test_a_token_that_was_withdrawn(pushed: Path, server: Server, run_folder: Path) -> None:
    token = make_token(run_folder, email_of("coder_c"), "withdrawn")
    before = snapshot(pushed)
    refused(run(pushed, token, "pull", "--url", server.url), 3, pushed, before)


def test_a_token_of_a_coder_fetches_no_other_s_coding(
    pushed: Path, server: Server, run_folder: Path
) -> None:
    token = make_token(run_folder, email_of("coder_c"))
    before = snapshot(pushed)
    refused(run(pushed, token, "pull", "--url", server.url), 3, pushed, before)


def test_no_permission(pushed: Path, server: Server, proxy: FaultProxy) -> None:
    before = snapshot(pushed)
    proxy.choose = lambda _n, _m, path: "403" if path.startswith("/api/users") else None
    refused(run(pushed, server.token, "pull", "--url", proxy.url), 3, pushed, before)


def test_an_access_token_that_expires_on_the_way(
    pushed: Path, server: Server, proxy: FaultProxy
) -> None:
    """They live five minutes: a 401 on any request is answered by signing in again."""
    proxy.choose = lambda number, _m, path: (
        "401" if number % 3 == 0 and "/token/" not in path else None
    )
    assert run(pushed, server.token, "pull", "--url", proxy.url).returncode == 0
    assert "401" in proxy.faults


def test_a_server_that_keeps_failing_is_given_up_with_a_message(
    pushed: Path, server: Server, proxy: FaultProxy
) -> None:
    before = snapshot(pushed)
    proxy.choose = lambda _n, _m, path: "500" if path.startswith("/api/tasks") else None
    found = run(pushed, server.token, "pull", "--url", proxy.url)
    assert "500" in refused(found, 3, pushed, before)


def test_a_full_disk_leaves_the_coding_as_it_was(
    pushed: Path, server: Server, client: Client
) -> None:
    result = write_result(Result(("groen",)))
    for (_, coder, _), task in tasks_of(pushed, client).items():
        server.code(coder, task, result)
    before = snapshot(pushed)
    found = run(pushed, server.token, "pull", "--url", server.url, small_files=True)
    assert (found.returncode, "Traceback" in found.stderr) == (2, False), found.stderr
    kept = {name: data for name, data in snapshot(pushed).items() if ".part" not in name}
    assert kept == before
    assert run(pushed, server.token, "pull", "--url", server.url).returncode == 0


def test_two_syncs_at_once(pushed: Path, server: Server) -> None:
    with opened(pushed).locked():
        found = run(pushed, server.token, "pull", "--url", server.url)
    refused(found, 2, pushed, snapshot(pushed))


def test_our_server_is_for_this_machine_and_its_own_coders(server: Server) -> None:
    assert httpx.URL(server.url).host == "127.0.0.1"
    form = httpx.get(f"{server.url}/user/signup/")
    answer = httpx.post(
        f"{server.url}/user/signup/",
        data={
            "email": "vreemd@example.org",
            "password": "een-lang-woord",
            "csrfmiddlewaretoken": form.cookies["csrftoken"],
        },
        cookies=dict(form.cookies),
        headers={"Referer": server.url},
    )
    assert answer.status_code == 403, "nobody signs up without an invitation"
    assert set(server.passwords) >= {email_of("coder_a"), email_of("coder_b")}
