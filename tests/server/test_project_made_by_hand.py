"""A project that two people made and annotated in Label Studio's own pages, taken over live.

No themecoder started this server, and nothing here is put there through the API: they sign up, one
of them makes the project, types its page and uploads a file of answers, and both annotate.
"""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser_moves import button, mark
from migrated import QUIET, copy_migrated
from playwright.sync_api import Browser, Page, expect
from real_server import find_label_studio, make_study, opened
from test_other_projects import codings, map_codes, opened_texts

from commands import done, themecoder
from themecoder.coding.label_studio.connect import TOKEN

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow, pytest.mark.long(90)]
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
    words = [program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", "8610"]
    environment = {**os.environ, **QUIET, "LABEL_STUDIO_BASE_DATA_DIR": str(data)}
    with subprocess.Popen(
        words, env=environment, cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        address = "http://127.0.0.1:8610"
        try:
            while not _answers(address):
                assert server.poll() is None
            yield address
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def signed_up(browser: Browser, url: str, email: str) -> Page:
    """A person's own window, in which she made her account."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{url}/user/signup/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url(lambda address: "/user/signup" not in address)
    return page


def make_by_hand(page: Page, url: str, file: Path) -> int:
    """The project, in the dialogue that the page has for it; its number."""
    page.goto(f"{url}/projects")
    button(page, "Create").click()
    page.locator("input[name=name]").fill("Straatinterviews")
    page.get_by_text("Data Import").first.click()
    # the page draws the field before it listens to it: nothing shown, the person takes it again
    for _ in range(3):
        page.locator("input[type=file]").first.set_input_files(str(file))
        try:
            expect(page.get_by_text("List of tasks").first).to_be_visible(timeout=60_000)
            break
        except AssertionError:
            continue
    page.get_by_text("List of tasks").first.click()
    page.get_by_text("Labeling Setup").first.click()
    page.get_by_text("Custom template").first.click()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(PAGE)
    expect(page.locator(".CodeMirror")).to_contain_text("Geen inhoud")
    save = page.get_by_role("button", name="Save").first
    expect(save).to_be_enabled(timeout=120_000)
    save.click()
    page.wait_for_url(lambda address: "/projects/" in address and "/data" in address)
    return int(page.url.partition("/projects/")[2].partition("/")[0])


def begin_task(page: Page, url: str, project: int, text: str) -> None:
    """The next task, which is the one with this text."""
    if "/data" not in page.url:
        page.goto(f"{url}/projects/{project}/data")
    labelling = page.locator(".lsf-htx-richtext")
    if not labelling.count():
        page.get_by_text("Label All Tasks").first.click()
    expect(labelling).to_have_text(text, timeout=120_000)


def submit(page: Page) -> None:
    with page.expect_response(
        lambda r: "/annotations" in r.url and r.request.method == "POST" and r.ok
    ):
        button(page, "Submit").click()


def choose(page: Page, name: str) -> None:
    page.locator(".lsf-choice__item", has_text=name).first.click()


def token_of(page: Page, url: str) -> str:
    """What the person copies from her account page: a token for programs."""
    cookies: Any = page.context.cookies()
    csrf = next(one["value"] for one in cookies if one["name"] == "csrftoken")
    headers = {"X-CSRFToken": csrf, "Referer": url}
    made = page.request.post(f"{url}/api/token/", headers=headers)
    assert made.ok, made.text()
    return str(made.json()["token"])


def test_a_project_made_and_annotated_by_hand_is_taken_over(
    url: str, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = list(opened_texts())[:2]
    file = tmp_path / "antwoorden.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["nummer", "verbatim"])
        rows.writerows((f"R{n:02d}", text) for n, text in enumerate(texts, start=1))
    anna, bert = (signed_up(chromium, url, f"{who}@example.org") for who in ("anna", "bert"))
    project = make_by_hand(anna, url, file)
    begin_task(anna, url, project, texts[0])
    mark(anna, "Geluid", "aardig 🙂 maar")
    choose(anna, "Iets anders")
    submit(anna)
    begin_task(anna, url, project, texts[1])
    choose(anna, "Geen inhoud")
    submit(anna)
    # a task of one annotation is done: the other person opens it from the table
    bert.goto(f"{url}/projects/{project}/data")
    bert.get_by_text("R01", exact=True).first.click()
    expect(bert.locator(".lsf-htx-richtext")).to_have_text(texts[0], timeout=120_000)
    bert.locator(
        "[aria-label='Create an annotation'], .lsf-annotation-button_action_add"
    ).first.click()
    mark(bert, "Buren", "buren")
    submit(bert)
    monkeypatch.setenv(TOKEN, token_of(anna, url))
    study = make_study(tmp_path / "studie")
    words = ("--project", str(project), "--label-studio", url, "--column", "respondent=nummer")
    words = (*words, "-q", "q1", "--coder", "anna@example.org=coder_a")
    words = (*words, "--coder", "bert@example.org=coder_b")
    assert themecoder(study, "coding", "import", *words).returncode == 2, "codes are not known yet"
    map_codes(study, *words)
    done(study, "coding", "import", *words, "--apply")
    found = codings(study)
    assert {key: (c.codes, [q.text for q in c.quotes]) for key, c in found.items()} == {
        ("R01", "coder_a"): (("geluid", "groen"), ["aardig 🙂 maar"]),
        ("R02", "coder_a"): (("niets",), []),
        ("R01", "coder_b"): (("buren",), ["buren"]),
    }
    originals = {a.respondent_id: a.text for a in opened(study).answers("q1")}
    for coding in found.values():
        for quote in coding.quotes:
            assert originals[coding.respondent][quote.start : quote.end] == quote.text
    done(study, "coding", "import", *words, "--apply")
    assert codings(study) == found
