"""Planned answers to the server: whatever happens on the way, each task is there once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from themecoder.codebook.model import Codebook
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.config import instruction, label_config
from themecoder.coding.label_studio.project import (
    Project,
    ServerTask,
    by_key,
    change_project,
    change_task,
    create_project,
    delete_task,
    description,
    find_project,
    fingerprint,
    import_predictions,
    import_tasks,
    is_worked,
    list_tasks,
    make_tab,
    tab_titles,
)
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.coding.label_studio.sync_state import SyncState, get_or_create_project_key
from themecoder.coding.label_studio.tasks import Key, prediction, task_data
from themecoder.coding.label_studio.transport import UnclearError
from themecoder.coding.label_studio.upgrade import migrate_project
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan
from themecoder.coding.planning import coded_rounds
from themecoder.coding.suggestions.files import Suggested, read_suggestions
from themecoder.coding.suggestions.study_suggestions import suggest_codes
from themecoder.coding.suggestions.suggest import MODEL
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.progress import Progress
from themecoder.storage import atomic as files
from themecoder.workspace.folder import StudyFolder

_BATCH = 500
_SHOWN = 3
"""Suggestions at most that a coder sees."""
_LIKELY = 0.4
"""The score from which a box starts ticked: a wrong tick costs a coder more than a missing one."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did for a question. ``planned`` tasks are (or were, once coded) on the server.

    ``sent`` are new, ``here`` not sent as they are coded already, ``doubles`` removed, ``texts``
    brought up to date. ``notes``: what a person should know, (key below push., what to fill in).
    """

    question: str
    planned: int
    sent: int = 0
    here: int = 0
    doubles: int = 0
    texts: int = 0
    version: str = ""
    notes: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(slots=True)
class DesiredProject:
    """What a question's project should hold, and how its page looks."""

    study: StudyFolder
    question: str
    book: Codebook
    rows: Mapping[Key, Planned]
    done: frozenset[Key]
    data: Mapping[Key, Mapping[str, Any]]
    suggested: Suggested
    title: str
    page: str
    instruction: str
    model: str
    notes: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def shown(self, row: Planned) -> list[tuple[str, float]]:
        """The suggestions that the coder sees; none where the answer is coded blind."""
        usable = {code.id for code in self.book.usable}
        found = [
            (code, score)
            for code, score in self.suggested.get(row.answer_id, ())
            if code in usable and score >= _LIKELY
        ]
        return [] if row.blind else found[:_SHOWN]

    def task(self, key: Key) -> dict[str, Any]:
        found: dict[str, Any] = {"data": self.data[key]}
        if shown := self.shown(self.rows[key]):
            found["predictions"] = [prediction(shown, self.model)]
        return found


def push_question(study: StudyFolder, client: Client, question: str) -> Pushed:
    """Bring the project of a question in step with plan, codebook and masked texts.

    Only what is missing is sent. A request of which nobody knows whether it happened is never
    repeated: the server is read again. Raises ServiceError where it keeps failing, InputError
    where the server refuses or nothing is planned.
    """
    wanted = _desired_project(study, question)
    mark = get_or_create_project_key(study.paths.project_keys, question)
    seen = SyncState(study.paths.label_studio, "push", question)
    project = retry_after_reread(client, lambda: ensure_project(client, mark, wanted))
    if project.version != wanted.book.version or project.next:
        project = migrate_project(study, client, project, wanted.book)
        # what must be coded again is planned by now
        wanted = _desired_project(study, question)
    of = files.sha256(
        client.url,
        str(project.id),
        project.config,
        wanted.book.version,
        repr(sorted(wanted.data.items())),
        repr(sorted(wanted.done)),
    )
    if seen.unchanged(fingerprint(client, project), of):
        return Pushed(
            question,
            len(wanted.rows),
            here=len(wanted.done),
            version=project.version,
            notes=tuple(wanted.notes),
        )
    counts = sync_tasks(client, project, wanted, study.progress)
    retry_after_reread(
        client, lambda: _ensure_coder_tabs(client, project, study.config.coding.coders)
    )
    seen.save(fingerprint(client, project), of)
    return Pushed(
        question,
        len(wanted.rows),
        counts.sent,
        counts.here,
        counts.doubles,
        counts.texts,
        project.version,
        tuple(wanted.notes),
    )


@dataclass(slots=True)
class SyncCounts:
    sent: int = 0
    here: int = 0
    doubles: int = 0
    texts: int = 0


def sync_tasks(
    client: Client, project: Project, wanted: DesiredProject, progress: Progress
) -> SyncCounts:
    """Send what the project lacks, take doubles away, bring texts up to date."""
    counts = SyncCounts()
    retry_after_reread(
        client,
        lambda: _sync_once(client, project, wanted, counts, progress),
        lambda: counts.sent + counts.doubles + counts.texts,
    )
    return counts


def _desired_project(study: StudyFolder, question: str) -> DesiredProject:
    file = study.paths.plan
    rows = {row.key: row for row in read_plan(file) if row.question == question}
    if not rows:
        raise InputError(Problem("plan.none", {"question": question}, file=file))
    folder = study.codebooks
    versions = folder.versions
    if not versions:
        raise InputError(Problem("codebook.nothing_released", file=folder.folder))
    texts = study.masked_texts()
    gone = sorted({row.answer_id for row in rows.values()} - set(texts))
    if gone:
        params = {"n": len(gone), "answers": ", ".join(gone[:5])}
        raise InputError(Problem("plan.gone", params, file=file))
    wording = study.config.question(question)
    coded = coded_rounds(study, question)
    done = frozenset(
        key for key, row in rows.items() if coded.get((row.answer_id, row.coder), 0) >= row.round
    )
    stored = study.paths.suggestions(question)
    if not stored.is_file() and any(not row.blind for row in rows.values()):
        suggested = suggest_codes(study, question)
    else:
        suggested = read_suggestions(stored) if stored.is_file() else {}
    book = folder.read(versions[-1])
    data = {
        key: task_data(row, wording.text or wording.label, texts[row.answer_id].masked)
        for key, row in rows.items()
    }
    return DesiredProject(
        study,
        question,
        book,
        rows,
        done,
        data,
        suggested,
        f"{question} {wording.label}",
        label_config(book),
        instruction(book),
        MODEL,
    )


