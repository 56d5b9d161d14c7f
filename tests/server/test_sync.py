"""Push, code, pull against a real Label Studio: what coders did comes here, once and whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fault_proxy import FaultProxy
from label_studio_sdk.types.import_api_request import ImportApiRequest
from real_server import CODERS, Server, opened, project_of, snapshot, tasks_of

from themecoder.coding.annotations import read_codings
from themecoder.coding.label_studio.accounts import OWNER, email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.results import Result, Span, write_result
from themecoder.coding.label_studio.server_tasks import list_tasks
from themecoder.coding.plan_file import read_plan
from themecoder.coding.quote_texts import still_there

pytestmark = pytest.mark.server


def coded(
    *codes: str, spans: tuple[Span, ...] = (), uncertain: bool = False, remark: str = ""
) -> list[dict[str, Any]]:
    return write_result(Result(codes, spans, uncertain, remark))


def test_what_is_planned_is_there_once_with_suggestions_but_for_the_blind_share(
    study: Path, server: Server, client: Client
) -> None:
    here = opened(study)
    rows = here.plan(double=0.5)
    (first, second) = here.push(url=server.url)
    assert (first.sent, second.sent) == (9, 9)
    for question in ("q1", "q2"):
        planned = {row.key: row for row in rows if row.question == question}
        assert set(tasks_of(study, client, question)) == set(planned)
        for task in list_tasks(client, project_of(study, client, question)):
            row = planned[task.data["answer_id"], task.data["coder"], 1]
            assert task.predictions == (0 if row.blind else 1)
            assert "Marieke" not in json.dumps(task.data)
    assert {row.coder for row in rows} == set(CODERS)


def test_a_second_push_and_pull_change_nothing(
    study: Path, server: Server, client: Client, proxy: FaultProxy
) -> None:
    opened(study).plan(double=1.0)
    opened(study).push(url=server.url)
    for (_, coder, _), task in tasks_of(study, client).items():
        server.code(coder, task, coded("groen"))
    opened(study).pull(url=server.url)
    # the proxy is another address: what was seen there is not taken for this one
    opened(study).push(url=proxy.url)
    opened(study).pull(url=proxy.url)
    before = snapshot(study)
    proxy.seen.clear()
    opened(study).push(url=proxy.url)
    assert len(proxy.seen) < 12, "in step is seen from a fingerprint, not by reading all"
    opened(study).pull(url=proxy.url)
    assert proxy.writes == []
    assert snapshot(study) == before


def test_all_that_a_coder_can_say_comes_back(study: Path, server: Server, client: Client) -> None:
    opened(study).plan(contentless=True)
    opened(study).push(url=server.url)
    here = opened(study)
    plan = {row.answer_id: row for row in read_plan(here.paths.plan) if row.question == "q1"}
    tasks = tasks_of(study, client)
    texts = {answer_id: text.masked for answer_id, text in here.masked_texts().items()}

    def task(answer: str) -> tuple[str, int]:
        row = plan[answer]
        return row.coder, tasks[row.key]

    def span(answer: str, part: str, code: str) -> Span:
        start = texts[answer].index(part)
        return Span(start, start + len(part), code, part)

    server.code(
        *task("R01:q1"),
        coded(
            "buren",
            "geluid",
            spans=(span("R01:q1", "de weg is luid", "geluid"), span("R01:q1", "🙂 maar", "buren")),
        ),
    )
    server.code(*task("R02:q1"), coded("groen", uncertain=True, remark="of ook buren?"))
    masked = texts["R03:q1"]
    token = masked[masked.index("[") : masked.index("]") + 1]
    server.code(*task("R03:q1"), coded(spans=(span("R03:q1", token, "buren"),)))
    server.code(
        *task("R04:q1"),
        coded(
            spans=(
                span("R04:q1", "café op de hoek", "groen"),
                span("R04:q1", "lawaai", "lawaai"),
            )
        ),
    )
    server.code(*task("R05:q1"), coded("geluid"), skip=True)
    server.code(*task("R06:q1"), coded())

    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.added, pulled.changed, pulled.unread, pulled.notes) == (6, 0, 0, ())
    found = {
        coding.answer_id: coding
        for file in sorted((study / "annotations" / "q1").glob("*.jsonl"))
        for coding in read_codings(file)
    }
    answers = {answer.answer_id: answer.text for answer in here.answers("q1")}
    for answer_id, coding in found.items():
        assert coding.coder == plan[answer_id].coder
        assert coding.codebook == "1.0.0"
        for quote in coding.quotes:
            assert still_there(quote, answers[answer_id])
    assert [q.text for q in found["R01:q1"].quotes] == ["🙂 maar", "de weg is luid"]
    assert (found["R02:q1"].uncertain, found["R02:q1"].comment) == (True, "of ook buren?")
    name = found["R03:q1"].quotes[0]
    assert answers["R03:q1"][name.start :].startswith("Marieke"), "the place is the answer's own"
    assert name.text.startswith("[NAAM]"), "the words are those that the coder saw"
    assert b"Marieke" not in b"".join(snapshot(study / "annotations").values())
    assert found["R03:q1"].codes == ("buren",)
    assert [q.text for q in found["R04:q1"].quotes] == ["café op de hoek", "lawaai"]
    assert (found["R05:q1"].state, found["R05:q1"].codes) == ("skipped", ())
    assert (found["R06:q1"].state, found["R06:q1"].codes) == ("no_code", ())
    for answer_id, coding in found.items():
        assert coding.shown == (None if plan[answer_id].blind else ("geluid",))


def one_task(study: Path, server: Server, client: Client) -> tuple[str, str, int]:
    """A pushed study's first task of q1: answer, coder and id."""
    opened(study).plan()
    opened(study).push(url=server.url)
    (answer, coder, _), task = sorted(tasks_of(study, client).items())[0]
    return answer, coder, task


