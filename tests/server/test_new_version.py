"""A new version of the codebook while coding runs: nothing is lost or relabelled in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fault_proxy import FaultProxy
from real_server import Server, opened, project_of, tasks_of

from themecoder.codebook import edits
from themecoder.codebook.draft import Draft
from themecoder.codebook.model import Code
from themecoder.coding.annotations import read_codings
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.results import Result, Span, read_result, write_result
from themecoder.coding.label_studio.server_tasks import annotated_tasks
from themecoder.coding.plan_file import read_plan
from themecoder.errors import InputError, ServiceError

pytestmark = pytest.mark.server
KNOWN = ("geluid", "lawaai", "groen", "buren", "niets", "park", "bomen")


def change(draft: Draft) -> Draft:
    draft = edits.rename(draft, "buren", "Wie er woont", "duidelijker")
    draft = edits.merge(draft, ["lawaai"], "geluid", "hetzelfde")
    for code in ("park", "bomen"):
        new = Code(code, code.capitalize(), "omgeving", "Deel van groen.")
        draft = edits.add(draft, new, "deel van groen")
    return edits.split(draft, "groen", ["park", "bomen"], "te breed")


def release(study: Path) -> None:
    folder = opened(study).codebooks
    document, draft = folder.draft()
    folder.save(document, change(draft))
    assert folder.release("2026-02-01").version == "2.0.0"


@pytest.fixture
def coded(study: Path, server: Server, client: Client) -> Path:
    """All of q1 coded by those it was planned for: two of three codes are changed later on."""
    opened(study).plan(double=0)
    opened(study).push(["q1"], server.url)
    texts = opened(study).masked_texts()
    for number, (key, task) in enumerate(sorted(tasks_of(study, client).items())):
        codes = (("lawaai",), ("groen",), ("buren",))[number % 3]
        text = texts[key[0]].masked
        result = Result(codes, (Span(0, 4, codes[0], text[:4]),))
        server.code(key[1], task, write_result(result))
    return study


def on_server(study: Path, client: Client) -> dict[str, Result]:
    project = project_of(study, client)
    return {
        task["data"]["answer_id"]: read_result(
            task["annotations"][0]["result"], task["data"]["text"], KNOWN
        )
        for task in annotated_tasks(client, project)
        if task["data"]["round"] == 1
    }


def here(study: Path) -> dict[str, Any]:
    return {
        coding.answer_id: coding
        for file in sorted((study / "annotations" / "q1").glob("*.jsonl"))
        for coding in read_codings(file)
    }


def check(study: Path, client: Client, before: dict[str, Result]) -> None:
    project = project_of(study, client)
    assert (project.version, project.next) == ("2.0.0", "")
    assert 'alias="park"' in project.config
    assert 'alias="groen"' in project.config, "a retired code stays, or an update would erase it"
    after = on_server(study, client)
    assert set(after) == set(before)
    for answer, result in before.items():
        now = {"lawaai": "geluid"}.get(result.codes[0], result.codes[0])
        assert after[answer].codes == (now,)
        assert [(s.start, s.end, s.text) for s in after[answer].spans] == [
            (s.start, s.end, s.text) for s in result.spans
        ]
    waiting = {answer for answer, result in before.items() if result.codes == ("groen",)}
    again = [row for row in read_plan(opened(study).paths.plan) if row.round == 2]
    assert {row.answer_id for row in again} == waiting
    assert all("groen" in row.note for row in again)
    rounds = {key for key in tasks_of(study, client) if key[2] == 2}
    assert {key[0] for key in rounds} == waiting
    for answer, coding in here(study).items():
        assert coding.codebook == "2.0.0"
        assert bool(coding.stale) == (answer in waiting)


def test_a_push_takes_the_new_version_and_all_coding_along(
    coded: Path, server: Server, client: Client
) -> None:
    before = on_server(coded, client)
    release(coded)
    opened(coded).push(["q1"], server.url)
    check(coded, client, before)
    (copy,) = (coded / "backups").glob("*label-studio*.json")
    kept = json.loads(copy.read_text(encoding="utf-8"))
    assert sum(len(task["annotations"]) for task in kept["tasks"]) == len(before)
    # what is coded again is not stale any more, and the old coding is in the history
    key, task = next((key, task) for key, task in tasks_of(coded, client).items() if key[2] == 2)
    server.code(key[1], task, write_result(Result(("park",))))
    (pulled,) = opened(coded).pull(["q1"], server.url)
    assert (pulled.changed, pulled.asked) == (1, 0), "what we merged is no stranger's change"
    new = here(coded)[key[0]]
    assert (new.codes, new.stale, new.round) == (("park",), (), 2)
    history = coded / "annotations" / "history" / "q1" / f"{key[1]}.jsonl"
    assert '"groen"' in history.read_text(encoding="utf-8")
    (pushed,) = opened(coded).push(["q1"], server.url)
    assert (pushed.sent, pushed.doubles) == (0, 0)


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_cut_short_anywhere_it_goes_on(
    coded: Path,
    server: Server,
    client: Client,
    proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
) -> None:
    monkeypatch.setattr("themecoder.coding.label_studio.retry._PAUSE", 0.01)
    before = on_server(coded, client)
    release(coded)
    writes = 0

    def from_then_on(_number: int, method: str, path: str) -> str | None:
        nonlocal writes
        if method != "GET" and "/token/" not in path:
            writes += 1
        return "500" if writes >= at else None

    proxy.choose = from_then_on
    with pytest.raises(ServiceError):
        opened(coded).push(["q1"], proxy.url)
    if project_of(coded, client).next:
        with pytest.raises(InputError) as caught:
            opened(coded).pull(["q1"], server.url)
        assert caught.value.problems[0].key == "pull.under_way"
    opened(coded).push(["q1"], server.url)
    check(coded, client, before)


def test_what_a_coder_sends_meanwhile_is_kept(coded: Path, server: Server, client: Client) -> None:
    """An old page is still open in a browser, and sends a code that is merged by now."""
    release(coded)
    opened(coded).push(["q1"], server.url)
    key, task = next(
        (key, task) for key, task in sorted(tasks_of(coded, client).items()) if key[2] == 1
    )
    server.code(key[1], task, write_result(Result(("lawaai", "buren"))))
    (pulled,) = opened(coded).pull(["q1"], server.url)
    assert pulled.unread == 0
    assert here(coded)[key[0]].codes == ("buren", "lawaai"), "as the coder sent it; in no count"


def test_another_s_change_before_a_merge_is_asked_about_after_it(
    coded: Path, server: Server, client: Client
) -> None:
    project = project_of(coded, client)
    task = next(one for one in annotated_tasks(client, project) if "lawaai" in str(one))
    (made,) = task["annotations"]
    opened(coded).pull(["q1"], server.url)
    client.annotations.update(id=made["id"], result=write_result(Result(("lawaai", "buren"))))
    release(coded)
    opened(coded).push(["q1"], server.url)
    (pulled,) = opened(coded).pull(["q1"], server.url)
    assert [key for key, _ in pulled.notes] == ["changed_by"]
    assert (pulled.asked, pulled.changed) == (1, 0)
    assert here(coded)[task["data"]["answer_id"]].codes == ("geluid",)


def test_a_study_that_is_behind_the_server_is_told(
    coded: Path, server: Server, client: Client
) -> None:
    project = project_of(coded, client)
    text = client.projects.get(id=project.id).description or ""
    client.projects.update(id=project.id, description=text.replace("1.0.0", "3.0.0"))
    with pytest.raises(InputError) as caught:
        opened(coded).push(["q1"], server.url)
    assert [problem.key for problem in caught.value.problems] == ["push.later"]
    with pytest.raises(InputError):
        opened(coded).pull(["q1"], server.url)
