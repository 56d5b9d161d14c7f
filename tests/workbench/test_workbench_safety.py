"""Who gets an answer of the workbench, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from benches import a_bench
from shipped import copy_shipped
from themecoder.workbench.pages import AREAS
from themecoder.workbench.safety import LARGEST


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with a_bench(copy_shipped(tmp_path_factory.mktemp("bench"))) as url:
        yield url


class Asker:
    """Asks as any program on this machine could: with the headers that it likes."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)
        self.host = self.parts.netloc
        self.cookie = f"themecoder-{self.parts.port}={self.parts.query.partition('=')[2]}"

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str | None
    ) -> tuple[int, dict[str, str], str]:
        said = {"Host": self.host, "Cookie": self.cookie} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection = HTTPConnection("127.0.0.1", self.parts.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True)
            for name, value in said.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None and "Content-Length" not in said:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def asker(bench: str) -> Asker:
    return Asker(bench)


def test_who_has_the_token_gets_the_page_and_others_do_not(asker: Asker) -> None:
    assert asker.ask("/")[0] == 200
    assert asker.ask("/", Cookie=None)[0] == 403
    assert asker.ask("/", Cookie=asker.cookie[:-1])[0] == 403
    assert asker.ask("/?token=wrong", Cookie=None)[0] == 403
    assert asker.ask("/?token=", Cookie=None)[0] == 403


def test_the_token_leaves_the_address_for_a_cookie_that_no_script_reads(asker: Asker) -> None:
    token = asker.parts.query
    status, headers, _ = asker.ask(f"/codebook?code=a%26b&{token}", Cookie=None)
    assert (status, headers["location"]) == (303, "/codebook?code=a%26b")
    cookie = headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    # an address that looks like another host's is none
    assert asker.ask(f"//evil.example/x?{token}")[1]["location"] == "/evil.example/x"


def test_a_name_that_was_pointed_at_this_machine_is_not_answered(asker: Asker) -> None:
    for host in ("evil.example", f"evil.example:{asker.parts.port}", "127.0.0.1", ""):
        assert asker.ask("/", Host=host)[0] == 421
    assert asker.ask("/", Host=f"localhost:{asker.parts.port}")[0] == 200


def test_pages_of_others_may_not_ask_or_send(asker: Asker) -> None:
    assert asker.ask("/", Sec_Fetch_Site="cross-site")[0] == 403
    # another port of this machine is the same site and another origin
    assert asker.ask("/", Sec_Fetch_Site="same-site")[0] == 403
    for origin in (None, "null", "http://evil.example", "http://127.0.0.1:1"):
        assert asker.ask("/", "POST", b"", Origin=origin)[0] == 403
    # ours comes as far as the page, which takes nothing
    assert asker.ask("/", "POST", b"", Origin=f"http://{asker.host}")[0] == 405


def test_more_than_a_page_takes_is_refused_before_it_is_read(asker: Asker) -> None:
    own = f"http://{asker.host}"
    huge = str(LARGEST + 1)
    assert asker.ask("/", "POST", b"", Origin=own, Content_Length=huge)[0] == 413


@pytest.mark.parametrize(
    "path",
    [
        "/static/../site.py",
        "/static/..%2fsite.py",
        "/static/%2e%2e/%2e%2e/study.py",
        "/static//etc/passwd",
        "/../../study.toml",
        "/study.toml",
        "/data/survey.csv",
    ],
)
def test_no_file_but_those_of_the_pages_is_sent(asker: Asker, path: str) -> None:
    status, _, text = asker.ask(path)
    assert status == 404
    assert "import" not in text and "root:" not in text


def test_every_answer_keeps_scripts_frames_and_caches_out(asker: Asker) -> None:
    paths = [*(area.path for area in AREAS), "/job", "/changes", "/nothing", "/static/icon.svg"]
    for path in paths:
        headers = asker.ask(path)[1]
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self';" in policy
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in asker.ask("/", Cookie=None)[1]
