"""A coder with her own session, or a token of her own, reaches her own work and no other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from real_server import Server, opened, project_of, tasks_of
from tokens import make_token

from themecoder.coding.label_studio.accounts import OWNER, email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.results import Result, write_result

pytestmark = pytest.mark.server
A, B = "coder_a", "coder_b"
GROEN, BUREN = (write_result(Result((code,))) for code in ("groen", "buren"))


@dataclass(frozen=True)
class Scene:
    """A study in which A and B have coded a task each, and B has begun another one."""

    project: int
    task: dict[str, int]
    annotation: dict[str, int]
    draft: int
    users: dict[str, int]


@pytest.fixture
def scene(study: Path, server: Server, client: Client) -> Scene:
    opened(study).plan()
    opened(study).push(["q1"], server.url)
    tasks = tasks_of(study, client)
    task = {who: next(task for key, task in tasks.items() if key[1] == who) for who in (A, B)}
    made = {who: server.code(who, task[who], GROEN) for who in (A, B)}
    begun = server.as_coder(B).post(f"/api/tasks/{task[B]}/drafts", json={"result": BUREN})
    assert begun.status_code == 201, begun.text
    users = {str(one.email): int(one.id or 0) for one in client.users.list()}
    return Scene(project_of(study, client).id, task, made, begun.json()["id"], users)


@pytest.fixture(scope="session")
def token_of_a(label_studio: Server, run_folder: Path) -> str:
    return make_token(run_folder, email_of(A))


@pytest.fixture(params=["session", "token", "both"])
def coder_a(
    request: pytest.FixtureRequest, server: Server, token_of_a: str
) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as session:
        if request.param != "token":
            session.cookies = server.as_coder(A).cookies
            session.headers.update(server.as_coder(A).headers)
        if request.param != "session":
            answer = session.post("/api/token/refresh/", json={"refresh": token_of_a})
            session.headers["Authorization"] = f"Bearer {answer.json()['access']}"
        who = session.get("/api/current-user/whoami").json()
        assert who["email"] == email_of(A)
        yield session


def attacks(scene: Scene) -> dict[str, tuple[str, str, Any]]:
    """What A tries on B's work and on what is everybody's: method, path, body."""
    b, made, hers = scene.task[B], scene.annotation[B], scene.annotation[A]
    result = {"result": BUREN}
    project = scene.project
    return {
        "read B's task": ("GET", f"/api/tasks/{b}", None),
        "read B's task, with a slash": ("GET", f"/api/tasks/{b}/", None),
        "read B's annotations": ("GET", f"/api/tasks/{b}/annotations/", None),
        "read B's annotation": ("GET", f"/api/annotations/{made}/", None),
        "read B's drafts": ("GET", f"/api/tasks/{b}/drafts", None),
        "read B's draft": ("GET", f"/api/drafts/{scene.draft}", None),
        "read B's drafts of an annotation": (
            "GET",
            f"/api/tasks/{b}/annotations/{made}/drafts",
            None,
        ),
        "B's annotation at A's task": (
            "POST",
            f"/api/tasks/{scene.task[A]}/annotations/{made}/drafts",
            result,
        ),
        "code B's task": ("POST", f"/api/tasks/{b}/annotations/", result),
        "begin B's task": ("POST", f"/api/tasks/{b}/drafts", result),
        "change B's annotation": ("PATCH", f"/api/annotations/{made}/", result),
        "put B's annotation": ("PUT", f"/api/annotations/{made}", result),
        "change B's draft": ("PATCH", f"/api/drafts/{scene.draft}/", result),
        "delete B's annotation": ("DELETE", f"/api/annotations/{made}/", None),
        "delete B's draft": ("DELETE", f"/api/drafts/{scene.draft}", None),
        "delete B's task": ("DELETE", f"/api/tasks/{b}/", None),
        "delete her own task": ("DELETE", f"/api/tasks/{scene.task[A]}/", None),
        "change B's task": ("PATCH", f"/api/tasks/{b}/", {"data": {"coder": A}}),
        "change her own task": ("PATCH", f"/api/tasks/{scene.task[A]}/", {"data": {"coder": B}}),
        "make a task": ("POST", "/api/tasks/", {"project": project, "data": {"coder": A}}),
        "delete the project": ("DELETE", f"/api/projects/{project}/", None),
        "change the project": ("PATCH", f"/api/projects/{project}/", {"title": "x"}),
        "make a project": ("POST", "/api/projects/", {"title": "x"}),
        "all tasks of the project": ("GET", f"/api/projects/{project}/tasks", None),
        "delete them": ("DELETE", f"/api/projects/{project}/tasks", None),
        "next task by the project": ("GET", f"/api/projects/{project}/next", None),
        "import": ("POST", f"/api/projects/{project}/import", [{"data": {"coder": A}}]),
        "export": ("GET", f"/api/projects/{project}/export?exportType=JSON", None),
        "export, prepared": ("POST", f"/api/projects/{project}/exports/", {}),
        "exports": ("GET", f"/api/projects/{project}/exports/", None),
        "summary": ("GET", f"/api/projects/{project}/summary/", None),
        "predictions": ("GET", f"/api/predictions/?project={project}", None),
        "make a prediction": ("POST", "/api/predictions/", {"task": b, "result": []}),
        "actions": ("GET", f"/api/dm/actions?project={project}", None),
        "delete by an action": (
            "POST",
            f"/api/dm/actions?id=delete_tasks&project={project}",
            {"selectedItems": {"all": True, "excluded": []}, "project": project},
        ),
        "annotations away by an action": (
            "POST",
            f"/api/dm/actions?id=delete_tasks_annotations&id=next_task&project={project}"
            "&id=delete_tasks_annotations",
            {"selectedItems": {"all": True, "excluded": []}, "project": project},
        ),
        "make a tab": ("POST", "/api/dm/views/", {"project": project, "data": {}}),
        "reset the tabs": ("DELETE", f"/api/dm/views/reset?project={project}", None),
        "the link of invitation": ("GET", "/api/invite", None),
        "a new link": ("POST", "/api/invite/reset-token", {}),
        "an account": ("GET", f"/api/users/{scene.users[email_of(B)]}/", None),
        "change an account": (
            "PATCH",
            f"/api/users/{scene.users[OWNER]}/",
            {"email": "x@example.org"},
        ),
        "make an account": ("POST", "/api/users/", {"email": "x@example.org"}),
        "members": ("GET", "/api/organizations/1/memberships", None),
        "a token": ("POST", "/api/token/", None),
        "tokens": ("GET", "/api/token/", None),
        "webhooks": ("POST", "/api/webhooks/", {"url": "http://127.0.0.1:9"}),
        "storage": ("GET", f"/api/storages/localfiles?project={project}", None),
        "a page of settings": ("GET", f"/projects/{project}/settings", None),
        "the administration": ("GET", "/admin/", None),
        "the documentation": ("GET", "/docs/api", None),
        "a copy of her own annotation": ("POST", f"/api/annotations/{hers}/convert-to-draft", {}),
    }


def test_each_attack_is_refused_and_changes_nothing(
    scene: Scene, coder_a: httpx.Client, client: Client
) -> None:
    def state() -> list[Any]:
        found = []
        for task in scene.task.values():
            whole = client.get(f"/api/tasks/{task}", {})
            parts = ("data", "annotations", "drafts", "predictions")
            found.append({name: whole[name] for name in parts})
        found.append(client.get(f"/api/annotations/{scene.annotation[B]}", {}))
        return [*found, client.projects.get(id=scene.project).task_number]

    before = state()
    got_through = {}
    for name, (method, path, body) in attacks(scene).items():
        answer = coder_a.request(method, path, json=body)
        taken_away = answer.status_code == 302 and answer.headers["location"] == "/projects/"
        if answer.status_code != 403 and not taken_away:
            got_through[name] = (answer.status_code, answer.text[:200])
    assert got_through == {}
    assert state() == before


def test_what_lists_show_is_her_own_part(
    scene: Scene, coder_a: httpx.Client, server: Server, client: Client
) -> None:
    def get(path: str) -> Any:
        answer = coder_a.get(path)
        assert answer.status_code == 200, (path, answer.text[:300])
        return answer.json()

    project = scene.project
    assert [one["email"] for one in get("/api/users")] == [email_of(A)]
    assert [one["data"]["title"] for one in get(f"/api/dm/views?project={project}")] == [A]
    wide = '{"filters":{"conjunction":"and","items":[]},"selectedItems":{"all":true}}'
    tabs = {one.data["title"]: one.id for one in client.views.list(project=project) if one.data}
    for asked in ("", f"&view={tabs[B]}", f"&query={wide}", "&fields=all", "&page_size=1000"):
        found = get(f"/api/tasks?project={project}{asked}")
        assert found["total"] == len(found["tasks"]) > 0
        assert {one["data"]["coder"] for one in found["tasks"]} == {A}
        assert email_of(B) not in str(found)
    columns = {one["id"]: one for one in get(f"/api/dm/columns?project={project}")["columns"]}
    assert columns["annotators"]["schema"]["items"] == [scene.users[email_of(A)]]
    assert project in {one["id"] for one in get("/api/projects?page_size=1000")["results"]}
    for body in ({}, {"selectedItems": {"all": False, "included": [scene.task[B]]}}):
        answer = coder_a.post(f"/api/dm/actions?id=next_task&project={project}", json=body)
        assert answer.status_code == 200
        assert answer.json()["data"]["coder"] == A


def test_a_project_without_a_task_of_hers_is_not_there_for_her(
    scene: Scene, coder_a: httpx.Client, client: Client
) -> None:
    label = client.projects.get(id=scene.project).label_config
    marked = "[themecoder:00000000-0000-4000-8000-000000000000]\ncodebook buurt 1.0.0"
    without, unmarked = (
        int(client.projects.create(title="elders", label_config=label, description=text).id or 0)
        for text in (marked, "")
    )
    client.get(f"/api/projects/{without}", {})
    client.projects.import_tasks(id=without, request=[{"data": {"text": "x", "coder": B}}])
    client.projects.import_tasks(id=unmarked, request=[{"data": {"text": "x", "coder": A}}])
    try:
        listed = {
            one["id"] for one in coder_a.get("/api/projects?page_size=1000").json()["results"]
        }
        for other in (without, unmarked):
            assert other not in listed
            for path in (
                f"/api/projects/{other}",
                f"/api/projects/{other}/label-stream-history",
                f"/api/dm/project?project={other}",
                f"/api/dm/views?project={other}",
                f"/api/dm/columns?project={other}",
                f"/api/tasks?project={other}",
            ):
                assert coder_a.get(path).status_code == 403, path
            answer = coder_a.post(f"/api/dm/actions?id=next_task&project={other}", json={})
            assert answer.status_code == 403
    finally:
        for one in (without, unmarked):
            client.projects.delete(id=one)


def test_nobody_codes_in_another_s_name_or_moves_work(
    scene: Scene, coder_a: httpx.Client, client: Client
) -> None:
    b = scene.users[email_of(B)]
    stolen = {
        "result": BUREN,
        "completed_by": b,
        "updated_by": b,
        "task": scene.task[B],
        "project": scene.project + 1,
        "ground_truth": True,
        "parent_annotation": scene.annotation[B],
    }
    made = coder_a.post(f"/api/tasks/{scene.task[A]}/annotations/", json=stolen)
    assert made.status_code == 201
    changed = coder_a.patch(f"/api/annotations/{made.json()['id']}/", json=stolen)
    assert changed.status_code == 200
    found = client.get(f"/api/annotations/{made.json()['id']}", {})
    a = scene.users[email_of(A)]
    assert (found["completed_by"], found["updated_by"]) == (a, a)
    assert (found["task"], found["project"]) == (scene.task[A], scene.project)
    assert (found["ground_truth"], found["parent_annotation"]) == (False, None)
    for body in (b"completed_by=%d&result=[]" % b, b"[1]", b"{"):
        kind = "application/x-www-form-urlencoded"
        answer = coder_a.post(
            f"/api/tasks/{scene.task[A]}/annotations/", content=body, headers={"content-type": kind}
        )
        assert answer.status_code == 403


def test_her_own_work_she_reads_changes_and_takes_back(scene: Scene, coder_a: httpx.Client) -> None:
    task, made = scene.task[A], scene.annotation[A]
    shown = coder_a.get(f"/api/tasks/{task}?project={scene.project}").json()
    assert [one["id"] for one in shown["annotations"]] == [made]
    changed = coder_a.patch(f"/api/annotations/{made}/", json={"result": BUREN})
    assert (changed.status_code, changed.json()["result"]) == (200, BUREN)
    begun = coder_a.post(f"/api/tasks/{task}/annotations/{made}/drafts", json={"result": GROEN})
    assert begun.status_code == 201
    draft = begun.json()["id"]
    assert coder_a.patch(f"/api/drafts/{draft}", json={"result": []}).status_code == 200
    assert [one["id"] for one in coder_a.get(f"/api/tasks/{task}/drafts").json()] == [draft]
    assert coder_a.delete(f"/api/drafts/{draft}/").status_code == 204
    assert coder_a.delete(f"/api/annotations/{made}/").status_code == 204


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": "Token abc"},
        {"X-Api-Key": "abc"},
    ],
)
def test_who_is_not_logged_in_or_bears_a_token_that_is_none_reaches_nothing(
    scene: Scene, server: Server, headers: dict[str, str]
) -> None:
    """With B's session beside it too: a request is not half one account and half another."""
    sessions: list[Callable[[], httpx.Client]] = [lambda: httpx.Client(base_url=server.url)]
    if headers:
        sessions.append(
            lambda: httpx.Client(base_url=server.url, cookies=server.as_coder(B).cookies)
        )
    for make in sessions:
        with make() as session:
            for method, path, body in attacks(scene).values():
                answer = session.request(method, path, json=body, headers=headers)
                login = answer.headers.get("location") == "/user/login/"
                assert answer.status_code == 401 or login, (method, path)


def test_an_account_that_is_no_coder_s_reaches_nothing(
    scene: Scene, server: Server, client: Client
) -> None:
    link = client.get("/api/invite", {})["invite_url"]
    with httpx.Client(base_url=server.url, follow_redirects=True, timeout=60) as guest:
        guest.get(link)
        form = {
            "email": f"guest{scene.project}@example.org",
            "password": "a-long-password",
            "csrfmiddlewaretoken": guest.cookies["csrftoken"],
            "allow_newsletters": "false",
        }
        guest.post(link, data=form, headers={"Referer": server.url})
        assert "guest" in guest.get("/api/current-user/whoami").json()["email"]
        assert guest.get("/api/projects").json()["results"] == []
        for who in (A, B):
            assert guest.get(f"/api/tasks/{scene.task[who]}").status_code == 403
