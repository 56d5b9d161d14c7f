"""A question's project on the server: its marker, its tasks by key, what coders made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themecoder.coding.label_studio.client import Client, RefusedError
from themecoder.coding.label_studio.tasks import Key, key_of
from themecoder.errors import InputError, Problem, ServiceError

_MARK = re.compile(r"\[themecoder:(?P<mark>[0-9a-f-]{36})\]")
_STATE = re.compile(r"codebook (?P<book>\S+) (?P<version>\S+?)(?: > (?P<next>\S+))?\s*$", re.M)
_PAGE = 1000
_BEGUN = {
    "filter": "filter:tasks:draft_exists", "operator": "equal", "type": "Boolean", "value": True,
}  # fmt: skip
_HIDDEN = tuple(
    f"tasks:{name}"
    for name in (
        "inner_id", "annotators", "annotations_results", "annotations_ids", "predictions_score",
        "predictions_model_versions", "predictions_results", "file_upload", "storage_filename",
        "created_at", "updated_at", "updated_by", "avg_lead_time", "draft_exists",
        "data.answer_id", "data.coder", "data.place", "data.question",
    )
)  # fmt: skip
"""Columns that tell a coder nothing, or who else codes what."""
_NESTED = (
    "id", "data", "updated_at", "annotations", "result", "completed_by", "was_cancelled",
    "created_at", "lead_time", "predictions", "model_version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Project:
    """A project with our marker. ``next``: the version that a change now under way leads to."""

    id: int
    mark: str
    title: str
    config: str
    book: str
    version: str
    next: str = ""


@dataclass(frozen=True, slots=True)
class ServerTask:
    """A task as the server lists it. ``worked``: it has annotations, skips or drafts."""

    id: int
    data: Mapping[str, Any]
    worked: bool
    predictions: int


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What moves whenever tasks, annotations or predictions of a project do."""

    tasks: int
    annotations: int
    predictions: int
    latest: str


def description(mark: str, book: str, version: str, next_version: str = "") -> str:
    onward = f" > {next_version}" if next_version else ""
    return f"[themecoder:{mark}]\ncodebook {book} {version}{onward}"


def find_project(client: Client, mark: str) -> Project | None:
    """The project with the marker. Raises InputError where more than one has it."""
    found = []
    page = 1
    while True:
        part = client.get("/api/projects/", {"page": page, "page_size": _PAGE})
        found += [one for one in part["results"] if f"[themecoder:{mark}]" in _text(one)]
        if not part.get("next"):
            break
        page += 1
    if not found:
        return None
    if len(found) > 1:
        titles = ", ".join(f"{one['title']} ({one['id']})" for one in found)
        raise InputError(Problem("server.two_projects", {"titles": titles}))
    one = found[0]
    state = _STATE.search(_text(one))
    if state is None:
        raise InputError(Problem("server.no_version", {"title": one["title"], "mark": mark}))
    return Project(
        int(one["id"]), mark, str(one["title"]), str(one["label_config"]), state["book"],
        state["version"], state["next"] or "",
    )  # fmt: skip


def create_project(client: Client, fields: Mapping[str, Any]) -> None:
    """Make a project. Raises UnclearError: look with ``find_project`` whether it is there."""
    client.write("POST", "/api/projects/", dict(fields))


def change_project(client: Client, project: Project, **fields: Any) -> None:
    """Set fields of a project; the same twice is the same."""
    client.write("PATCH", f"/api/projects/{project.id}/", fields)


def fingerprint(client: Client, project: Project) -> Fingerprint:
    query = json.dumps({"ordering": ["-tasks:updated_at"]})
    found = client.get(
        "/api/tasks",
        {"project": project.id, "page_size": 1, "fields": "task_only",
         "include": "id,updated_at", "query": query},
    )  # fmt: skip
    latest = found["tasks"][0] if found["tasks"] else {"id": 0, "updated_at": ""}
    return Fingerprint(
        found["total"], found["total_annotations"], found["total_predictions"],
        f"{latest['id']} {latest['updated_at']}",
    )  # fmt: skip


def list_tasks(client: Client, project: Project) -> list[ServerTask]:
    """All tasks in the order of their ids."""
    work = ("total_annotations", "cancelled_annotations")
    fields = ",".join(("id", "data", "total_predictions", *work))
    begun = drafted_tasks(client, project)
    return [
        ServerTask(
            int(task["id"]),
            task["data"],
            task["id"] in begun or any(task.get(name) for name in work),
            int(task.get("total_predictions") or 0),
        )
        for task in _pages(client, project, "task_only", fields)
    ]


def drafted_tasks(client: Client, project: Project) -> set[int]:
    """The tasks that somebody began and has not sent. Only the filter knows: a draft is shown to
    nobody but its maker."""
    return {int(task["id"]) for task in _pages(client, project, "task_only", "id", _BEGUN)}


