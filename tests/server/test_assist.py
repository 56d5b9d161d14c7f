"""Suggestions that learn while people code: a real server and browser, a backend that dies."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser_moves import begin, button
from fault_proxy import FaultProxy
from playwright.sync_api import Page, expect
from real_server import Server, make_study, opened, project_of, tasks_of

from commands import THEMECODER, in_own_process, themecoder
from themecoder.assist.backend import USER
from themecoder.assist.label_studio.connection import TITLE
from themecoder.assist.study_assist import Assisting, assisting
from themecoder.coding.label_studio.accounts import email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.results import Result, write_result
from themecoder.coding.label_studio.tasks import task_data
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan, write_plan
from themecoder.coding.planning import coding_by_coder
from themecoder.coding.suggestions.study_suggestions import MODEL
from themecoder.errors import Problem

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.long(120)]
A, B = "coder_a", "coder_b"
TEXTS = (
    "Veel groen, bomen en een park. De buren zijn ook aardig.",
    "Er is veel groen, met bomen en een park.",
    "Last van geluid van de trein.",
    "De buren zijn aardig.",
    "Last van geluid van de weg.",
    "Geluid van de trein.",
    "Fijne buren in de straat.",
    "Hard geluid van de snelweg.",
)


@pytest.fixture
def study(server: Server, tmp_path: Path) -> Path:
    """Eight answers, which A codes with suggestions and B without, on the server."""
    folder = make_study(tmp_path / "hulp", TEXTS)
    numbers = range(1, len(TEXTS) + 1)
    rows = [Planned("q1", f"R{n:02d}:q1", A, place=n) for n in numbers]
    rows += [Planned("q1", f"R{n:02d}:q1", B, blind=True, place=n) for n in numbers]
    write_plan(opened(folder).paths.plan, rows)
    opened(folder).push(["q1"], server.url)
    return folder


@pytest.fixture
def told() -> list[Problem]:
    return []


@pytest.fixture
def assist(study: Path, server: Server, told: list[Problem]) -> Iterator[Assisting]:
    with assisting(opened(study), server.url, told=told.extend) as found:
        yield found


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ticked(page: Page, text: str) -> tuple[set[str], list[str]]:
    """The labels of the codes whose boxes are ticked, and the parts that are marked, once
    the page shows ``text``."""
    expect(page.locator(".lsf-htx-richtext")).to_have_text(text)
    expect(page.locator(".tc-codes input").first).to_be_enabled()
    page.wait_for_timeout(500)  # the boxes are ticked after the text is there
    boxes = page.evaluate(
        "[...document.querySelectorAll('.tc-codes input:checked')].map(one => one.name)"
    )
    return set(boxes), page.locator(".lsf-htx-richtext .htx-highlight").all_inner_texts()


def submit(page: Page) -> None:
    with page.expect_response(
        lambda r: "/annotations" in r.url and r.request.method == "POST" and r.ok
    ):
        button(page, "Submit").click()


def suggested(assist: Assisting, number: int) -> set[str]:
    """The codes that A would be shown with an answer now."""
    now = assist.learning.found
    row = now.rows[f"R{number:02d}:q1", A, 1]
    task = {"data": {"answer_id": row.answer_id, "coder": A, "round": 1, "text": TEXTS[number - 1]}}
    (found,) = now.predictions(task)
    return {code for one in found["result"] for code in one["value"].get("choices", ())}


def test_suggestions_change_with_what_is_accepted_and_rejected(
    study: Path, server: Server, client: Client, page: Page, assist: Assisting, told: list[Problem]
) -> None:
    first = {number: suggested(assist, number) for number in range(1, 6)}
    assert [first[n] for n in (1, 2, 3, 5)] == [
        {"groen"},
        {"groen"},
        {"geluid"},
        {"geluid"},
    ]
    begin(page, server, project_of(study, client).title, email_of(A))

    assert ticked(page, TEXTS[0]) == ({"Groen"}, [TEXTS[0][:30]])
    submit(page)
    assert ticked(page, TEXTS[1])[0] == {"Groen"}
    submit(page)
    assert ticked(page, TEXTS[2])[0] == {"Geluid"}
    page.keyboard.press("1")
    assert ticked(page, TEXTS[2])[0] == set()
    submit(page)
    until(lambda: assist.learning.found.learned.learned_from == 3)
    ticked(page, TEXTS[3])
    submit(page)
    until(lambda: assist.learning.found.learned.learned_from == 4)
    shown, _ = ticked(page, TEXTS[4])
    assert "Geluid" not in shown
    submit(page)

    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.added, pulled.unread, told) == (5, 0, [])
    codings = {one.answer_id: one for one in coding_by_coder(opened(study), "q1")[A]}
    kept = [codings[f"R{number:02d}:q1"] for number in range(1, 6)]
    assert [(one.codes, one.shown) for one in kept[:3]] == [
        (("groen",), ("groen",)),
        (("groen",), ("groen",)),
        ((), ("geluid",)),
    ]
    assert (kept[4].codes, kept[4].shown) == ((), ())
    assert [(quote.code, quote.text) for quote in kept[0].quotes] == [("groen", TEXTS[0][:30])]


def test_who_takes_the_tick_away_has_rejected_the_mark_too(
    study: Path, server: Server, client: Client, page: Page, assist: Assisting
) -> None:
    begin(page, server, project_of(study, client).title, email_of(A))
    assert ticked(page, TEXTS[0]) == ({"Groen"}, [TEXTS[0][:30]])
    page.keyboard.press("3")
    assert ticked(page, TEXTS[0])[0] == set()
    submit(page)
    until(lambda: assist.learning.found.learned.learned_from == 1)
    opened(study).pull(["q1"], server.url)
    (coding,) = coding_by_coder(opened(study), "q1")[A]
    assert (coding.state, coding.codes, coding.quotes) == ("no_code", (), ())
    assert coding.shown == ("groen",)
    assert opened(study).status(server.url).not_here == 0


def test_a_blind_coder_sees_none_by_page_by_api_and_of_the_backend(
    study: Path, server: Server, client: Client, page: Page, assist: Assisting
) -> None:
    project = project_of(study, client)
    begin(page, server, project.title, email_of(B))
    assert ticked(page, TEXTS[0]) == (set(), [])
    tasks = tasks_of(study, client)
    hers = server.as_coder(B)
    asked = f"/api/dm/actions?id=next_task&project={project.id}"
    assert hers.post(asked, json={}).json()["predictions"] == []
    for number in range(1, len(TEXTS) + 1):
        task = tasks[f"R{number:02d}:q1", B, 1]
        for who in (hers, server.as_owner()):
            found = who.get(f"/api/tasks/{task}?project={project.id}").json()
            assert found["data"]["coder"] == B
            assert found["predictions"] == []
    (model,) = client.ml.list(project=project.id)
    assert hers.get(f"/api/ml?project={project.id}").json() == []
    body = {"task": tasks["R01:q1", B, 1], "context": {}}
    for path in (f"/api/ml/{model.id}/interactive-annotating", f"/api/ml/{model.id}/train"):
        assert hers.post(path, json=body).status_code == 403
    assert hers.get(f"/api/ml/{model.id}").status_code == 403
    # the researcher has all tasks predicted: those of B still have none
    ids = {"selectedItems": {"all": True, "excluded": []}, "project": project.id}
    retrieve = f"/api/dm/actions?id=retrieve_tasks_predictions&project={project.id}"
    assert server.as_owner().post(retrieve, json=ids).status_code == 200
    every = client.get("/api/tasks", {"project": project.id, "fields": "all", "page_size": 50})
    predicted = {one["data"]["coder"] for one in every["tasks"] if one["predictions"]}
    assert predicted == {A}
    # who asks the backend itself needs the secret, and gets none of B's with it
    request = {"tasks": [{"id": 1, "data": one["data"]} for one in every["tasks"]]}
    assert httpx.post(f"{assist.url}/predict", json=request).status_code == 401
    found = httpx.post(f"{assist.url}/predict", json=request, auth=secret_of(client, project.id))
    given = zip(request["tasks"], found.json()["results"], strict=True)
    assert {(one["data"]["coder"], bool(got)) for one, got in given} == {(A, True), (B, False)}
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert pulled.added == 0


def secret_of(client: Client, project: int) -> tuple[str, str]:
    """The password of the backend, from the webhook that bears it."""
    (hook,) = client.webhooks.list(project=str(project))
    assert hook.headers is not None
    words = base64.b64decode(hook.headers["Authorization"].removeprefix("Basic ")).decode()
    user, _, secret = words.partition(":")
    return user, secret


def test_it_leaves_the_server_and_the_study_as_they_were(
    study: Path, server: Server, client: Client
) -> None:
    project = project_of(study, client)
    before = client.get(f"/api/projects/{project.id}/", {})
    files = {f: f.read_bytes() for f in study.rglob("*") if f.is_file() and ".them" not in str(f)}
    with assisting(opened(study), server.url):
        during = client.get(f"/api/projects/{project.id}/", {})
        assert during["model_version"] == TITLE
        (hook,) = client.webhooks.list(project=str(project.id))
        assert hook.send_payload is False
        again = themecoder(study, "assist", "--url", server.url, "--json")
        assert again.returncode == 2
        assert json.loads(again.stderr)["problems"][0]["key"] == "assist.runs"
    after = client.get(f"/api/projects/{project.id}/", {})
    assert (before["model_version"], after["model_version"]) == (MODEL, MODEL)
    assert client.ml.list(project=project.id) == []
    assert client.webhooks.list(project=str(project.id)) == []
    assert files == {
        f: f.read_bytes() for f in study.rglob("*") if f.is_file() and ".them" not in str(f)
    }


@contextmanager
def own_process(study: Path, url: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The command as a user starts it, once it says that it runs; killed if it has not ended."""
    words = [THEMECODER, "assist", "--study", str(study), "--url", url, "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1] != "}\n":
            lines.append(process.stdout.readline())
            assert lines[-1], process.communicate()[1]
        yield process, json.loads("".join(lines))
    finally:
        process.kill()
        process.communicate()


