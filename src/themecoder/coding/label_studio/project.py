"""A question's project on the server: its marker, its page, its tabs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.transport import RefusedError
from themecoder.coding.label_studio.validation import check_page
from themecoder.errors import InputError, Problem, ServiceError

if TYPE_CHECKING:
    from label_studio_sdk.types.all_roles_project_list import AllRolesProjectList
    from label_studio_sdk.types.view_data_request_request import ViewDataRequestRequest

_MARK = re.compile(r"\[themecoder:(?P<mark>[0-9a-f-]{36})\]")
_STATE = re.compile(r"codebook (?P<book>\S+) (?P<version>\S+?)(?: > (?P<next>\S+))?\s*$", re.M)
PAGE_SIZE = 1000
_FOUND_BY = "id,title,description,label_config"
"""What is asked of each project: all of its fields take the server ten times as long."""
_HIDDEN = tuple(
    f"tasks:{name}"
    for name in (
        "inner_id",
        "annotators",
        "annotations_results",
        "annotations_ids",
        "predictions_score",
        "predictions_model_versions",
        "predictions_results",
        "file_upload",
        "storage_filename",
        "created_at",
        "updated_at",
        "updated_by",
        "avg_lead_time",
        "draft_exists",
        "data.answer_id",
        "data.coder",
        "data.place",
        "data.question",
    )
)
"""Columns that tell a coder nothing, or who else codes what."""


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
    """The project with the marker. Raises InputError where more than one of them holds tasks.

    A server that is slow to make a project may finish it after it was asked for again. Of several
    the one with tasks is meant; where none has any, that which was made first.
    """
    marked = _marked_projects(client, mark)
    if len(marked) > 1:
        filled = [one for one in marked if _count_tasks(client, one)]
        if len(filled) > 1:
            titles = ", ".join(f"{one.title} ({one.id})" for one in filled)
            raise InputError(Problem("server.two_projects", {"titles": titles}))
        marked = filled or marked[:1]
    if not marked:
        return None
    found = marked[0]
    state = _STATE.search(_text(found))
    if state is None:
        raise InputError(Problem("server.no_version", {"title": found.title, "mark": mark}))
    return Project(
        int(found.id or 0),
        mark,
        str(found.title),
        str(found.label_config),
        state["book"],
        state["version"],
        state["next"] or "",
    )


def remove_empty_doubles(client: Client, project: Project) -> None:
    """Delete other projects with the marker of ``project``: there is nothing in them, and a coder
    who opens one would believe that all is coded. Raises UnclearError."""
    for double in _marked_projects(client, project.mark):
        if double.id != project.id and not _count_tasks(client, double):
            client.projects.delete(id=int(double.id or 0))


def _marked_projects(client: Client, mark: str) -> list[AllRolesProjectList]:
    """All projects with the marker, in the order in which they were made."""
    marked: list[AllRolesProjectList] = []
    page = 1
    while True:
        # The SDK's pager asks on till the server says 404, though the server says what is next.
        part = client.projects.list(page=page, page_size=PAGE_SIZE, include=_FOUND_BY)
        marked += [one for one in part.items or () if f"[themecoder:{mark}]" in _text(one)]
        if not part.response.next:
            return sorted(marked, key=lambda one: one.id or 0)
        page += 1


def _count_tasks(client: Client, project: AllRolesProjectList) -> int:
    return int(client.projects.get(id=int(project.id or 0)).task_number or 0)


def create_project(client: Client, fields: Mapping[str, Any]) -> None:
    """Make a project. Raises UnclearError: look with ``find_project`` whether it is there."""
    check_page(fields["label_config"])
    client.projects.create(**fields)


def change_project(client: Client, project: Project, **fields: Any) -> None:
    """Set fields of a project; the same twice is the same."""
    if "label_config" in fields:
        check_page(fields["label_config"])
    client.projects.update(id=project.id, **fields)


def fingerprint(client: Client, project: Project) -> Fingerprint:
    query = json.dumps({"ordering": ["-tasks:updated_at"]})
    page = client.tasks.list(
        project=project.id, page_size=1, fields="task_only", include="id,updated_at", query=query
    )
    latest = " ".join(f"{task.id} {getattr(task, 'updated_at', '')}" for task in page.items or ())
    found = page.response
    return Fingerprint(found.total, found.total_annotations, found.total_predictions, latest)


def users(client: Client) -> dict[int, str]:
    """id -> e-mail address of everyone in the organisation. Raises ServiceError if not allowed."""
    try:
        found = client.users.list()
    except RefusedError as error:
        raise ServiceError(Problem("server.no_permission", {"detail": error.detail})) from None
    return {int(one.id or 0): str(one.email) for one in found}


def _text(project: AllRolesProjectList) -> str:
    return project.description or ""


def tab_titles(client: Client, project: Project) -> set[str]:
    views = client.views.list(project=project.id)
    return {str((one.data or {}).get("title")) for one in views}


def make_tab(client: Client, project: Project, coder: str) -> None:
    """A tab with the tasks of one coder, in the order that was drawn for them."""
    mine = {
        "filter": "filter:tasks:data.coder",
        "operator": "equal",
        "type": "String",
        "value": coder,
    }
    data = {
        "title": coder,
        "type": "list",
        "target": "tasks",
        "filters": {"conjunction": "and", "items": [mine]},
        "ordering": ["tasks:id"],
        "hiddenColumns": {"explore": list(_HIDDEN), "labeling": list(_HIDDEN)},
    }
    client.views.create(project=project.id, data=cast("ViewDataRequestRequest", data))
