"""What coders made on the server, into the study's files: nothing is dropped, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from themecoder.coding.annotations import write_codings
from themecoder.coding.history import add_to_history, write_unread
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.newer_here import newer_here
from themecoder.coding.label_studio.project import Project, find_project, fingerprint
from themecoder.coding.label_studio.read_project import (
    KIND,
    Found,
    annotation_of,
    keep_unread,
    read_project,
)
from themecoder.coding.label_studio.sync_state import SyncState, project_key, project_question
from themecoder.coding.model import Coding
from themecoder.coding.quote_texts import masked_quotes
from themecoder.coding.read import coding_by_coder
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.workspace.folder import StudyFolder

_READS = 5
_ASKED = ("changed_by", "other_coder")


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did for a question.

    ``added`` and ``changed`` codings, ``same`` as before; ``deleted`` on the server and kept here
    (``removed`` where that was accepted); ``drafts`` begun and not sent, not taken. ``unread``
    annotations and those that are ``asked`` about, as another account made or changed them, are
    kept as they are in ``annotations/history/unread/``. ``notes``: (key below pull., what to fill
    in).
    """

    question: str
    added: int = 0
    changed: int = 0
    same: int = 0
    deleted: int = 0
    removed: int = 0
    drafts: int = 0
    unread: int = 0
    asked: int = 0
    notes: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def pull_question(
    study: StudyFolder,
    client: Client,
    question: str,
    accept_deletions: bool = False,
    accept_changes: bool = False,
) -> Pulled:
    """Read a question's project into ``annotations/<question>/<coder>.jsonl``.

    A coding that differs from the one here takes its place, the old one goes to the history first;
    one that is older than what its coder said at the workbench goes there itself.
    One that is no longer on the server stays unless ``accept_deletions``; one that another account
    than the coder's made or changed is not taken unless ``accept_changes``. Raises InputError where
    the project is not there or under way to another version.
    """
    mark = project_key(study.paths.project_keys, question)
    project = find_project(client, mark) if mark else None
    if project is None:
        raise InputError(Problem("pull.no_project", {"question": question}))
    if project.next:
        params = {"title": project.title, "version": project.next}
        raise InputError(Problem("pull.under_way", params))
    seen = SyncState(study.paths.label_studio, "pull", question)
    for _ in range(_READS):
        before = fingerprint(client, project)
        if seen.unchanged(before, _here(study, client, project, accept_deletions)):
            return Pulled(question, same=sum(1 for _ in _lines(study, question)))
        found = read_project(study, client, project, question)
        # only what was whole while it was read says that something is gone
        whole = fingerprint(client, project) == before
        if whole:
            break
    if accept_changes:
        found.doubtful.clear()
    result = write_found(study, question, project, found, accept_deletions, whole)
    if whole and not result.asked:
        seen.save(before, _here(study, client, project, accept_deletions))
    return result


def write_found(
    study: StudyFolder, question: str, project: Project, found: Found, accept: bool, whole: bool
) -> Pulled:
    """Old codings to the history, then the new ones to the coders' files, then what is unread."""
    counts = {"added": 0, "changed": 0, "same": 0, "deleted": 0, "removed": 0}
    kept = coding_by_coder(study, question)
    coders = sorted({*kept, *(coder for _, coder in found.codings)})
    for coder in coders:
        lines = {one.answer_id: one for one in masked_quotes(study, kept.get(coder, ()))}
        old: list[Coding] = []
        for (answer_id, who), made in found.codings.items():
            if who != coder:
                continue
            line = lines.get(answer_id)
            codings = _not_asked_about(found, made, line)
            if not codings:
                continue
            *others, best = codings
            old += others
            if line is None:
                counts["added"] += 1
            elif _says_the_same(line, best) or newer_here(line, best):
                # what is on the server and is not taken is kept as well
                old += [] if _says_the_same(line, best) or line.round > best.round else [best]
                counts["same"] += 1
                continue
            else:
                counts["changed"] += 1
                old.append(line)
            lines[answer_id] = best
        for answer_id, line in list(lines.items()):
            ours = line.source.get("kind") == KIND and line.source.get("project") == project.mark
            if not whole or not ours or (answer_id, coder) in found.there:
                continue
            if accept:
                old.append(lines.pop(answer_id))
                counts["removed"] += 1
            else:
                counts["deleted"] += 1
                found.notes.append(("deleted", {"answer": answer_id, "coder": coder}))
        add_to_history(study.paths.coding_history(question, coder), old)
        write_codings(study.paths.coding(question, coder), lines.values())
    write_unread(study.paths.unread_coding(question), found.unread)
    asked = {one["annotation"]["id"] for one in found.unread if one["reason"] in _ASKED}
    return Pulled(
        question,
        **counts,
        drafts=found.drafts,
        unread=len({one["annotation"]["id"] for one in found.unread} - asked),
        asked=len(asked),
        notes=tuple(found.notes),
    )


def _not_asked_about(
    found: Found, codings: Sequence[Coding], line: Coding | None
) -> Sequence[Coding]:
    """The codings of an answer without those that a person is asked about, which are kept aside.

    Of one that says what is here already (``line``) it was decided.
    """
    doubtful = [
        one
        for one in codings
        if annotation_of(one) in found.doubtful and not (line and _says_the_same(line, one))
    ]
    for one in doubtful:
        reason, params = found.doubtful[annotation_of(one)]
        task, annotation = found.made[annotation_of(one)]
        place = {"answer": one.answer_id, "coder": one.coder}
        keep_unread(found, task, annotation, reason, {**place, **params})
    return [one for one in codings if one not in doubtful]


def _says_the_same(here: Coding, there: Coding) -> bool:
    """Whether a coding on the server is the one here: what it says, not when or under what."""
    bare: dict[str, Any] = {
        "codebook": "",
        "created_at": None,
        "updated_at": None,
        "seconds": None,
        "source": {},
        "shown": None,
        "decided_by": None,
    }
    return replace(here, **bare) == replace(there, **bare)


def _here(study: StudyFolder, client: Client, project: Project, accept: bool) -> str:
    """What a pull depends on besides the server."""
    parts = [file.read_bytes() for file in _files(study, project, "*.jsonl")]
    config = study.config.coding
    return files.sha256(
        client.url, project.mark, project.version, str(accept), repr(config), *parts
    )


def _files(study: StudyFolder, project: Project, pattern: str) -> list[Any]:
    return sorted((study.paths.annotations / project_question(study, project.mark)).glob(pattern))


def _lines(study: StudyFolder, question: str) -> Iterable[Coding]:
    return (coding for codings in coding_by_coder(study, question).values() for coding in codings)
