"""Tasks, annotations and predictions on a server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, cast

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.project import PAGE_SIZE, Project
from themecoder.coding.label_studio.tasks import Key, key_of
from themecoder.coding.label_studio.transport import RefusedError
from themecoder.coding.label_studio.validation import check_prediction, check_task

if TYPE_CHECKING:
    from label_studio_sdk.types.import_api_request import ImportApiRequest
    from label_studio_sdk.types.prediction_request import PredictionRequest
    from label_studio_sdk.types.role_based_task import RoleBasedTask


_BEGUN = {
    "filter": "filter:tasks:draft_exists",
    "operator": "equal",
    "type": "Boolean",
    "value": True,
}


_NESTED = (
    "id",
    "data",
    "updated_at",
    "annotations",
    "result",
    "completed_by",
    "updated_by",
    "was_cancelled",
    "created_at",
    "lead_time",
    "predictions",
    "model_version",
    "parent_prediction",
)


class Numbered(Protocol):
    """A project, of which reading needs no more than its number."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ServerTask:
    """A task as the server lists it. ``worked``: it has annotations, skips or drafts."""

    id: int
    data: Mapping[str, Any]
    worked: bool
    predictions: int


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


def drafted_tasks(client: Client, project: Numbered) -> set[int]:
    """The tasks that somebody began and has not sent. Only the filter knows: a draft is shown to
    nobody but its maker."""
    return {int(task.id or 0) for task in _pages(client, project, "id", _BEGUN)}


def annotated_tasks(client: Client, project: Numbered) -> Iterator[Mapping[str, Any]]:
    """The tasks with annotations or skips: data, annotations and predictions of each."""
    seen: set[int] = set()
    for name in ("total_annotations", "cancelled_annotations"):
        some = {
            "filter": f"filter:tasks:{name}",
            "operator": "greater",
            "type": "Number",
            "value": 0,
        }
        for task in _whole_tasks(client, project, some):
            if task["id"] not in seen:
                seen.add(task["id"])
                yield task


def changed_tasks(
    client: Client, project: Numbered, since: datetime
) -> Iterator[Mapping[str, Any]]:
    """The tasks that changed after ``since``, those too of which an annotation was taken back."""
    changed = {
        "filter": "filter:tasks:updated_at",
        "operator": "greater",
        "type": "Datetime",
        "value": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    return _whole_tasks(client, project, changed)


def _whole_tasks(
    client: Client, project: Numbered, some: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Without the SDK: what people made is kept as the server sent it, and the SDK's task has
    moments in the place of their texts, and is of one of three classes by chance."""
    last = 0
    while True:
        page = client.get(
            "/api/tasks",
            {
                "project": project.id,
                "page_size": PAGE_SIZE,
                "fields": "all",
                "include": ",".join(_NESTED),
                "query": _after(last, some),
            },
        )["tasks"]
        yield from page
        if len(page) < PAGE_SIZE:
            return
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


def by_key(tasks: Sequence[ServerTask]) -> dict[Key, list[ServerTask]]:
    """The tasks of ours by their key; more than one where the server doubled them."""
    found: dict[Key, list[ServerTask]] = {}
    for task in tasks:
        if (key := key_of(task.data)) is not None:
            found.setdefault(key, []).append(task)
    return found


def _pages(
    client: Client, project: Numbered, include: str, some: Mapping[str, Any] | None = None
) -> Iterator[RoleBasedTask]:
    """Tasks by id: one that comes or goes meanwhile moves no other past the reader."""
    last = 0
    while True:
        page = (
            client.tasks.list(
                project=project.id,
                page_size=PAGE_SIZE,
                fields="task_only",
                include=include,
                query=_after(last, some),
            ).items
            or []
        )
        yield from page
        if len(page) < PAGE_SIZE:
            return
        last = int(page[-1].id or 0)


def _after(last: int, some: Mapping[str, Any] | None) -> str:
    """The query for the tasks after the one with the id ``last``, in the order of their ids."""
    newer = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": last}
    items = [newer, some] if some else [newer]
    filters = {"conjunction": "and", "items": items}
    return json.dumps({"filters": filters, "ordering": ["tasks:id"]})


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
