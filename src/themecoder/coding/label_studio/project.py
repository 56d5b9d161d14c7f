"""A question's project on the server: its marker, its tasks by key, what coders made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.tasks import Key, key_of
from themecoder.coding.label_studio.transport import RefusedError
from themecoder.coding.label_studio.validation import check_page, check_prediction, check_task
from themecoder.errors import InputError, Problem, ServiceError

if TYPE_CHECKING:
    from label_studio_sdk.types.all_roles_project_list import AllRolesProjectList
    from label_studio_sdk.types.import_api_request import ImportApiRequest
    from label_studio_sdk.types.prediction_request import PredictionRequest
    from label_studio_sdk.types.role_based_task import RoleBasedTask
    from label_studio_sdk.types.view_data_request_request import ViewDataRequestRequest

_MARK = re.compile(r"\[themecoder:(?P<mark>[0-9a-f-]{36})\]")
_STATE = re.compile(r"codebook (?P<book>\S+) (?P<version>\S+?)(?: > (?P<next>\S+))?\s*$", re.M)
_PAGE = 1000
_FOUND_BY = "id,title,description,label_config"
"""What is asked of each project: all of its fields take the server ten times as long."""
_BEGUN = {
    "filter": "filter:tasks:draft_exists",
    "operator": "equal",
    "type": "Boolean",
    "value": True,
}
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
_NESTED = (
    "id",
    "data",
    "updated_at",
    "annotations",
    "result",
    "completed_by",
    "was_cancelled",
    "created_at",
    "lead_time",
    "predictions",
    "model_version",
)


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
        # The SDK's pager asks on till the server says 404, though the server says what is next.
        part = client.projects.list(page=page, page_size=_PAGE, include=_FOUND_BY)
        found += [one for one in part.items or () if f"[themecoder:{mark}]" in _text(one)]
        if not part.response.next:
            break
        page += 1
    if not found:
        return None
    if len(found) > 1:
        titles = ", ".join(f"{one.title} ({one.id})" for one in found)
        raise InputError(Problem("server.two_projects", {"titles": titles}))
    one = found[0]
    state = _STATE.search(_text(one))
    if state is None:
        raise InputError(Problem("server.no_version", {"title": one.title, "mark": mark}))
    return Project(
        int(one.id or 0),
        mark,
        str(one.title),
        str(one.label_config),
        state["book"],
        state["version"],
        state["next"] or "",
    )


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


def list_tasks(client: Client, project: Project) -> list[ServerTask]:
    """All tasks in the order of their ids."""
    work = ("total_annotations", "cancelled_annotations")
    fields = ",".join(("id", "data", "total_predictions", *work))
    begun = drafted_tasks(client, project)
    return [
        ServerTask(
            int(task.id or 0),
            task.data,
            task.id in begun or any(getattr(task, name) for name in work),
            int(task.total_predictions or 0),
        )
        for task in _pages(client, project, fields)
    ]


def drafted_tasks(client: Client, project: Project) -> set[int]:
    """The tasks that somebody began and has not sent. Only the filter knows: a draft is shown to
    nobody but its maker."""
    return {int(task.id or 0) for task in _pages(client, project, "id", _BEGUN)}


def annotated_tasks(client: Client, project: Project) -> Iterator[Mapping[str, Any]]:
    """The tasks with annotations or skips: data, annotations and predictions of each."""
    seen: set[int] = set()
    for name in ("total_annotations", "cancelled_annotations"):
        some = {
            "filter": f"filter:tasks:{name}",
            "operator": "greater",
            "type": "Number",
            "value": 0,
        }
        last = 0
        while True:
            # Without the SDK: what people made is kept as the server sent it, and the SDK's task
            # has moments in the place of their texts, and is of one of three classes by chance.
            page = client.get(
                "/api/tasks",
                {
                    "project": project.id,
                    "page_size": _PAGE,
                    "fields": "all",
                    "include": ",".join(_NESTED),
                    "query": _after(last, some),
                },
            )["tasks"]
            for task in page:
                if task["id"] not in seen:
                    seen.add(task["id"])
                    yield task
            if len(page) < _PAGE:
                break
            last = page[-1]["id"]


def import_tasks(
    client: Client, project: Project, tasks: Sequence[Mapping[str, Any]]
) -> tuple[list[int], int]:
    """Send new tasks; their ids in order, and how many predictions were kept."""
    for task in tasks:
        check_task(project.config, project.title, task)
    # A dictionary goes as it is where the SDK asks for a class of its own, here and below.
    request = cast("Sequence[ImportApiRequest]", tasks)
    found = client.projects.import_tasks(id=project.id, request=request, return_task_ids=True)
    # The SDK knows neither field; its ``predictions_count`` is one that the server does not send.
    more = found.model_extra or {}
    return [int(one) for one in more["task_ids"]], int(more["prediction_count"])


def import_predictions(
    client: Client, project: Project, predictions: Sequence[Mapping[str, Any]]
) -> int:
    """Add predictions to tasks that are there; how many were kept."""
    for one in predictions:
        check_prediction(project.config, project.title, {}, one)
    request = cast("Sequence[PredictionRequest]", predictions)
    found = client.projects.import_predictions(id=project.id, request=request)
    return int(found.created or 0)


def delete_task(client: Client, task: int) -> None:
    try:
        client.tasks.delete(id=str(task))
    except RefusedError as error:
        if error.status != 404:
            raise


def users(client: Client) -> dict[int, str]:
    """id -> e-mail address of everyone in the organisation. Raises ServiceError if not allowed."""
    try:
        found = client.users.list()
    except RefusedError as error:
        raise ServiceError(Problem("server.no_permission", {"detail": error.detail})) from None
    return {int(one.id or 0): str(one.email) for one in found}


def by_key(tasks: Sequence[ServerTask]) -> dict[Key, list[ServerTask]]:
    """The tasks of ours by their key; more than one where the server doubled them."""
    found: dict[Key, list[ServerTask]] = {}
    for task in tasks:
        if (key := key_of(task.data)) is not None:
            found.setdefault(key, []).append(task)
    return found


def _pages(
    client: Client, project: Project, include: str, some: Mapping[str, Any] | None = None
) -> Iterator[RoleBasedTask]:
    """Tasks by id: one that comes or goes meanwhile moves no other past the reader."""
    last = 0
    while True:
        page = (
            client.tasks.list(
                project=project.id,
                page_size=_PAGE,
                fields="task_only",
                include=include,
                query=_after(last, some),
            ).items
            or []
        )
        yield from page
        if len(page) < _PAGE:
            return
        last = int(page[-1].id or 0)


def _after(last: int, some: Mapping[str, Any] | None) -> str:
    """The query for the tasks after the one with the id ``last``, in the order of their ids."""
    newer = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": last}
    items = [newer, some] if some else [newer]
    filters = {"conjunction": "and", "items": items}
    return json.dumps({"filters": filters, "ordering": ["tasks:id"]})


def _text(project: AllRolesProjectList) -> str:
    return project.description or ""


def is_worked(client: Client, project: Project, task: int) -> bool:
    """Whether somebody has coded, skipped or begun a task, by now."""
    try:
        found = client.tasks.get(id=str(task))
    except RefusedError as error:
        if error.status == 404:
            return False
        raise
    return bool(found.annotations) or task in drafted_tasks(client, project)


def change_task(client: Client, task: int, data: Mapping[str, Any]) -> None:
    client.tasks.update(id=str(task), data=dict(data))


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


def result_of(client: Client, annotation: int) -> list[dict[str, Any]] | None:
    """The result of an annotation as it is now; None where it was deleted."""
    try:
        return client.annotations.get(id=annotation).result or []
    except RefusedError as error:
        if error.status == 404:
            return None
        raise


def change_annotation(client: Client, annotation: int, result: Sequence[Mapping[str, Any]]) -> None:
    """Another result for an annotation; who made it stays."""
    client.annotations.update(id=annotation, result=[dict(item) for item in result])
