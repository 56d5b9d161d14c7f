"""Adjudication from disagreement to decision, by a person in a real browser on the real server."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from browser_moves import begin, button, mark
from playwright.sync_api import Page, expect
from real_server import CODERS, Server, make_study, opened, snapshot

from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.label_studio.accounts import OWNER
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.project import Project, find_project
from themecoder.coding.label_studio.server_tasks import list_tasks
from themecoder.coding.label_studio.sync_state import project_key
from themecoder.coding.model import Coding, Quote

pytestmark = [pytest.mark.server, pytest.mark.browser]
TEXTS = (
    "De buren zijn aardig 🙂 maar de weg is luid.",
    "Mijn buurvrouw Marieke de Vries let op de kinderen in het park.",
    "Veel groen, fijne mensen.",
)
CODES = {
    "coder_a": (("buren", "geluid"), ("buren", "groen"), ("groen",)),
    "coder_b": (("buren", "lawaai"), ("groen",), ("groen",)),
    "coder_c": (None, ("buren",), ("groen",)),
}
WORDS = {"buren": "buren", "geluid": "luid", "lawaai": "de weg is luid", "groen": "park"}
DEFINITION = "Last van geluid, ook van verkeer."


def coding(coder: str, number: int, codes: tuple[str, ...]) -> Coding:
    text = TEXTS[number]
    quotes = tuple(
        Quote(at, at + len(word), code, word)
        for code in codes
        for word in [WORDS[code]]
        if (at := text.find(word)) >= 0
    )
    answer = f"R{number + 1:02}:q1"
    return Coding(answer, coder, "1.0.0", "coded", codes, tuple(sorted(quotes)))


@pytest.fixture
def study(server: Server, tmp_path: Path) -> Path:
    folder = make_study(tmp_path / "oordeel", TEXTS)
    for coder in CODERS:
        rows = [coding(coder, n, codes) for n, codes in enumerate(CODES[coder]) if codes]
        write_codings(opened(folder).paths.coding("q1", coder), rows)
    config = (folder / "study.toml").read_text(encoding="utf-8")
    config = config.replace("blind_share", 'adjudicator = "Ada"\nblind_share')
    (folder / "study.toml").write_text(config, encoding="utf-8")
    return folder


def project_of(study: Path, client: Client) -> Project:
    mark = project_key(opened(study).paths.project_keys, "q1/adjudicated/1.0.0")
    assert mark is not None
    project = find_project(client, mark)
    assert project is not None
    return project


def tasks(study: Path, client: Client) -> dict[tuple[str, int], str]:
    """(answer, round) -> what the task shows of the coders."""
    return {
        (task.data["answer_id"], task.data["round"]): task.data["votes"]
        for task in list_tasks(client, project_of(study, client))
    }


def test_a_person_decides_and_a_later_change_opens_just_that_answer(
    study: Path, server: Server, client: Client, page: Page
) -> None:
    done = opened(study).accept(["unanimous", "majority"])
    assert done.made == 2  # R02: two of three gave each of buren and groen
    (pushed, nothing) = opened(study).push_disagreements(url=server.url)
    assert (pushed.planned, pushed.sent, nothing.planned) == (1, 1, 0)
    votes = tasks(study, client)
    assert set(votes) == {("R01:q1", 1)}
    assert not any(name in votes["R01:q1", 1] for name in CODERS)
    assert "Marieke" not in str(votes)
    again = opened(study).push_disagreements(url=server.url)
    assert (again[0].planned, again[0].sent) == (1, 0)

    project = find_project(
        client, project_key(opened(study).paths.project_keys, "q1/adjudicated/1.0.0") or ""
    )
    assert project is not None
    begin(page, server, project.title, OWNER)
    expect(page.locator(".lsf-htx-richtext").first).to_contain_text("aardig 🙂 maar")
    for letter in "AB":
        expect(page.locator(".tc-votes").get_by_text(letter, exact=True)).to_be_visible()
    # what all gave is ticked: only the code that is disputed is to be chosen
    expect(page.locator(".tc-codes input:checked")).to_have_count(1)
    page.keyboard.press("1")
    expect(page.locator(".tc-codes input:checked")).to_have_count(2)
    mark(page, "Geluid", "de weg is luid")
    page.locator(".tc-more textarea, .tc-more input[type=text]").first.fill("geluid van de weg")
    choose(page, "Geluid")
    page.locator(".tc-definition input[name=definition]").fill(DEFINITION)
    if folder := os.environ.get("THEMECODER_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / "adjudication.png"))
    with page.expect_response(
        lambda r: "/annotations" in r.url and r.request.method == "POST" and r.ok
    ):
        button(page, "Submit").click()

    judged, _ = opened(study).pull_decisions(url=server.url)
    assert (judged.read, judged.made, judged.definitions, judged.notes) == (1, 1, 1, ())
    decided = {c.answer_id: c for c in read_codings(opened(study).paths.adjudicated("q1"))}
    one = decided["R01:q1"]
    assert (one.codes, one.decided_by) == (("buren", "geluid"), "Ada")
    assert one.source["why"] == "geluid van de weg"
    assert {(q.code, q.text) for q in one.quotes} == {
        ("buren", "buren"),
        ("geluid", "de weg is luid"),
    }
    assert all(TEXTS[0][q.start : q.end] == q.text for q in one.quotes)
    _, draft = opened(study).codebooks.draft()
    found = draft.book.find("geluid")
    assert found is not None
    assert found.definition == DEFINITION
    assert [(c.code, c.why) for c in draft.book.changes] == [
        ("geluid", "R01:q1: geluid van de weg")
    ]  # type: ignore[union-attr]

    before = snapshot(study)
    judged, _ = opened(study).pull_decisions(url=server.url)
    assert (judged.read, judged.made) == (1, 0)
    assert opened(study).push_disagreements(url=server.url)[0].sent == 0
    assert snapshot(study) == before

    # a coder thinks again about this answer, and about no other
    file = opened(study).paths.coding("q1", "coder_b")
    rows = {c.answer_id: c for c in read_codings(file)}
    rows["R01:q1"] = replace(rows["R01:q1"], codes=("buren",), quotes=())
    write_codings(file, rows.values())
    (on, _) = opened(study).disagreements()
    assert [(case.answer_id, case.reopened) for case in on.open] == [("R01:q1", ("coder_b",))]
    assert opened(study).accept(["unanimous", "majority"]).made == 0
    opened(study).pull_decisions(url=server.url)
    assert [case.answer_id for case in opened(study).disagreements()[0].open] == ["R01:q1"]
    assert opened(study).push_disagreements(url=server.url)[0].sent == 1
    assert set(tasks(study, client)) == {("R01:q1", 1), ("R01:q1", 2)}


def choose(page: Page, label: str) -> None:
    """Pick the code whose definition is proposed."""
    page.locator(".tc-definition button").click()
    page.get_by_role("option", name=label).click()
    expect(page.get_by_role("option", name=label)).to_have_count(0)