def test_the_command_ends_when_asked_to_and_disconnects(
    study: Path, server: Server, client: Client
) -> None:
    project = project_of(study, client)
    with own_process(study, server.url) as (process, said):
        assert said["projects"] == [project.title]
        (model,) = client.ml.list(project=project.id)
        assert (model.title, model.url, model.state) == (TITLE, said["url"], "CO")
        process.send_signal(signal.SIGTERM)
        out, error = process.communicate(timeout=60)
        assert (process.returncode, out, error) == (0, "", "")
    assert client.ml.list(project=project.id) == []


def test_a_backend_that_is_killed_while_it_predicts_stops_nobody(
    study: Path, server: Server, client: Client, page: Page
) -> None:
    project = project_of(study, client)
    with own_process(study, server.url) as (process, said), FaultProxy(said["url"]) as between:
        user, secret = secret_of(client, project.id)
        (model,) = client.ml.list(project=project.id)
        client.ml.update(
            id=int(model.id or 0),
            project=project.id,
            url=between.url,
            title=TITLE,
            description=model.description,
            auth_method="BASIC_AUTH",
            basic_auth_user=user,
            basic_auth_pass=secret,
        )
        begin(page, server, project.title, email_of(A))
        assert ticked(page, TEXTS[0])[0] == {"Groen"}

        def kill(_: int, method: str, path: str) -> None:
            if path == "/predict":
                os.kill(process.pid, signal.SIGKILL)
                process.wait()

        between.choose = kill
        submit(page)
        assert ticked(page, TEXTS[1]) == (set(), [])
        assert process.returncode == -signal.SIGKILL
        page.keyboard.press("3")
        submit(page)
        # nobody is there any more: the next task comes all the same
        assert ticked(page, TEXTS[2]) == (set(), [])
        submit(page)
        assert ticked(page, TEXTS[3]) == (set(), [])
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.added, pulled.unread) == (3, 0)
    codings = {one.answer_id: one for one in coding_by_coder(opened(study), "q1")[A]}
    assert codings["R01:q1"].shown == ("groen",)
    assert codings["R02:q1"].codes == ("groen",)
    found = in_own_process(study, "assist", "--disconnect", "--url", server.url, "--json")
    assert json.loads(found.stdout) == {"disconnected": [project.title]}
    assert client.ml.list(project=project.id) == []
    assert client.webhooks.list(project=str(project.id)) == []
    assert client.get(f"/api/projects/{project.id}/", {})["model_version"] == MODEL
    found = in_own_process(study, "assist", "--disconnect", "--url", server.url, "--json")
    assert json.loads(found.stdout) == {"disconnected": []}


