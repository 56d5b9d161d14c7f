"""What coders made on the server, into the study's files: nothing is dropped, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from themecoder.codebook.model import Codebook
from themecoder.codebook.origins import fresh_id
from themecoder.coding.annotations import write_codings
from themecoder.coding.history import add_to_history, write_unread
from themecoder.coding.label_studio.accounts import email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.project import Project, find_project, fingerprint, users
from themecoder.coding.label_studio.results import read_result
from themecoder.coding.label_studio.server_tasks import annotated_tasks, drafted_tasks
from themecoder.coding.label_studio.sync_state import SyncState, project_key, project_question
from themecoder.coding.label_studio.tasks import Key, key_of
from themecoder.coding.label_studio.transport import RefusedError
from themecoder.coding.model import Coding, Quote
from themecoder.coding.plan_file import read_plan
from themecoder.coding.read import coding_by_coder
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.masking.model import MaskedText
from themecoder.storage import atomic as files
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder

KIND = "labelstudio"
_READS = 5
_ORDER = {"skipped": 0, "no_code": 1, "coded": 1}


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did for a question.

    ``added`` and ``changed`` codings, ``same`` as before; ``deleted`` on the server and kept here
    (``removed`` where that was accepted); ``drafts`` begun and not sent, not taken. ``unread``
    annotations are kept as they are in ``annotations/history/unread/``. ``notes``: (key below
    pull., what to fill in).
    """

    question: str
    added: int = 0
    changed: int = 0
    same: int = 0
    deleted: int = 0
    removed: int = 0
    drafts: int = 0
    unread: int = 0
    notes: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(slots=True)
class _Found:
    """All annotations of a project, read into codings by (answer, coder), the best last."""

    codings: dict[tuple[str, str], list[Coding]] = field(default_factory=dict)
    there: set[tuple[str, str]] = field(default_factory=set)
    unread: list[dict[str, Any]] = field(default_factory=list)
    notes: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    drafts: int = 0


