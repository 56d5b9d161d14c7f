"""To which machine masked answers go, and which model is taken there."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asked_study import make_study
from filelock import FileLock
from scripted_model import Sent, saying, scripted

from commands import done, themecoder
from themecoder.assistant.connect import KEY, allowed_url, connected
from themecoder.errors import InputError, ThemecoderError
from themecoder.workspace.folder import StudyFolder


def nothing(*_: object) -> Sent:
    return saying('{"codes": []}')


def refused(tmp_path: Path, url: str, more: str = "", insecure: bool = False) -> str:
    """The key of the problem, empty where the address may be used."""
    study = StudyFolder.open(make_study(tmp_path / "studie", url, more))
    try:
        assert allowed_url(study, insecure) == url
    except InputError as error:
        (problem,) = error.problems
        return problem.key.removeprefix("assistant.")
    return ""


@pytest.mark.parametrize(
    ("url", "more", "insecure", "key"),
    [
        ("http://127.0.0.1:8080/v1", "", False, ""),
        ("http://localhost:8080/v1", "", False, ""),
        ("http://[::1]:8080/v1", "", False, ""),
        ("https://gpu.invalid/v1", "", False, "other_host"),
        ("https://gpu.invalid/v1", 'host = "ander.invalid"', False, "other_host"),
        ("https://gpu.invalid/v1", 'host = "invalid"', False, "other_host"),
        ("https://gpu.invalid/v1", 'host = "GPU.invalid"', False, ""),
        ("https://GPU.invalid/v1", 'host = "gpu.invalid"', False, ""),
        ("http://gpu.invalid/v1", 'host = "gpu.invalid"', False, "insecure"),
        ("http://gpu.invalid/v1", 'host = "gpu.invalid"', True, ""),
        ("http://gpu.invalid/v1", "", True, "other_host"),
        ("http://localhost@gpu.invalid/v1", 'host = "localhost"', True, "other_host"),
        ("http://localhost.gpu.invalid/v1", 'host = "localhost"', True, "other_host"),
        ("http://gpu.invalid#@localhost/v1", "", True, "other_host"),
        ("http://localhost:poort/v1", "", False, "bad_url"),
    ],
)
def test_answers_go_to_this_machine_or_to_the_one_that_is_named(
    tmp_path: Path, url: str, more: str, insecure: bool, key: str
) -> None:
    assert refused(tmp_path, url, more, insecure) == key


def test_it_is_off_where_nothing_is_said(tmp_path: Path) -> None:
    study = make_study(tmp_path / "studie", "")
    for words in ("check", "opinions", "themes"):
        found = themecoder(study, "assistant", words)
        assert found.returncode == 2 and "[assistant]" in found.stderr
    assert not (study / "reports").exists()


@pytest.mark.parametrize("setting", ['url = "ftp://x"', "most_requests = 0", 'hosts = "x"'])
def test_settings_that_can_not_be_are_refused_with_their_line(tmp_path: Path, setting: str) -> None:
    study = make_study(tmp_path / "studie", "")
    file = study / "study.toml"
    file.write_text(f"{file.read_text('utf-8')}[assistant]\n{setting}\n", encoding="utf-8")
    found = themecoder(study, "assistant", "check")
    assert found.returncode == 2 and "regel 14: " in found.stderr and "'assistant." in found.stderr


def test_nothing_is_sent_where_nobody_listens(tmp_path: Path) -> None:
    with scripted(nothing) as model:
        url = model.url
    study = make_study(tmp_path / "studie", url)
    found = themecoder(study, "assistant", "opinions")
    assert found.returncode == 3 and url in found.stderr
    assert not (study / "suggestions").exists()


def test_of_several_models_one_must_be_named(tmp_path: Path) -> None:
    with scripted(nothing) as model:
        model.models = [{"id": "klein"}, {"id": "groot"}]
        study = make_study(tmp_path / "a", model.url)
        found = themecoder(study, "assistant", "check")
        assert found.returncode == 2 and "klein, groot" in found.stderr
        found = themecoder(
            make_study(tmp_path / "b", model.url, 'model = "g"'), "assistant", "check"
        )
        assert found.returncode == 2 and "klein, groot" in found.stderr
        study = make_study(tmp_path / "c", model.url, 'model = "groot"')
        assert "groot" in done(study, "assistant", "check")


def test_a_server_that_binds_no_reply_is_told_before_any_answer_is_sent(tmp_path: Path) -> None:
    class Chatty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say(b'{"data": [{"id": "m"}]}')

        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.say(saying("Natuurlijk! Wat kan ik voor u doen?").body)

        def say(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    asked: list[bytes] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Chatty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        found = themecoder(make_study(tmp_path / "studie", url), "assistant", "opinions")
        server.shutdown()
    assert found.returncode == 3 and "json_schema" in found.stderr
    assert len(asked) == 3 and not any(b"nacht" in body for body in asked)


def digest(study: Path) -> str:
    with connected(StudyFolder.open(study)) as assistant:
        return assistant.model.digest


def test_a_model_is_known_by_its_weights_or_by_what_is_said_of_it(tmp_path: Path) -> None:
    with scripted(nothing) as model:
        study = make_study(tmp_path / "studie", model.url)
        model.models = [{"id": "m", "created": 1, "meta": {"size": 5}}]
        first = digest(study)
        model.models = [{"id": "m", "created": 2, "meta": {"size": 5}}]
        assert digest(study) == first
        model.models = [{"id": "m", "created": 2, "meta": {"size": 6}}]
        assert digest(study) != first
        model.tags = [{"name": "m", "digest": "cd" * 32}]
        assert digest(study) == "cd" * 32


def test_a_key_goes_along_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(nothing) as model:
        for name, key in (("a", None), ("b", "geheim")):
            monkeypatch.delenv(KEY, raising=False)
            if key:
                monkeypatch.setenv(KEY, key)
            done(make_study(tmp_path / name, model.url), "assistant", "check")
        assert model.keys == [None, "Bearer geheim"]
    assert not any(b"geheim" in f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())


def test_one_command_asks_at_a_time(tmp_path: Path) -> None:
    with scripted(nothing) as model:
        study = make_study(tmp_path / "studie", model.url)
        opened = StudyFolder.open(study)
        opened.paths.work.mkdir()
        with (
            FileLock(opened.paths.assistant_lock),
            pytest.raises(ThemecoderError) as caught,
            connected(opened),
        ):
            pass
        assert caught.value.problems[0].key == "assistant.busy"
        # coding goes on meanwhile: the study's own lock is free
        with connected(opened), opened.locked():
            pass


def test_a_proxy_of_the_environment_is_not_for_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with scripted(nothing) as model:
        # the server of the test answers, not the proxy that nobody runs
        done(make_study(tmp_path / "studie", model.url), "assistant", "check")
