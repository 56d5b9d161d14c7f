"""No password and no token is to be seen in the processes of the machine, at any moment."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from migrated import prepare_server
from postgres_cluster import SECRET, wanted
from real_server import find_label_studio, make_study, opened

from themecoder.coding.label_studio.connect import TOKEN, embedded, serve, stop
from themecoder.coding.label_studio.local_server import EXECUTABLE
from themecoder.settings.paths import StudyPaths

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc on this system"),
]


class Watch(threading.Thread):
    """Keeps what every process shows of its command line and its environment, as it is changed."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[bytes] = set()
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.02):
            for process in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        self.seen.add((process / name).read_bytes())
                    except OSError:
                        continue  # it ended, or is another user's

    def end(self) -> bytes:
        self._over.set()
        self.join()
        return b"\n".join(self.seen)


def test_no_process_shows_a_password_or_a_token_while_the_server_starts_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(EXECUTABLE, find_label_studio())
    root = make_study(tmp_path / "studie")
    prepare_server(find_label_studio(), root)
    # not before: a database of the tests may have been begun, and is no process of ours
    monkeypatch.setenv(TOKEN, "token-of-a-team-s-server")
    study = opened(root)
    watch = Watch()
    watch.start()
    try:
        serving = serve(study, 8400)
        monkeypatch.delenv(TOKEN)
        study.plan()
        study.push()
        assert study.status().server
        assert serve(study, 8400).fresh is False
    finally:
        stop(study)
        seen = watch.end()
    kept = json.loads(StudyPaths(tmp_path / "studie").server.joinpath("accounts.json").read_text())
    secrets = [*kept.values(), "token-of-a-team-s-server", SECRET]
    assert len(secrets) == len(serving.accounts) + 3
    assert b"label-studio" in seen, "the server was seen"
    assert not [secret for secret in secrets if secret.encode() in seen]
    folder = StudyPaths(tmp_path / "studie").server
    modes = {file.name: file.stat().st_mode & 0o077 for file in folder.iterdir() if file.is_file()}
    of_database = ("database.json", "database_password") if wanted() else ()
    assert modes == dict.fromkeys(("accounts.json", "server.log", "version.txt", *of_database), 0)


def test_what_is_on_the_server_only_is_told_also_when_it_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from real_server import Server, tasks_of

    from themecoder.coding.label_studio.client import Client
    from themecoder.coding.label_studio.results import Result, write_result

    monkeypatch.setenv(EXECUTABLE, find_label_studio())
    monkeypatch.delenv(TOKEN, raising=False)
    root = make_study(tmp_path / "studie")
    prepare_server(find_label_studio(), root)
    study = opened(root)
    try:
        serving = serve(study, 8400)
        study.plan()
        study.push(["q1"])
        token = embedded(study).accounts.token
        server = Server(serving.url, token, dict(serving.accounts))
        with Client(serving.url, token) as client:
            tasks = tasks_of(root, client)
        (_, coder, _), task = next(iter(tasks.items()))
        made = server.code(coder, task, write_result(Result(("groen",))))
        assert opened(root).status().not_here == 1
        opened(root).pull(["q1"])
        assert opened(root).status().not_here == 0
        # changed after it was pulled: that change exists once, too
        body = {"result": write_result(Result(("geluid",)))}
        changed = server.as_coder(coder).patch(f"/api/annotations/{made}/", json=body)
        assert changed.status_code == 200, changed.text
        assert opened(root).status().not_here == 1
    finally:
        assert stop(study)
    status = opened(root).status()
    assert not status.server and status.unreachable
    (offline,) = status.offline
    assert (offline.question, offline.coded, offline.not_here) == ("q1", 1, 1)
    assert status.not_here == 1
    (copy,) = [file for file in study.paths.database_copies.iterdir() if "-stop" in file.name]
    assert copy.stat().st_size > 100_000
