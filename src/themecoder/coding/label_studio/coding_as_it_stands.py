"""A question's coding as it stands: what the server has of what is planned, and what is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.newer_here import newer_here
from themecoder.coding.label_studio.project import Project
from themecoder.coding.label_studio.read_project import KIND, annotation_of, read_project
from themecoder.coding.label_studio.server_tasks import annotated_tasks, changed_tasks
from themecoder.coding.model import Coding
from themecoder.coding.plan_file import read_plan
from themecoder.coding.read import coding_by_coder
from themecoder.workspace.folder import StudyFolder

_OVERLAP = timedelta(minutes=1)
"""How long a change may take to be seen by others after the moment that it bears."""


class AnnotatedTasks:
    """The tasks of a project with annotations or skips, kept up to date by what changed since."""

    def __init__(self) -> None:
        self._tasks: dict[int, Mapping[str, Any]] = {}
        self._until: datetime | None = None
        self._number = 0

    def read(self, client: Client, project: Project, number: int) -> list[Mapping[str, Any]]:
        """The tasks as they are now. ``number``: of all tasks of the project; where it changed, or
        nothing was read before, everything is read."""
        if self._until is None or number != self._number:
            self._tasks = {}
            found = annotated_tasks(client, project)
        else:
            found = changed_tasks(client, project, self._until - _OVERLAP)
        for task in found:
            moment = datetime.fromisoformat(task["updated_at"])
            self._until = max(moment, self._until or moment)
            self._tasks.pop(task["id"], None)
            if task["annotations"]:
                self._tasks[task["id"]] = task
        self._number = number
        return [self._tasks[task] for task in sorted(self._tasks)]


def coding_as_it_stands(
    study: StudyFolder,
    client: Client,
    project: Project,
    question: str,
    tasks: Iterable[Mapping[str, Any]],
) -> dict[str, tuple[Coding, ...]]:
    """coder -> coding of a question, as a pull would leave it, and nothing is written. ``tasks``:
    those with annotations.

    What another account than the coder's made or changed has no part in it, for a person is asked
    about that; nor has what was taken back on the server, nor what no plan asked for.
    """
    planned = {row.key for row in read_plan(study.paths.plan)}
    found = read_project(study, client, project, question, tasks)
    lines = {
        (one.answer_id, coder): one
        for coder, codings in coding_by_coder(study, question).items()
        for one in codings
        if not _is_of(one, project) or (one.answer_id, coder) in found.there
    }
    for place, codings in found.codings.items():
        sure = [
            one
            for one in codings
            if annotation_of(one) not in found.doubtful
            and (one.answer_id, one.coder, one.round) in planned
        ]
        if sure and (place not in lines or not newer_here(lines[place], sure[-1])):
            lines[place] = sure[-1]
    by_coder: dict[str, list[Coding]] = {}
    for (_, coder), coding in sorted(lines.items(), key=lambda item: item[0]):
        by_coder.setdefault(coder, []).append(coding)
    return {coder: tuple(codings) for coder, codings in sorted(by_coder.items())}


def _is_of(coding: Coding, project: Project) -> bool:
    return coding.source.get("kind") == KIND and coding.source.get("project") == project.mark