def ensure_project(client: Client, mark: str, wanted: DesiredProject) -> Project:
    """The project, made where there is none, its page as it should be."""
    book = wanted.book
    project = find_project(client, mark)
    fields = {
        "label_config": wanted.page,
        "expert_instruction": wanted.instruction,
        "description": description(mark, book.id, book.version),
    }
    if project is None:
        create_project(
            client,
            {
                "title": wanted.title[:50].strip(),
                "show_instruction": True,
                "show_skip_button": True,
                "enable_empty_annotation": True,
                "show_collab_predictions": True,
                "maximum_annotations": 1,
                "skip_queue": "IGNORE_SKIPPED",
                "sampling": "Sequential sampling",
                **fields,
            },
        )
        project = find_project(client, mark)
        if project is None:
            raise ServiceError(Problem("server.refused", {"detail": wanted.question}))
        return project
    if project.book != book.id:
        params = {"title": project.title, "found": project.book, "expected": book.id}
        raise InputError(Problem("push.other_codebook", params))
    current = project.version == book.version and not project.next
    if current and project.config != fields["label_config"]:
        change_project(client, project, **fields)
        wanted.notes.append(("config", {"title": project.title}))
        return find_project(client, mark) or project
    return project


def _sync_once(
    client: Client, project: Project, wanted: DesiredProject, counts: SyncCounts, progress: Progress
) -> None:
    """One look at the server, and all that it lacks. Raises UnclearError: look again."""
    there = by_key(list_tasks(client, project))
    kept = {
        key: _remove_duplicate_tasks(client, project, tasks, wanted, counts)
        for key, tasks in there.items()
    }
    _update_texts(client, project, kept, wanted, counts)
    counts.here = len(wanted.done - set(kept))
    settled_here = wanted.done | set(kept)
    missing = [key for key in _in_order(wanted.rows) if key not in settled_here]
    lack = [
        task.id
        for key, task in kept.items()
        if key in wanted.rows
        and not task.predictions
        and not task.worked
        and wanted.shown(wanted.rows[key])
    ]
    keys = {task.id: key for key, task in kept.items()}
    for start in range(0, len(missing), _BATCH):
        part = missing[start : start + _BATCH]
        ids, predicted = import_tasks(client, project, [wanted.task(key) for key in part])
        counts.sent += len(ids)
        progress.advance(len(ids), len(missing))
        if predicted != sum(bool(wanted.shown(wanted.rows[key])) for key in part):
            # a database that was locked keeps tasks without their suggestions, and says so
            lack += ids
            keys |= dict(zip(ids, part, strict=True))
    _predict(client, project, lack, keys, wanted)


def _predict(
    client: Client,
    project: Project,
    tasks: Sequence[int],
    keys: Mapping[int, Key],
    wanted: DesiredProject,
) -> None:
    """Suggestions for tasks that are there and lack them."""
    found = [
        {"task": task, **prediction(shown, wanted.model)}
        for task in tasks
        if (shown := wanted.shown(wanted.rows[keys[task]]))
    ]
    for start in range(0, len(found), _BATCH):
        part = found[start : start + _BATCH]
        if import_predictions(client, project, part) != len(part):
            raise UnclearError("predictions")


def _remove_duplicate_tasks(
    client: Client,
    project: Project,
    tasks: Sequence[ServerTask],
    wanted: DesiredProject,
    counts: SyncCounts,
) -> ServerTask:
    """The task that stays of those with one key: never one with human work goes."""
    if len(tasks) == 1:
        return tasks[0]
    stays = next((task for task in tasks if task.worked), tasks[0])
    for task in tasks:
        if task is stays:
            continue
        if task.worked or is_worked(client, project, task.id):
            params = {"answer": task.data["answer_id"], "tasks": f"{stays.id}, {task.id}"}
            wanted.notes.append(("two_worked", params))
            continue
        delete_task(client, task.id)
        counts.doubles += 1
    return stays


def _update_texts(
    client: Client,
    project: Project,
    kept: Mapping[Key, ServerTask],
    wanted: DesiredProject,
    counts: SyncCounts,
) -> None:
    """Bring texts up to date that nobody has coded; report the others."""
    for key, task in kept.items():
        ours = wanted.data.get(key)
        if ours is None or task.data == ours:
            continue
        if task.worked or is_worked(client, project, task.id):
            if any(task.data.get(name) != ours[name] for name in ("text", "question")):
                wanted.notes.append(("text", {"answer": key[0], "task": task.id}))
            continue
        change_task(client, task.id, ours)
        counts.texts += 1


def _ensure_coder_tabs(client: Client, project: Project, coders: Sequence[str]) -> None:
    there = tab_titles(client, project)
    for coder in coders:
        if coder not in there:
            make_tab(client, project, coder)


def _in_order(rows: Mapping[Key, Planned]) -> list[Key]:
    """In the order in which coders get them: label streams go by the id of the task."""
    return sorted(rows, key=lambda key: (rows[key].round, rows[key].place, key))