def lines(study: Path, coder: str) -> list[dict[str, Any]]:
    file = study / "annotations" / "q1" / f"{coder}.jsonl"
    if not file.is_file():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_changed_coding_takes_the_place_of_the_old_which_stays_in_the_history(
    study: Path, server: Server, client: Client
) -> None:
    answer, coder, task = one_task(study, server, client)
    annotation = server.code(coder, task, coded("groen"))
    opened(study).pull(["q1"], server.url)
    before = lines(study, coder)
    server.as_coder(coder).patch(f"/api/annotations/{annotation}/", json={"result": coded("buren")})
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.added, pulled.changed) == (0, 1)
    assert [line["codes"] for line in lines(study, coder)] == [["buren"]]
    history = study / "annotations" / "history" / "q1" / f"{coder}.jsonl"
    assert [json.loads(line) for line in history.read_text("utf-8").splitlines()] == before
    assert answer == before[0]["answer_id"]


def test_what_was_deleted_there_stays_here_until_that_is_accepted(
    study: Path, server: Server, client: Client
) -> None:
    answer, coder, task = one_task(study, server, client)
    annotation = server.code(coder, task, coded("groen"))
    opened(study).pull(["q1"], server.url)
    kept = lines(study, coder)
    server.as_coder(coder).delete(f"/api/annotations/{annotation}/")
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert pulled.deleted == 1
    assert [key for key, _ in pulled.notes] == ["deleted"]
    assert lines(study, coder) == kept
    (pulled,) = opened(study).pull(["q1"], server.url, accept_deletions=True)
    assert (pulled.deleted, pulled.removed) == (0, 1)
    assert lines(study, coder) == []
    history = study / "annotations" / "history" / "q1" / f"{coder}.jsonl"
    assert json.loads(history.read_text("utf-8"))["answer_id"] == answer


@pytest.mark.parametrize(
    ("result", "note"),
    [
        (
            [
                {
                    "id": "a",
                    "from_name": "codes",
                    "to_name": "text",
                    "type": "choices",
                    "value": {"choices": ["verzonnen"]},
                }
            ],
            "label",
        ),
        (
            [
                {
                    "id": "a",
                    "from_name": "quotes",
                    "to_name": "text",
                    "type": "labels",
                    "value": {"start": 0, "end": 5000, "text": "x", "labels": ["groen"]},
                }
            ],
            "offsets",
        ),
        (
            [
                {
                    "id": "a",
                    "from_name": "sterren",
                    "to_name": "text",
                    "type": "rating",
                    "value": {"rating": 3},
                }
            ],
            "control",
        ),
    ],
)
def test_what_can_not_be_read_is_told_and_kept_whole(
    study: Path, server: Server, client: Client, result: list[dict[str, Any]], note: str
) -> None:
    _, coder, task = one_task(study, server, client)
    annotation = server.code(coder, task, result)
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert [key for key, _ in pulled.notes] == [note]
    assert pulled.unread == 1
    assert lines(study, coder) == []
    kept = study / "annotations" / "history" / "unread" / "q1.jsonl"
    record = json.loads(kept.read_text(encoding="utf-8"))
    assert record["annotation"]["id"] == annotation
    assert record["annotation"]["result"] == result


def unread(study: Path) -> list[tuple[str, int]]:
    """Why and which annotations are kept aside."""
    file = study / "annotations" / "history" / "unread" / "q1.jsonl"
    if not file.is_file():
        return []
    found = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [(one["reason"], one["annotation"]["id"]) for one in found]


