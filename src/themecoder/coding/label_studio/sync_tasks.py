"""The tasks of a project brought to what they should be: each is there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.desired_project import (
    DesiredProject,
)
from themecoder.coding.label_studio.project import (
    Project,
)
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.coding.label_studio.server_tasks import (
    ServerTask,
    by_key,
    change_task,
    delete_task,
    import_predictions,
    import_tasks,
    is_worked,
    list_tasks,
)
from themecoder.coding.label_studio.tasks import Key, prediction
from themecoder.coding.label_studio.transport import UnclearError
from themecoder.coding.plan import Planned
from themecoder.progress import Progress

_BATCH = 500


@dataclass(slots=True)
class SyncCounts:
    sent: int = 0
    here: int = 0
    doubles: int = 0
    texts: int = 0
    left: int = 0
    orphans: int = 0
    removed: int = 0


def sync_tasks(
    client: Client,
    project: Project,
    wanted: DesiredProject,
    progress: Progress,
    remove_orphans: bool = False,
    first: int | None = None,
) -> SyncCounts:
    """Send what the project lacks, take doubles away, bring texts up to date; count the tasks that
    the plan does not know and nobody worked on, or remove them. ``first``: of each coder's row only
    so many are sent, from its begin."""
    counts = SyncCounts()
    retry_after_reread(
        client,
        lambda: _sync_once(client, project, wanted, counts, progress, remove_orphans, first),
        lambda: counts.sent + counts.doubles + counts.texts + counts.removed,
    )
    return counts


def _sync_once(
    client: Client,
    project: Project,
    wanted: DesiredProject,
    counts: SyncCounts,
    progress: Progress,
    remove_orphans: bool,
    first: int | None,
) -> None:
    """One look at the server, and all that it lacks. Raises UnclearError: look again."""
    there = by_key(list_tasks(client, project))
    kept = {
        key: _remove_duplicate_tasks(client, project, tasks, wanted, counts)
        for key, tasks in there.items()
    }
    _without_orphans(client, project, kept, wanted, counts, remove_orphans)
    _without_shown(client, project, kept, wanted)
    _update_texts(client, project, kept, wanted, counts)
    counts.here = len(wanted.done - set(kept))
    settled_here = wanted.done | set(kept)
    lacking = [key for key in _in_order(wanted.rows) if key not in settled_here]
    begin = first_of_each(wanted.rows, first)
    missing = [key for key in lacking if key in begin]
    counts.left = len(lacking) - len(missing)
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


def _without_orphans(
    client: Client,
    project: Project,
    kept: dict[Key, ServerTask],
    wanted: DesiredProject,
    counts: SyncCounts,
    remove: bool,
) -> None:
    """Count the tasks that the plan does not know and nobody worked on, or take them away."""
    orphans = [key for key, task in kept.items() if key not in wanted.rows and not task.worked]
    counts.orphans = len(orphans)
    for key in orphans if remove else ():
        if not is_worked(client, project, kept[key].id):
            delete_task(client, kept.pop(key).id)
            counts.removed += 1
            counts.orphans -= 1


def _without_shown(
    client: Client, project: Project, kept: dict[Key, ServerTask], wanted: DesiredProject
) -> None:
    """Take away what is coded blind by now and bears suggestions, so that it is sent without: the
    plan may be changed as long as nobody worked on it."""
    for key, task in list(kept.items()):
        row = wanted.rows.get(key)
        if row is None or not row.blind or not task.predictions or task.worked:
            continue
        if not is_worked(client, project, task.id):
            delete_task(client, task.id)
            del kept[key]


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


def first_of_each(rows: Mapping[Key, Planned], first: int | None) -> Collection[Key]:
    """The first tasks of each coder, as they are handed out; all where ``first`` is None."""
    if first is None:
        return rows.keys()
    seen: Counter[str] = Counter()
    found = set()
    for key in _in_order(rows):
        seen[rows[key].coder] += 1
        if seen[rows[key].coder] <= first:
            found.add(key)
    return found


def _in_order(rows: Mapping[Key, Planned]) -> list[Key]:
    """In the order in which coders get them: label streams go by the id of the task."""
    return sorted(rows, key=lambda key: (rows[key].round, rows[key].place, key))