def test_another_model_is_left_alone(study: Path, server: Server, client: Client) -> None:
    project = project_of(study, client)
    with own_process(study, server.url) as (_, said):
        auth = secret_of(client, project.id)
        (model,) = client.ml.list(project=project.id)
        client.ml.update(
            id=int(model.id or 0),
            project=project.id,
            url=said["url"],
            title="eigen model",
            auth_method="BASIC_AUTH",
            basic_auth_user=USER,
            basic_auth_pass=auth[1],
        )
    found = themecoder(study, "assist", "--url", server.url, "--json")
    assert found.returncode == 2
    assert json.loads(found.stderr)["problems"][0]["key"] == "assist.other_model"
    assert [one.title for one in client.ml.list(project=project.id)] == ["eigen model"]


def test_what_another_account_changed_and_what_is_taken_back_teaches_nothing(
    study: Path, server: Server, client: Client, assist: Assisting, told: list[Problem]
) -> None:
    tasks = tasks_of(study, client)

    def learned_from() -> int:
        return assist.learning.found.learned.learned_from

    groen = write_result(Result(("groen",)))
    first = server.code(A, tasks["R01:q1", A, 1], groen)
    second = server.code(A, tasks["R02:q1", A, 1], groen)
    until(lambda: learned_from() == 2)
    server.code(B, tasks["R03:q1", B, 1], write_result(Result(("geluid",))))
    until(lambda: learned_from() == 3)
    assert server.as_coder(A).delete(f"/api/annotations/{first}/").status_code == 204
    until(lambda: learned_from() == 2)
    changed = server.as_owner().patch(
        f"/api/annotations/{second}/", json={"result": write_result(Result(("geluid",)))}
    )
    assert changed.status_code == 200
    until(lambda: learned_from() == 1)
    assert told == []