def test_coding_of_a_task_by_another_than_its_coder_is_taken_when_a_person_says_so(
    study: Path, server: Server, client: Client
) -> None:
    answer, coder, task = one_task(study, server, client)
    other = next(one for one in CODERS if one != coder)
    account = next(one.id for one in client.users.list() if one.email == email_of(other))
    made = client.annotations.create(id=task, result=coded("groen"), completed_by=account)
    for _ in range(2):
        (pulled,) = opened(study).pull(["q1"], server.url)
        assert [key for key, _ in pulled.notes] == ["other_coder"], "asked till it is decided"
        assert (pulled.added, pulled.unread, pulled.asked) == (0, 0, 1)
        assert lines(study, other) == lines(study, coder) == []
        assert unread(study) == [("other_coder", made.id)]
    (pulled,) = opened(study).pull(["q1"], server.url, accept_changes=True)
    assert (pulled.added, pulled.asked, pulled.notes) == (1, 0, ())
    assert [line["answer_id"] for line in lines(study, other)] == [answer]
    assert lines(study, coder) == [] and unread(study) == []
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.same, pulled.asked, pulled.notes) == (1, 0, ()), "decided once"


def test_a_change_by_another_account_takes_no_place_until_a_person_says_so(
    study: Path, server: Server, client: Client
) -> None:
    _, coder, task = one_task(study, server, client)
    annotation = server.code(coder, task, coded("groen"))
    opened(study).pull(["q1"], server.url)
    before = lines(study, coder)
    client.annotations.update(id=annotation, result=coded("buren"))
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert [key for key, _ in pulled.notes] == ["changed_by"]
    assert pulled.notes[0][1]["account"] == OWNER
    assert (pulled.changed, pulled.asked) == (0, 1)
    assert lines(study, coder) == before, "nothing is written over"
    assert unread(study) == [("changed_by", annotation)]
    (pulled,) = opened(study).pull(["q1"], server.url, accept_changes=True)
    assert (pulled.changed, pulled.asked) == (1, 0)
    assert [line["codes"] for line in lines(study, coder)] == [["buren"]]
    # what the coder makes of it afterwards is hers again
    server.as_coder(coder).patch(
        f"/api/annotations/{annotation}/", json={"result": coded("geluid")}
    )
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.changed, pulled.asked) == (1, 0)
    assert [line["codes"] for line in lines(study, coder)] == [["geluid"]]


def test_an_exclusive_code_with_another_is_told(
    study: Path, server: Server, client: Client
) -> None:
    _, coder, task = one_task(study, server, client)
    server.code(coder, task, coded("groen", "niets"))
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert [key for key, _ in pulled.notes] == ["exclusive"]
    assert lines(study, coder)[0]["codes"] == ["groen", "niets"]


def test_a_text_that_was_edited_on_the_server_is_put_right_or_told(
    study: Path, server: Server, client: Client
) -> None:
    _, coder, task = one_task(study, server, client)
    found = client.tasks.get(id=str(task)).data
    client.tasks.update(id=str(task), data={**found, "text": "Iets anders"})
    (pushed,) = opened(study).push(["q1"], server.url)
    assert pushed.texts == 1
    assert client.tasks.get(id=str(task)).data == found
    server.code(coder, task, coded(spans=(Span(0, 2, "groen", found["text"][:2]),)))
    client.tasks.update(id=str(task), data={**found, "text": "Iets anders"})
    (pushed,) = opened(study).push(["q1"], server.url)
    assert [key for key, _ in pushed.notes] == ["text"]
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert pulled.unread == 1
    assert lines(study, coder) == []


def test_a_project_that_was_deleted_is_made_again_without_what_is_coded_here(
    study: Path, server: Server, client: Client
) -> None:
    _, coder, task = one_task(study, server, client)
    server.code(coder, task, coded("groen"))
    opened(study).pull(["q1"], server.url)
    n = len(tasks_of(study, client))
    client.projects.delete(id=project_of(study, client).id)
    (pushed,) = opened(study).push(["q1"], server.url)
    assert (pushed.sent, pushed.here) == (n - 1, 1)
    assert len(lines(study, coder)) == 1


def test_doubled_tasks_go_but_never_one_with_work(
    study: Path, server: Server, client: Client
) -> None:
    _, coder, task = one_task(study, server, client)
    data = client.tasks.get(id=str(task)).data
    project = project_of(study, client)
    client.projects.import_tasks(id=project.id, request=[ImportApiRequest(data=data)] * 3)
    newest = max(one.id for one in list_tasks(client, project))
    server.code(coder, newest, coded("groen"))
    (pushed,) = opened(study).push(["q1"], server.url)
    assert pushed.doubles == 3
    assert newest in tasks_of(study, client).values()


