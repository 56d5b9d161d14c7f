"""To which servers a token goes."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from garden_study import CONFIG
from themecoder.coding.label_studio.connect import TOKEN, connect
from themecoder.errors import ServiceError, ThemecoderError
from themecoder.study import Study
from themecoder.workspace.folder import StudyFolder


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudyFolder:
    monkeypatch.setenv(TOKEN, "geheim")
    (tmp_path / "study.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "enquete.csv").write_text("nr;q1\n1;rozen\n", encoding="utf-8")
    return StudyFolder.open(tmp_path)


def key(study: StudyFolder, url: str, insecure: bool = False) -> str:
    with pytest.raises(ThemecoderError) as caught:
        connect(study, url, insecure)
    return caught.value.problems[0].key


@pytest.mark.parametrize(
    "url",
    ["http://themecoder.invalid", "http://themecoder.invalid:8080/ls", "http://[2001:db8::1]"],
)
def test_a_token_goes_to_another_machine_without_https_only_where_that_is_said(
    study: StudyFolder, url: str
) -> None:
    assert key(study, url) == "server.insecure"


def test_this_machine_and_https_need_no_word(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    class Found:
        def __init__(self, url: str, token: str) -> None:
            tried.append(url)
            raise ServiceError([])

    # what would be sent is not: the question is only whether it would
    monkeypatch.setattr("themecoder.coding.label_studio.connect.Client", Found)
    urls = ["http://localhost:8080", "http://127.0.0.1:9", "http://[::1]:9", "https://ls.invalid"]
    for url in urls:
        with pytest.raises(ServiceError):
            connect(study, url)
    with pytest.raises(ServiceError):
        connect(study, "http://ls.invalid", insecure=True)
    assert tried == [*urls, "http://ls.invalid"]
    assert key(study, "http://localhost:poort") == "server.bad_url"


class NoLabelStudio(BaseHTTPRequestHandler):
    """Answers every request, as a proxy does for addresses elsewhere."""

    asked: list[str]

    def do_POST(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def test_a_notebook_may_say_it_too(study: StudyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = study.paths.project_keys
    marks.parent.mkdir()
    marks.write_text('{"q1": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}', encoding="utf-8")
    opened, url = Study.open(study.paths.root), "http://ls.invalid"
    calls = (opened.push, opened.pull, opened.push_disagreements, opened.pull_decisions)
    NoLabelStudio.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), NoLabelStudio) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_address[1]}")
        for call in calls:
            for insecure, told in ((False, "server.insecure"), (True, "server.other")):
                with pytest.raises(ThemecoderError) as caught:
                    call(url=url, insecure=insecure)
                assert [problem.key for problem in caught.value.problems] == [told]
        assert opened.status(url).unreachable != opened.status(url, insecure=True).unreachable
        proxy.shutdown()
    assert NoLabelStudio.asked == [f"{url}/api/token/refresh/"] * (len(calls) + 1)
