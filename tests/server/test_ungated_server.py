"""A server that an earlier version of themecoder started, and one that was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import httpx
import pytest
from migrated import QUIET, database_environment, prepare_server
from real_server import Server, find_label_studio, make_study, opened

from themecoder.coding.label_studio.accounts import email_of
from themecoder.coding.label_studio.connect import TOKEN, embedded, serve, stop
from themecoder.coding.label_studio.local_server import EXECUTABLE
from themecoder.errors import InputError

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.long(90)]


def is_guarded(serving_url: str, passwords: dict[str, str]) -> bool:
    """Whether a coder there is refused the list of accounts' tokens, and shown herself alone."""
    coder = Server(serving_url, "", passwords).as_coder("coder_a")
    return coder.get("/api/invite").status_code == 403 and [
        one["email"] for one in coder.get("/api/users").json()
    ] == [email_of("coder_a")]


def test_one_without_the_gate_is_started_anew_and_one_that_was_killed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = find_label_studio()
    monkeypatch.setenv(EXECUTABLE, program)
    monkeypatch.delenv(TOKEN, raising=False)
    prepare_server(program, make_study(tmp_path / "studie"))
    study = opened(tmp_path / "studie")
    server = embedded(study)
    data = server.folder / "data"
    data.mkdir(exist_ok=True)
    words = [program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", "8490"]
    environment = {**os.environ, **QUIET, "LABEL_STUDIO_BASE_DATA_DIR": str(data)}
    environment |= database_environment(tmp_path / "studie")
    with subprocess.Popen(
        words, env=environment, cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as earlier:
        url = "http://127.0.0.1:8490"
        kept = {"pid": earlier.pid, "url": url}
        (server.folder / "server.json").write_text(json.dumps(kept), encoding="utf-8")
        while not server.has_no_gate():
            assert earlier.poll() is None
        with pytest.raises(InputError) as caught:
            opened(tmp_path / "studie").push()
        assert [problem.key for problem in caught.value.problems] == ["server.mute"]
        try:
            serving = serve(study, 8490)
            assert serving.fresh and earlier.wait(60) is not None
            assert is_guarded(serving.url, dict(serving.accounts))
            assert not serve(study, 8490).fresh
            running = server.running()
            assert running is not None
            os.kill(running.pid, signal.SIGKILL)
            while server.alive():
                pass
            again = serve(study, 8490)
            assert again.fresh and again.accounts == serving.accounts
            assert is_guarded(again.url, dict(again.accounts))
        finally:
            assert stop(study)
    with pytest.raises(httpx.ConnectError):
        httpx.get(again.url)
