"""Planned answers to the server: whatever happens on the way, each task is there once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.desired_project import (
    DesiredProject,
    desired_project,
    ensure_project,
)
from themecoder.coding.label_studio.project import (
    Project,
    find_project,
    fingerprint,
    make_tab,
    tab_titles,
)
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.coding.label_studio.server_tasks import by_key, list_tasks
from themecoder.coding.label_studio.sync_state import (
    SyncState,
    get_or_create_project_key,
    project_key,
)
from themecoder.coding.label_studio.sync_tasks import sync_tasks
from themecoder.coding.label_studio.upgrade import migrate_project
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.workspace.folder import StudyFolder

MOST = 20_000
"""So many tasks of a question are sent without a word on how many there are: people code them."""


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


def push_question(
    study: StudyFolder,
    client: Client,
    question: str,
    remove_orphans: bool = False,
    first: int | None = None,
) -> Pushed:
    """Bring the project of a question in step with plan, codebook and masked texts.

    Only what is missing is sent. A request of which nobody knows whether it happened is never
    repeated: the server is read again. Tasks that the plan does not know (any more) are told, and
    with ``remove_orphans`` removed where nobody worked on them. ``first``: only the first so many
    of each coder. Raises ServiceError where it keeps failing, InputError where the server refuses,
    nothing is planned, or more than people will code and nobody said how many.
    """
    wanted = desired_project(study, question)
    if first is None and len(wanted.rows) - len(wanted.done) > MOST:
        _must_be_there(study, client, wanted)
    mark = get_or_create_project_key(study.paths.project_keys, question)
    seen = SyncState(study.paths.label_studio, "push", question)
    project = retry_after_reread(client, lambda: ensure_project(client, mark, wanted))
    if project.version != wanted.book.version or project.next:
        project = migrate_project(study, client, project, wanted.book)
        # what must be coded again is planned by now
        wanted = desired_project(study, question)
    of = files.sha256(
        client.url,
        str(project.id),
        project.config,
        wanted.book.version,
        repr(sorted(wanted.data.items())),
        repr(sorted(wanted.done)),
        repr(sorted(key for key, row in wanted.rows.items() if row.blind)),
        str(first),
    )
    if seen.unchanged(fingerprint(client, project), of) and not remove_orphans:
        return Pushed(
            question,
            len(wanted.rows),
            here=len(wanted.done),
            version=project.version,
            notes=tuple(wanted.notes),
        )
    counts = sync_tasks(client, project, wanted, study.progress, remove_orphans, first)
    if counts.left:
        wanted.notes.append(("left", {"n": counts.left}))
    if counts.orphans:
        wanted.notes.append(("orphans", {"n": counts.orphans}))
    if counts.removed:
        wanted.notes.append(("removed", {"n": counts.removed}))
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


def _must_be_there(study: StudyFolder, client: Client, wanted: DesiredProject) -> None:
    """Raises InputError where very many tasks are not on the server yet, before anything is made
    there."""
    mark = project_key(study.paths.project_keys, wanted.question)
    project = find_project(client, mark) if mark else None
    there = by_key(list_tasks(client, project)) if project else {}
    lacking = len(set(wanted.rows) - wanted.done - set(there))
    if lacking > MOST:
        hours = round(lacking / 100)
        params = {"n": lacking, "question": wanted.question, "most": MOST, "hours": hours}
        raise InputError(Problem("push.many", params, file=study.paths.plan))


def _ensure_coder_tabs(client: Client, project: Project, coders: Sequence[str]) -> None:
    there = tab_titles(client, project)
    for coder in coders:
        if coder not in there:
            make_tab(client, project, coder)
