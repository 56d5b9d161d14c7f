"""A project that two people made and annotated in Label Studio's own pages, taken over live.

No themecoder started this server, and nothing is put there but by its pages: they sign up, one of
them makes the project, types its page, uploads a file of answers, and both annotate.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from browser_moves import button, mark
from migrated import QUIET, copy_migrated
from playwright.sync_api import Browser, Page, expect
from real_server import find_label_studio, make_study, opened
from test_other_projects import codings, map_codes, opened_texts

from commands import done, themecoder
from themecoder.coding.label_studio.connect import TOKEN

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow, pytest.mark.long(60)]
PATIENCE = 120_000
PASSWORD = "een-lang-wachtwoord-12"
PAGE = """<View>
<Text name="reactie" value="$verbatim"/>
<Labels name="pen" toName="reactie"><Label value="Buren"/><Label value="Geluid"/></Labels>
<Choices name="thema" toName="reactie" choice="multiple">
<Choice value="Iets anders"/><Choice value="Geen inhoud"/></Choices>
</View>"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A Label Studio as somebody else runs it."""
    program = find_label_studio()
    data = tmp_path / "elders"
    copy_migrated(program, data)
    data.mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    words = [program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", port]
    environment = {**os.environ, **QUIET, "LABEL_STUDIO_BASE_DATA_DIR": str(data)}
    with subprocess.Popen(
        words, env=environment, cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            while not _answers(address):
                assert server.poll() is None
                time.sleep(0.5)
            yield address
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def signed_up(browser: Browser, url: str, email: str) -> Iterator[Page]:
    """A person's own window, in which she made her account."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{url}/user/signup/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url(lambda address: "/user/signup" not in address)
    yield page
    context.close()


def make_by_hand(page: Page, url: str, file: Path) -> int:
    """The project, in the dialogue that the page has for it; its number."""
    page.goto(f"{url}/projects")
    # the dialogue opens before its project is there, and takes no file until it is
    with posted(page, "/api/projects"):
        button(page, "Create").click()
    page.locator("input[name=name]").fill("Straatinterviews")
    page.get_by_text("Data Import").first.click()
    with posted(page, "/import"):
        page.locator("input[type=file]").first.set_input_files(str(file))
    expect(page.get_by_text(file.name).first).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Labeling Setup").first.click()
    page.get_by_text("Custom template").first.click()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(PAGE)
    expect(page.locator(".CodeMirror")).to_contain_text("Geen inhoud")
    save = page.get_by_role("button", name="Save").first
    expect(save).to_be_enabled(timeout=PATIENCE)
    save.click()
    page.wait_for_url(lambda address: "/projects/" in address and "/data" in address)
    return int(page.url.partition("/projects/")[2].partition("/")[0])


def shown(page: Page, text: str) -> None:
    """Wait for the task with this text."""
    expect(page.locator(".lsf-htx-richtext")).to_have_text(text, timeout=PATIENCE)


def submit(page: Page) -> None:
    with posted(page, "/annotations"):
        button(page, "Submit").click()


def posted(page: Page, end: str) -> AbstractContextManager[Any]:
    """Wait until the server took what the page sends to the address with this end."""
    return page.expect_response(
        lambda r: (
            r.request.method == "POST" and r.ok and urlsplit(r.url).path.rstrip("/").endswith(end)
        )
    )


def choose(page: Page, name: str) -> None:
    page.locator(".lsf-choice__item", has_text=name).first.click()


def token_of(page: Page, url: str) -> str:
    """What a person copies from her account's page: a token for programs."""
    page.goto(f"{url}/user/account/")
    page.get_by_text("Personal Access Token").first.click()
    with posted(page, "/api/token"):
        button(page, "Create New Token").click()
    shown = page.locator("input[readonly]").first
    expect(shown).not_to_have_value("", timeout=PATIENCE)
    return shown.input_value()


def test_a_project_made_and_annotated_by_hand_is_taken_over(
    url: str, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = list(opened_texts())[:2]
    rows = [{"nummer": f"R{n:02d}", "verbatim": text} for n, text in enumerate(texts, start=1)]
    file = tmp_path / "antwoorden.json"
    file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    with signed_up(chromium, url, "anna@example.org") as anna:
        project = make_by_hand(anna, url, file)
        anna.get_by_text("Label All Tasks").first.click()
        shown(anna, texts[0])
        mark(anna, "Geluid", "aardig 🙂 maar")
        choose(anna, "Iets anders")
        submit(anna)
        shown(anna, texts[1])
        choose(anna, "Geen inhoud")
        submit(anna)
        monkeypatch.setenv(TOKEN, token_of(anna, url))
    with signed_up(chromium, url, "bert@example.org") as bert:
        # a task of one annotation is done: the other person opens it from the table
        bert.goto(f"{url}/projects/{project}/data")
        bert.get_by_text("R01", exact=True).first.click()
        shown(bert, texts[0])
        bert.get_by_label("Create an annotation").first.click()
        mark(bert, "Buren", "buren")
        mark(bert, "Geluid", "luid")
        submit(bert)
    study = make_study(tmp_path / "studie")
    words = ("--project", str(project), "--label-studio", url, "--column", "respondent=nummer")
    words = (*words, "-q", "q1", "--coder", "anna@example.org=coder_a")
    words = (*words, "--coder", "bert@example.org=coder_b")
    refused = themecoder(study, "coding", "import", *words)
    assert refused.returncode == 2
    assert "Iets anders" in refused.stderr, "the code that is not known yet"
    map_codes(study, *words)
    done(study, "coding", "import", *words)
    assert not codings(study), "a dry run writes nothing"
    done(study, "coding", "import", *words, "--apply")
    found = codings(study)
    told = {key: (c.codes, [(q.code, q.text) for q in c.quotes]) for key, c in found.items()}
    assert told == {
        ("R01", "coder_a"): (("geluid", "groen"), [("geluid", "aardig 🙂 maar")]),
        ("R01", "coder_b"): (("buren", "geluid"), [("buren", "buren"), ("geluid", "luid")]),
        ("R02", "coder_a"): (("niets",), []),
    }
    originals = {a.respondent_id: a.text for a in opened(study).answers("q1")}
    for coding in found.values():
        for quote in coding.quotes:
            assert originals[coding.respondent][quote.start : quote.end] == quote.text
    done(study, "coding", "import", *words, "--apply")
    assert codings(study) == found