def test_what_changes_in_the_study_is_seen_while_it_runs(
    study: Path, server: Server, client: Client, assist: Assisting, told: list[Problem]
) -> None:
    def nudge() -> None:
        auth = secret_of(client, project_of(study, client).id)
        assert httpx.post(f"{assist.url}/webhook", json={}, auth=auth).status_code == 201

    def planned(number: int) -> bool:
        return (f"R{number:02d}:q1", A, 1) in assist.learning.found.rows

    assert suggested(assist, 1) == {"groen"}
    rows = read_plan(opened(study).paths.plan)
    blind = [replace(row, blind=True) if row.answer_id == "R01:q1" else row for row in rows]
    write_plan(opened(study).paths.plan, blind)
    nudge()
    until(lambda: assist.learning.found.rows["R01:q1", A, 1].blind)
    task = {"data": task_data(blind[0], "", TEXTS[0])}
    assert assist.learning.found.predictions(task) == []

    # an answer that comes in, with a plan that has not been read whole when it is asked
    with (study / "survey.csv").open("a", encoding="utf-8") as file:
        file.write('R09;"Veel groen en bomen.";""\n')
    plan = opened(study).paths.plan
    right = plan.read_text(encoding="utf-8")
    plan.write_text(right + "q1,R09:q1,coder_a,een,0,9,\n", encoding="utf-8")
    nudge()
    until(lambda: bool(told))
    assert {(one.key.partition(".")[0], one.row) for one in told} == {("plan", 18)}
    assert suggested(assist, 2) == {"groen"} and not planned(9)
    plan.write_text(right + "q1,R09:q1,coder_a,1,0,9,\n", encoding="utf-8")
    nudge()
    until(lambda: planned(9))
    assert "R09:q1" in assist.learning.found.learned.answers
    assert len(told) == 1
