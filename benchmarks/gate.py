"""What a coder waits for with the gate and without it, on the same coding.

    python benchmarks/gate.py [--answers 3000] [--rounds 40]

Needs Label Studio (make server). Answers are made up. A copy of the server's data is served by a
Label Studio without the gate, and both are asked in turn what the coding page asks for. Prints the
median of each in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

import httpx

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "server"))

from migrated import QUIET
from real_server import (
    Server,
    find_label_studio,
    make_study,
    opened,
    project_of,
    running_server,
)

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.processes import of_its_own

CODER = "coder_a"
OPENING = (
    "/projects/{project}/data",
    "/api/current-user/whoami",
    "/api/projects?page=1&page_size=30",
    "/api/projects/{project}",
    "/api/users?project={project}",
    "/api/dm/columns?project={project}",
    "/api/dm/views?project={project}",
    "/api/dm/project?project={project}",
    "/api/tasks?page=1&page_size=30&project={project}",
)
"""What the page of a question asks for when it is opened."""


@contextmanager
def without_gate(data: Path, work: Path) -> Iterator[str]:
    """The address of a Label Studio as it comes, on a copy of the data."""
    copy = work / "copy"
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("*.sqlite3*"))
    database = "label_studio.sqlite3"
    with (
        closing(sqlite3.connect(data / database)) as source,
        closing(sqlite3.connect(copy / database)) as target,
    ):
        source.backup(target)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [find_label_studio(), "start", "--no-browser", "--internal-host", "127.0.0.1"]
    environment = {**os.environ, **QUIET, "LABEL_STUDIO_BASE_DATA_DIR": str(copy)}
    with subprocess.Popen(
        [*words, "--port", str(port)],
        env=environment,
        cwd=copy,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # as the other one: a busy system shares its processors among sessions
        **of_its_own(),
    ) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url)
            yield url
        finally:
            process.terminate()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise TimeoutError(url)


def timed(session: httpx.Client, method: str, path: str, body: object = None) -> float:
    begun = time.perf_counter()
    answer = session.request(method, path, json=body)
    seconds = time.perf_counter() - begun
    assert answer.is_success, (path, answer.status_code)
    return 1000 * seconds


def next_answer(session: httpx.Client, project: int) -> tuple[float, float]:
    """Being handed an answer, and sending what was made of it."""
    path = f"/api/dm/actions?id=next_task&project={project}"
    task = session.post(path, json={"project": str(project)}).json()["id"]
    sending = timed(session, "POST", f"/api/tasks/{task}/annotations", {"result": []})
    return timed(session, "POST", path, {"project": str(project)}), sending


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    if options.smallest:
        options.answers, options.rounds = 20, 2
    with tempfile.TemporaryDirectory() as name, running_server(Path(name) / "host") as server:
        texts = [f"Antwoord {number} over de straat" for number in range(options.answers)]
        study = make_study(Path(name) / "study", texts)
        opened(study).plan()
        opened(study).push(["q1"], server.url)
        with Client(server.url, server.token) as client:
            project = project_of(study, client).id
        data = Path(name) / "host" / "server" / "data"
        with without_gate(data, Path(name)) as url:
            bare = Server(url, server.token, server.passwords)
            sessions = [one.as_coder(CODER) for one in (server, bare)]
            paths = [path.format(project=project) for path in OPENING]
            times: dict[str, list[list[float]]] = {
                what: [[], []] for what in ("all of a page", *paths, "next answer", "sending one")
            }
            for _ in range(options.rounds):
                for which, session in enumerate(sessions):
                    parts = [timed(session, "GET", path) for path in paths]
                    handed, sent = next_answer(session, project)
                    found = (sum(parts), *parts, handed, sent)
                    for what, one in zip(times, found, strict=True):
                        times[what][which].append(one)
    print(f"{options.answers} answers of three coders, median of {options.rounds} in milliseconds")
    print("| what | with the gate | without | more |")
    print("|---|--:|--:|--:|")
    for what, (gated, direct) in times.items():
        a, b = median(gated), median(direct)
        print(f"| {what} | {a:.0f} | {b:.0f} | {a - b:.0f} |")


if __name__ == "__main__":
    main()