def annotated_tasks(client: Client, project: Project) -> Iterator[Mapping[str, Any]]:
    """The tasks with annotations or skips: data, annotations and predictions of each."""
    seen: set[int] = set()
    for name in ("total_annotations", "cancelled_annotations"):
        some = {"filter": f"filter:tasks:{name}", "operator": "greater", "type": "Number",
                "value": 0}  # fmt: skip
        for task in _pages(client, project, "all", ",".join(_NESTED), some):
            if task["id"] not in seen:
                seen.add(task["id"])
                yield task


def import_tasks(
    client: Client, project: Project, tasks: Sequence[Mapping[str, Any]]
) -> tuple[list[int], int]:
    """Send new tasks; their ids in order, and how many predictions were kept."""
    found = client.write(
        "POST", f"/api/projects/{project.id}/import", list(tasks), return_task_ids="true"
    )
    return [int(one) for one in found["task_ids"]], int(found["prediction_count"])


def import_predictions(
    client: Client, project: Project, predictions: Sequence[Mapping[str, Any]]
) -> int:
    """Add predictions to tasks that are there; how many were kept."""
    path = f"/api/projects/{project.id}/import/predictions"
    return int(client.write("POST", path, list(predictions))["created"])


def delete_task(client: Client, task: int) -> None:
    try:
        client.write("DELETE", f"/api/tasks/{task}/")
    except RefusedError as error:
        if error.status != 404:
            raise


def users(client: Client) -> dict[int, str]:
    """id -> e-mail address of everyone in the organisation. Raises ServiceError if not allowed."""
    try:
        found = client.get("/api/users")
    except RefusedError as error:
        raise ServiceError(Problem("server.no_permission", {"detail": error.detail})) from None
    return {int(one["id"]): str(one["email"]) for one in found}


def by_key(tasks: Sequence[ServerTask]) -> dict[Key, list[ServerTask]]:
    """The tasks of ours by their key; more than one where the server doubled them."""
    found: dict[Key, list[ServerTask]] = {}
    for task in tasks:
        if (key := key_of(task.data)) is not None:
            found.setdefault(key, []).append(task)
    return found


def _pages(
    client: Client, project: Project, fields: str, include: str,
    some: Mapping[str, Any] | None = None,
) -> Iterator[Mapping[str, Any]]:  # fmt: skip
    """Pages by id: a task that comes or goes meanwhile moves no other past the reader."""
    last = 0
    while True:
        newer = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number",
                 "value": last}  # fmt: skip
        items = [newer, some] if some else [newer]
        query = {
            "filters": {"conjunction": "and", "items": items},
            "ordering": ["tasks:id"],
        }
        page = client.get(
            "/api/tasks",
            {"project": project.id, "page_size": _PAGE, "fields": fields, "include": include,
             "query": json.dumps(query)},
        )["tasks"]  # fmt: skip
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1]["id"]


def _text(project: Mapping[str, Any]) -> str:
    return str(project.get("description") or "")


def is_worked(client: Client, project: Project, task: int) -> bool:
    """Whether somebody has coded, skipped or begun a task, by now."""
    try:
        found = client.get(f"/api/tasks/{task}/")
    except RefusedError as error:
        if error.status == 404:
            return False
        raise
    return bool(found.get("annotations")) or task in drafted_tasks(client, project)


def change_task(client: Client, task: int, data: Mapping[str, Any]) -> None:
    client.write("PATCH", f"/api/tasks/{task}/", {"data": dict(data)})


def tab_titles(client: Client, project: Project) -> set[str]:
    views = client.get("/api/dm/views", {"project": project.id})
    return {str(one["data"].get("title")) for one in views}


def make_tab(client: Client, project: Project, coder: str) -> None:
    """A tab with the tasks of one coder, in the order that was drawn for them."""
    mine = {"filter": "filter:tasks:data.coder", "operator": "equal", "type": "String",
            "value": coder}  # fmt: skip
    client.write(
        "POST", "/api/dm/views/",
        {
            "project": project.id,
            "data": {
                "title": coder, "type": "list", "target": "tasks",
                "filters": {"conjunction": "and", "items": [mine]},
                "ordering": ["tasks:id"],
                "hiddenColumns": {"explore": list(_HIDDEN), "labeling": list(_HIDDEN)},
            },
        },
    )  # fmt: skip


def annotation_of(client: Client, annotation: int) -> Mapping[str, Any] | None:
    """An annotation as it is now; None where it was deleted."""
    try:
        found: Mapping[str, Any] = client.get(f"/api/annotations/{annotation}/")
    except RefusedError as error:
        if error.status == 404:
            return None
        raise
    return found


def change_annotation(client: Client, annotation: int, result: Sequence[Mapping[str, Any]]) -> None:
    """Another result for an annotation; who made it stays."""
    client.write("PATCH", f"/api/annotations/{annotation}/", {"result": [dict(r) for r in result]})