def pull_question(
    study: StudyFolder,
    client: Client,
    question: str,
    accept_deletions: bool = False,
) -> Pulled:
    """Read a question's project into ``annotations/<question>/<coder>.jsonl``.

    A coding that differs from the one here takes its place, the old one goes to the history first.
    One that is no longer on the server stays unless ``accept_deletions``. Raises InputError where
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
        found = _read(study, client, project, question)
        # only what was whole while it was read says that something is gone
        whole = fingerprint(client, project) == before
        if whole:
            break
    result = _write(study, question, project, found, accept_deletions, whole)
    if whole:
        seen.save(before, _here(study, client, project, accept_deletions))
    return result


def _read(study: StudyFolder, client: Client, project: Project, question: str) -> _Found:
    book = study.codebooks.read(project.version)
    planned = {row.key for row in read_plan(study.paths.plan)}
    found = _Found()
    names = _coder_names(study, users(client), found)
    texts = study.masked_texts()
    try:
        found.drafts = len(drafted_tasks(client, project))
        for task in annotated_tasks(client, project):
            _read_task(task, names, texts, book, planned, project, question, found)
    except RefusedError as error:
        raise ServiceError(Problem("server.refused", {"detail": error.detail})) from None
    for codings in found.codings.values():
        codings.sort(key=lambda c: (c.round, _ORDER[c.state], c.updated_at or "", _id(c)))
    return found


def _read_task(
    task: Mapping[str, Any],
    names: Callable[[int], str],
    texts: Mapping[str, MaskedText],
    book: Codebook,
    planned: set[Key],
    project: Project,
    question: str,
    found: _Found,
) -> None:
    data = task["data"]
    key = key_of(data)
    known = {code.id for code in book.codes}
    for annotation in task["annotations"]:
        coder = names(int(annotation["completed_by"]))
        place = {"task": task["id"], "annotation": annotation["id"], "coder": coder}
        if key is None or key[0] not in texts or AnswerId.parse(key[0]).question != question:
            _keep_unread(found, task, annotation, "foreign", place)
            continue
        answer_id = key[0]
        masked = texts[answer_id]
        place |= {"answer": answer_id}
        found.there.add((answer_id, coder))
        if coder != key[1]:
            found.notes.append(("other_coder", {**place, "planned": key[1]}))
        elif key not in planned:
            found.notes.append(("unplanned", place))
        skipped = bool(annotation["was_cancelled"])
        result = read_result([] if skipped else annotation["result"], data["text"], known)
        if result.spans and data["text"] != masked.masked:
            _keep_unread(found, task, annotation, "text", place)
            continue
        if result.wrong:
            for reason, params in result.wrong:
                _keep_unread(found, task, annotation, reason, {**place, **params})
            continue
        alone = [code.id for code in book.codes if code.exclusive and code.id in result.codes]
        if alone and len(result.codes) > 1:
            found.notes.append(("exclusive", {**place, "code": alone[0]}))
        quotes = []
        for span in result.spans:
            start, end = masked.to_original(span.start, span.end)
            quotes.append(Quote(start, end, span.code, masked.original[start:end]))
        coding = Coding(
            answer_id=answer_id,
            coder=coder,
            codebook=project.version,
            state="skipped" if skipped else "coded" if result.codes else "no_code",
            codes=result.codes,
            quotes=tuple(sorted(set(quotes))),
            uncertain=result.uncertain,
            comment=result.remark,
            shown=_shown(task),
            round=key[2],
            created_at=annotation["created_at"],
            updated_at=annotation["updated_at"],
            seconds=annotation["lead_time"],
            source={
                "kind": KIND,
                "project": project.mark,
                "task": task["id"],
                "annotation": annotation["id"],
            },
        )
        found.codings.setdefault((answer_id, coder), []).append(coding)


def _write(
    study: StudyFolder, question: str, project: Project, found: _Found, accept: bool, whole: bool
) -> Pulled:
    """Old codings to the history, then the new ones to the coders' files, then what is unread."""
    counts = {"added": 0, "changed": 0, "same": 0, "deleted": 0, "removed": 0}
    kept = coding_by_coder(study, question)
    coders = sorted({*kept, *(coder for _, coder in found.codings)})
    for coder in coders:
        lines = {coding.answer_id: coding for coding in kept.get(coder, ())}
        old: list[Coding] = []
        for (answer_id, who), codings in found.codings.items():
            if who != coder:
                continue
            *others, best = codings
            old += others
            line = lines.get(answer_id)
            if line is None:
                counts["added"] += 1
            elif _says_the_same(line, best) or line.round > best.round:
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
    return Pulled(
        question,
        **counts,
        drafts=found.drafts,
        unread=len({one["annotation"]["id"] for one in found.unread}),
        notes=tuple(found.notes),
    )


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


def _shown(task: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The codes that were ticked beforehand; None where the answer was coded blind."""
    predictions = task.get("predictions") or ()
    if not predictions:
        return None
    codes: list[str] = []
    for item in predictions[0].get("result") or ():
        codes += item.get("value", {}).get("choices", ())
    return tuple(dict.fromkeys(codes))


def _coder_names(
    study: StudyFolder, emails: Mapping[int, str], found: _Found
) -> Callable[[int], str]:
    """The coder behind an account: study.toml's, or one made of the address, which is told."""
    known = {email_of(coder): coder for coder in study.config.coding.coders}
    known |= {email.casefold(): coder for coder, email in study.config.coding.accounts.items()}
    told: set[int] = set()

    def name(user: int) -> str:
        email = emails.get(user, f"user{user}")
        if email.casefold() in known:
            return known[email.casefold()]
        made = fresh_id(email.partition("@")[0], ())
        if user not in told:
            told.add(user)
            found.notes.append(("unknown_coder", {"email": email, "coder": made}))
        return made

    return name


def _keep_unread(
    found: _Found,
    task: Mapping[str, Any],
    annotation: Mapping[str, Any],
    reason: str,
    params: Mapping[str, Any],
) -> None:
    found.notes.append((reason, params))
    found.unread.append(
        {
            "reason": reason,
            "data": dict(task["data"]),
            "task": task["id"],
            "annotation": dict(annotation),
        }
    )


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


def _id(coding: Coding) -> int:
    return int(coding.source["annotation"])
