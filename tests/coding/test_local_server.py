"""Starting a server where things go wrong: told, tried on, and never two on one database.

A program stands in for Label Studio that fails in the ways that Label Studio was seen to fail.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from killed import killed_everywhere
from themecoder.coding.label_studio.local_server import ELSEWHERE, EXECUTABLE, LocalServer
from themecoder.coding.label_studio.processes import command_of
from themecoder.errors import ServiceError
from themecoder.messages import render

LISTENS = """\
#!{python}
import http.server, json, os, pathlib, sys, time
port = int(sys.argv[sys.argv.index("--port") + 1])
starts = pathlib.Path(__file__).with_name("starts")
with starts.open("a") as told:
    told.write(f"{{os.getpid()}} {{port}}\\n")
lacks = None
{first}
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404 if self.path == lacks else 200)
        self.end_headers()
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("127.0.0.1", port), Healthy)
print(f"Starting development server at http://127.0.0.1:{{port}}/", flush=True)
server.serve_forever()
"""
FAILS = "print('line one')\nsys.exit('no such table: project')"
TAKEN = (
    "if len(starts.read_text().splitlines()) < 3:\n"
    "    sys.exit('Error: That port is already in use.')"
)
SLOW = "time.sleep(3)"
WITHOUT_GATE = "lacks = '/themecoder-gate'"
STARTS = (
    "import sys\nfrom pathlib import Path\n"
    "from themecoder.coding.label_studio.local_server import LocalServer\n"
    "LocalServer(Path(sys.argv[1])).start(8700)"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalServer]:
    found = LocalServer(tmp_path / "server")
    yield found
    found.stop()


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "label-studio"
    monkeypatch.setenv(EXECUTABLE, str(program))
    return program


def write(program: Path, first: str = "") -> None:
    program.write_text(LISTENS.format(python=sys.executable, first=first), encoding="utf-8")
    program.chmod(0o755)


def starts(program: Path) -> list[list[str]]:
    file = program.with_name("starts")
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []


def test_why_it_did_not_start_is_in_the_message(stand_in: Path, server: LocalServer) -> None:
    write(stand_in, FAILS)
    with pytest.raises(ServiceError) as caught:
        server.start(8700)
    text = render(caught.value.problems[0], "en")
    assert "line one" in text and "no such table: project" in text
    assert str(server.folder / "server.log") in text
    assert len(starts(stand_in)) == 1, "what does not help is not tried again"
    with pytest.raises(ServiceError) as caught:
        server.start(8700)
    assert render(caught.value.problems[0], "en").count("line one") == 1, "of this start only"


def test_a_port_that_another_program_took_meanwhile_is_left_for_the_next(
    stand_in: Path, server: LocalServer
) -> None:
    write(stand_in, TAKEN)
    running = server.start(8700)
    tried = [int(port) for _, port in starts(stand_in)]
    assert len(tried) == 3
    assert tried == sorted(set(tried)), "each time another"
    assert running.url == f"http://127.0.0.1:{tried[-1]}"
    assert server.running() is not None
    assert server.stop()
    assert not server.alive()


def test_a_server_that_is_slow_is_waited_for_and_no_second_one_is_started(
    stand_in: Path, server: LocalServer
) -> None:
    write(stand_in, SLOW)
    first = [sys.executable, "-c", STARTS, str(server.folder)]
    with subprocess.Popen(first) as killed:
        deadline = time.monotonic() + 60
        # not as soon as its number is kept: until then it waits, and ends with who starts it
        while not starts(stand_in) and time.monotonic() < deadline:
            time.sleep(0.02)
        killed.kill()
    assert server.running() is None, "it does not answer yet"
    running = server.start(8700)
    assert not running.fresh
    assert [int(pid) for pid, _ in starts(stand_in)] == [running.pid]


@pytest.mark.slow
@pytest.mark.long(40)
def test_killed_anywhere_the_next_finds_the_server_or_starts_the_only_one(
    stand_in: Path, server: LocalServer
) -> None:
    write(stand_in)
    found = 0

    def fresh() -> None:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
        stand_in.with_name("starts").unlink(missing_ok=True)

    for k in killed_everywhere(fresh, lambda: LocalServer(server.folder).start(8700) and None):
        running = LocalServer(server.folder).start(8700)
        alive = [int(pid) for pid, _ in starts(stand_in) if is_alive(int(pid))]
        assert alive == [running.pid], k
        found += not running.fresh
        names = {file.name for file in server.folder.iterdir()}
        assert names == {"accounts.json", "data", "server.json", "server.log", "version.txt"}, k
    assert found > 3


def is_alive(pid: int) -> bool:
    return "label-studio" in command_of(pid)


def test_a_server_without_the_gate_is_told_from_one_with_it(
    stand_in: Path, server: LocalServer
) -> None:
    write(stand_in)
    server.start(8700)
    assert not server.has_no_gate()
    assert server.running() is not None
    server.stop()
    write(stand_in, WITHOUT_GATE)
    first = [sys.executable, "-c", STARTS, str(server.folder)]
    with subprocess.Popen(first) as waits:
        deadline = time.monotonic() + 60
        while not server.has_no_gate() and time.monotonic() < deadline:
            time.sleep(0.02)
            listens(server)
        waits.kill()
    assert server.has_no_gate()
    assert server.running() is None, "it is not used"


def listens(server: LocalServer) -> None:
    """Keep where it listens, as earlier versions did once it answered."""
    state = server.folder / "server.json"
    kept = json.loads(state.read_text()) if state.exists() else {}
    said = re.findall(r"server at (\S+)/", (server.folder / "server.log").read_text())
    if kept and said:
        state.write_text(json.dumps({**kept, "url": said[-1]}))


def test_the_owner_s_password_is_in_a_file_of_the_owner_only_and_only_while_it_starts(
    stand_in: Path, server: LocalServer
) -> None:
    write(
        stand_in,
        "settings = pathlib.Path(sys.argv[sys.argv.index('--config') + 1])\n"
        "assert settings.stat().st_mode & 0o077 == 0\n"
        "assert json.loads(settings.read_text())['password'] not in (sys.argv, os.environ)\n",
    )
    running = server.start(8700)
    assert not (server.folder / "owner.json").exists()
    password = server.accounts.password("onderzoeker@themecoder.local").encode()
    for name in ("cmdline", "environ"):
        assert password not in Path(f"/proc/{running.pid}/{name}").read_bytes()
    assert not server.folder.stat().st_mode & 0o077


def test_label_studio_may_call_this_machine_and_no_other() -> None:
    refused = [ip_network(one) for one in ELSEWHERE]
    for address in (
        "0.0.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "10.0.0.1",
        "192.168.1.1",
        "8.8.8.8",
    ):
        assert any(ip_address(address) in one for one in refused)
    for address in ("127.0.0.0", "127.0.0.1", "127.255.255.255"):
        assert not any(ip_address(address) in one for one in refused)
    ipv4 = [one for one in refused if one.version == 4]
    assert sum(one.num_addresses for one in ipv4) == 2**32 - 2**24
    assert any(ip_address("::1") in one for one in refused)
