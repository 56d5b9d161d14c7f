"""Whose work is whose, from the tables of Label Studio.

A task of a study says in its data which coder it is for; its project bears the mark of themecoder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps

from .answers import Coder

_MARK = "[themecoder:"


def coder_of(user: Any, domain: str) -> Coder:
    """The coder that an account is for: her name stands before the @ of our own domain."""
    name, _, at = str(user.email).rpartition("@")
    # of another domain it is nobody's: no task names a coder without a name
    return Coder(int(user.pk), str(user.email), name.casefold() if at == domain else "")


def _tasks(coder: Coder) -> Any:
    mine = {"data__coder__iexact": coder.name, "project__description__contains": _MARK}
    tasks = apps.get_model("tasks", "Task").objects
    return tasks.filter(**mine) if coder.name else tasks.none()


def projects_of(coder: Coder) -> frozenset[int]:
    """The projects in which the coder has tasks."""
    return frozenset(_tasks(coder).order_by().values_list("project_id", flat=True).distinct())


def in_project(coder: Coder, project: int) -> bool:
    return bool(_tasks(coder).filter(project_id=project).exists())


def has_task(coder: Coder, task: int) -> bool:
    return bool(_tasks(coder).filter(pk=task).exists())


def has_annotation(coder: Coder, annotation: int) -> bool:
    """Whether she made it, of a task of hers."""
    return _task_of(coder, "Annotation", annotation, {"completed_by_id": coder.id}) is not None


def has_annotation_of_task(coder: Coder, task: int, annotation: int) -> bool:
    return _task_of(coder, "Annotation", annotation, {"completed_by_id": coder.id}) == task


def has_draft(coder: Coder, draft: int) -> bool:
    return _task_of(coder, "AnnotationDraft", draft, {"user_id": coder.id}) is not None


def _task_of(coder: Coder, model: str, number: int, by: Mapping[str, int]) -> int | None:
    """The task of an annotation or draft; None where one of the two is not hers."""
    found = apps.get_model("tasks", model).objects.filter(pk=number, **by)
    task = found.values_list("task_id", flat=True).first()
    return task if task is not None and has_task(coder, task) else None


def tasks_in_order(coder: Coder, project: int) -> list[int]:
    """Her tasks of a project in the order of the plan."""
    found = _tasks(coder).filter(project_id=project).values_list("pk", "data")
    return [pk for _, pk in sorted((_place(data), pk) for pk, data in found)]


def tasks_to_do(coder: Coder, project: int) -> list[int]:
    """Those of them that are to be done, without what she began and put aside."""
    made = {"project_id": project, "completed_by_id": coder.id}
    aside = {"task__project_id": project, "user_id": coder.id, "was_postponed": True}
    done = {*_column(_tasks(coder).filter(project_id=project, is_labeled=True), "pk")}
    for model, some in (("Annotation", made), ("AnnotationDraft", aside)):
        done |= {*_column(apps.get_model("tasks", model).objects.filter(**some), "task_id")}
    return [pk for pk in tasks_in_order(coder, project) if pk not in done]


def _column(rows: Any, name: str) -> Iterable[int]:
    found: Iterable[int] = rows.values_list(name, flat=True)
    return found


def _place(data: Mapping[str, Any]) -> list[int]:
    found = (data.get("round"), data.get("place"))
    return [one if isinstance(one, int) else 0 for one in found]