def test_a_page_that_was_changed_by_hand_is_put_back(
    study: Path, server: Server, client: Client
) -> None:
    one_task(study, server, client)
    project = project_of(study, client)
    changed = project.config.replace('value="Groen"', 'value="Park"')
    client.projects.update(id=project.id, label_config=changed)
    (pushed,) = opened(study).push(["q1"], server.url)
    assert [key for key, _ in pushed.notes] == ["config"]
    assert project_of(study, client).config == project.config


def test_new_answers_are_added_to_plan_and_project(
    study: Path, server: Server, client: Client
) -> None:
    one_task(study, server, client)
    before = read_plan(study / "annotations" / "plan.csv")
    with (study / "survey.csv").open("a", encoding="utf-8") as handle:
        handle.write('R50;"Nieuw antwoord over bomen";""\n')
    opened(study).plan()
    after = read_plan(study / "annotations" / "plan.csv")
    assert set(before) < set(after)
    (pushed,) = opened(study).push(["q1"], server.url)
    assert pushed.sent == 1


def test_a_changed_plan_takes_effect_on_the_server_but_for_what_somebody_worked_on(
    study: Path, server: Server, client: Client
) -> None:
    here = opened(study)
    here.plan(double=1.0, blind=0.0)
    here.push(["q1"], server.url)
    (answer, coder, _), task = sorted(tasks_of(study, client).items())[0]
    server.code(coder, task, coded("groen"))
    rows = opened(study).plan(double=0.0, blind=1.0)
    planned = {row.key for row in rows if row.question == "q1"}
    (pushed,) = opened(study).push(["q1"], server.url)
    there = tasks_of(study, client)
    orphans = set(there) - planned
    # the worked task is not pulled yet, so that the plan may have lost it
    unworked = {key for key in orphans if there[key] != task}
    assert dict(pushed.notes)["orphans"] == {"n": len(unworked)} and len(unworked) >= 5
    blind = {one.id: one.predictions for one in list_tasks(client, project_of(study, client))}
    assert all(not blind[there[key]] for key in planned if there[key] != task)
    (pushed,) = opened(study).push(["q1"], server.url, remove_orphans=True)
    assert dict(pushed.notes) == {"removed": {"n": len(unworked)}}
    left = tasks_of(study, client)
    assert left[answer, coder, 1] == task and set(left) == planned | {(answer, coder, 1)}
    (again,) = opened(study).push(["q1"], server.url, remove_orphans=True)
    assert not again.notes and again.sent == 0
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert pulled.added == 1


def test_a_draft_is_counted_not_taken_and_its_task_never_removed(
    study: Path, server: Server, client: Client
) -> None:
    """A draft is shown to nobody but its maker: the owner of the token does not see it either."""
    _, coder, task = one_task(study, server, client)
    project = project_of(study, client)
    data = client.tasks.get(id=str(task)).data
    client.projects.import_tasks(id=project.id, request=[ImportApiRequest(data=data)])
    double = max(one.id for one in list_tasks(client, project))
    draft = server.as_coder(coder).post(
        f"/api/tasks/{double}/drafts?project={project.id}",
        json={"result": coded("groen"), "lead_time": 2.0},
    )
    assert draft.status_code == 201
    (pushed,) = opened(study).push(["q1"], server.url)
    assert pushed.doubles == 1
    assert double in tasks_of(study, client).values()
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.added, pulled.drafts) == (0, 1)
    here = opened(study).status(server.url).server[0]
    assert (here.question, here.drafts, here.coded) == ("q1", 1, 0)


def test_status_says_what_is_here_and_there(study: Path, server: Server, client: Client) -> None:
    _, coder, task = one_task(study, server, client)
    n = len(tasks_of(study, client))
    server.code(coder, task, coded("groen", uncertain=True))
    there = opened(study).status(server.url).server[0]
    assert (there.tasks, there.coded, there.not_here, there.not_there) == (n, 1, 1, 0)
    opened(study).pull(url=server.url)
    status = opened(study).status(server.url)
    assert status.server[0].not_here == 0
    mine = next(row for row in status.rows if (row.question, row.coder) == ("q1", coder))
    assert (mine.done, mine.skipped, mine.uncertain) == (1, 0, 1)
    assert mine.per_hour == pytest.approx(3600 / 4.5)
    assert mine.last and mine.last.startswith("20")
    client.tasks.delete(id=str(max(tasks_of(study, client).values())))
    assert opened(study).status(server.url).server[0].not_there == 1
    away = opened(study).status("http://127.0.0.1:9")
    assert away.rows and not away.server and "127.0.0.1:9" in away.unreachable
