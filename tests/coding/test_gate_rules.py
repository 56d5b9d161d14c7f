"""The gate's rules by themselves: what may be asked for, and what of an answer is shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.coding.label_studio.in_server.themecoder_gate.answers import (
    Coder,
    NotHersError,
    own_part,
)
from themecoder.coding.label_studio.in_server.themecoder_gate.routes import (
    Kind,
    among,
    open_to_all,
    route,
    sent,
)

ANNA = Coder(7, "anna@themecoder.local", "anna")
METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE")
WRITES = {Kind.WORK_OF_TASK, Kind.ANNOTATION, Kind.DRAFT, Kind.DRAFTS_OF_ANNOTATION}
PARTS = """
api tasks annotations drafts projects dm views actions users invite token export next import
predictions organizations webhooks labels ml 1 22 data settings .. . %2e%2e user login
"""
paths = st.lists(st.sampled_from(PARTS.split()), max_size=6).map(
    lambda parts: "/" + "/".join(parts)
)


@given(st.sampled_from(METHODS), paths, st.dictionaries(st.sampled_from(["id", "project"]), paths))
def test_only_what_has_a_line_may_be_asked_for(
    method: str, path: str, query: dict[str, str]
) -> None:
    found = route(method, path, query)
    if found is None:
        return
    assert not {"..", ".", "%2e%2e", "invite", "token", "export"} & set(path.split("/"))
    if method not in ("GET", "HEAD"):
        # a write is one of work: never of a task, a project, a tab or an account
        assert found.kind in WRITES
    assert method not in ("OPTIONS", "TRACE")


@pytest.mark.parametrize(
    ("method", "path", "query", "kind", "ids"),
    [
        ("GET", "/projects/3/data", {"tab": "1"}, Kind.AS_IT_IS, ()),
        ("GET", "/api/tasks/12", {"view": "9"}, Kind.TASK, (12,)),
        ("GET", "/api/tasks", {"project": "3", "view": "9"}, Kind.TASKS, (3,)),
        ("POST", "/api/tasks/12/annotations", {}, Kind.WORK_OF_TASK, (12,)),
        ("POST", "/api/tasks/1/annotations/2/drafts/", {}, Kind.DRAFTS_OF_ANNOTATION, (1, 2)),
        ("DELETE", "/api/annotations/5/", {}, Kind.ANNOTATION, (5,)),
        ("POST", "/api/dm/actions", {"id": "next_task", "project": "3"}, Kind.NEXT_TASK, (3,)),
    ],
)
def test_what_the_page_asks_for_has_its_line(
    method: str, path: str, query: dict[str, str], kind: Kind, ids: tuple[int, ...]
) -> None:
    found = route(method, path, query)
    assert found is not None
    assert (found.kind, found.ids) == (kind, ids)
    assert not {"view", "tab", "query", "fields"} & set(found.query)


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("DELETE", "/api/tasks/12", {}),
        ("GET", "/api/tasks", {}),
        ("GET", "/api/tasks", {"project": "3 or 1=1"}),
        ("GET", "/api/tasks", {"project": "٣"}),
        ("GET", "/api/tasks/٣", {}),
        ("GET", "/api/tasks/12\n", {}),
        ("GET", "//api/tasks/12", {}),
        ("POST", "/api/dm/actions", {"id": "delete_tasks", "project": "3"}),
        ("POST", "/api/dm/actions", {"project": "3"}),
        ("GET", "/api/invite", {}),
        ("POST", "/api/token", {}),
    ],
)
def test_what_has_none_is_refused(method: str, path: str, query: dict[str, str]) -> None:
    assert route(method, path, query) is None
    assert not open_to_all(method, path)


def test_who_is_not_logged_in_may_log_in_and_no_more() -> None:
    for method, path in (
        ("GET", "/static/js/main.js"),
        ("POST", "/user/login/"),
        ("POST", "/api/token/refresh/"),
    ):
        assert open_to_all(method, path)
    for method, path in (
        ("POST", "/static/js/main.js"),
        ("GET", "/api/projects"),
        ("GET", "/user/account"),
        ("GET", "/"),
        ("DELETE", "/user/login/"),
    ):
        assert not open_to_all(method, path)


def test_whose_it_is_and_where_it_belongs_can_not_be_sent() -> None:
    body = {"result": [], "lead_time": 3.5, "completed_by": 9, "task": 1, "project": 2, "user": 4}
    assert sent(body) == {"result": [], "lead_time": 3.5}
    assert sent([body]) is sent("x") is sent(None) is None


def test_projects_are_among_hers() -> None:
    assert among(None, {3, 1}) == "1,3"
    assert among("2,1", {3, 1}) == "1"
    assert among("2", {3, 1}) == among(None, ()) == among("", {1}) == "0"


names = st.sampled_from(["anna", "Anna", "bea", "", None, 3])
users = st.sampled_from([7, 8, None])
works = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 99), "completed_by": users})
    | st.fixed_dictionaries({"completed_by": users.map(lambda one: {"id": one})})
    | st.fixed_dictionaries({"user": st.sampled_from([ANNA.email, "bea@themecoder.local", 7, 8])}),
    max_size=4,
)
tasks = st.fixed_dictionaries(
    {"data": st.fixed_dictionaries({"coder": names})},
    optional={"annotations": works, "drafts": works, "annotators": st.lists(users)},
)


def is_annas(work: Any) -> bool:
    who = work.get("completed_by", work.get("user"))
    return (who["id"] if isinstance(who, dict) else who) in (7, ANNA.email)


@given(st.lists(tasks, max_size=4))
def test_no_answer_shows_another_s_task_or_work(found: list[dict[str, Any]]) -> None:
    theirs = any(one["data"]["coder"] not in ("anna", "Anna") for one in found)
    try:
        shown = own_part(Kind.TASKS, {"total": len(found), "tasks": found}, ANNA, ())["tasks"]
    except NotHersError:
        assert theirs
        return
    assert not theirs
    for before, after in zip(found, shown, strict=True):
        assert after["data"] == before["data"]
        for name in ("annotations", "drafts"):
            kept = [one for one in before.get(name, ()) if is_annas(one)]
            assert list(after.get(name, ())) == kept
        assert set(after.get("annotators", ())) <= {7}


@given(st.sampled_from(list(Kind)), st.none() | st.integers() | st.lists(st.integers(), min_size=1))
def test_an_answer_of_an_unknown_shape_is_not_shown(kind: Kind, body: Any) -> None:
    unread = {Kind.AS_IT_IS, Kind.NOTHING, Kind.PROJECT}
    if kind in unread:
        return
    with pytest.raises(NotHersError):
        own_part(kind, body, ANNA, ())


def test_lists_show_her_part() -> None:
    people = [{"id": 7}, {"id": 8}]
    assert own_part(Kind.ACCOUNTS, people, ANNA, ()) == [{"id": 7}]
    paged = {"count": 2, "results": people}
    assert own_part(Kind.ACCOUNTS, paged, ANNA, ()) == {"count": 1, "results": [{"id": 7}]}
    some = {"count": 9, "next": "page=2", "results": [{"id": 3}, {"id": 4}]}
    assert own_part(Kind.PROJECTS, some, ANNA, {4}) == {**some, "results": [{"id": 4}]}
    tabs = [{"data": {"title": name}} for name in ("Anna", "bea", "Default")]
    assert own_part(Kind.TABS, tabs, ANNA, ()) == tabs[:1]
    nobody = Coder(9, "guest@example.org", "")
    assert own_part(Kind.TABS, [{"data": {"title": ""}}], nobody, ()) == []
    with pytest.raises(NotHersError):
        own_part(Kind.ANNOTATION, {"completed_by": 8}, ANNA, ())
