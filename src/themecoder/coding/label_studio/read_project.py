"""The annotations of a question's project, read into codings; what can't be read is kept whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from themecoder.codebook.model import Codebook
from themecoder.codebook.origins import fresh_id
from themecoder.coding.label_studio.accounts import email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.other_accounts import MergedByUs, changed_by
from themecoder.coding.label_studio.project import Project, users
from themecoder.coding.label_studio.results import read_result
from themecoder.coding.label_studio.server_tasks import annotated_tasks, drafted_tasks
from themecoder.coding.label_studio.shown_before import shown_prediction
from themecoder.coding.label_studio.tasks import Key, key_of
from themecoder.coding.label_studio.transport import RefusedError
from themecoder.coding.model import Coding
from themecoder.coding.plan_file import read_plan
from themecoder.coding.quote_texts import quote_of
from themecoder.errors import Problem, ServiceError
from themecoder.masking.model import MaskedText
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder

KIND = "labelstudio"
_ORDER = {"skipped": 0, "no_code": 1, "coded": 1}


@dataclass(slots=True)
class Found:
    """All annotations of a project, read into codings by (answer, coder), the best last.

    ``made``: each annotation that was read, with its task. ``doubtful``: why a person is asked
    about one, as a key below pull. and what to fill in.
    """

    codings: dict[tuple[str, str], list[Coding]] = field(default_factory=dict)
    there: set[tuple[str, str]] = field(default_factory=set)
    doubtful: dict[int, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    made: dict[int, tuple[Mapping[str, Any], Mapping[str, Any]]] = field(default_factory=dict)
    unread: list[dict[str, Any]] = field(default_factory=list)
    notes: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    drafts: int = 0


def read_project(
    study: StudyFolder,
    client: Client,
    project: Project,
    question: str,
    tasks: Iterable[Mapping[str, Any]] | None = None,
) -> Found:
    """``tasks``: those with annotations, where they have been read already; then it is not asked
    who began what."""
    book = study.codebooks.read(project.version)
    planned = {row.key for row in read_plan(study.paths.plan)}
    found = Found()
    emails = users(client)
    names = _coder_names(study, emails, found)
    merged = MergedByUs(study.paths.label_studio, question)
    texts = study.masked_texts()
    try:
        if tasks is None:
            found.drafts = len(drafted_tasks(client, project))
            tasks = annotated_tasks(client, project)
        for task in tasks:
            _read_task(task, names, texts, book, planned, project, question, found)
            for annotation in task["annotations"]:
                if (other := changed_by(annotation, merged)) is not None:
                    account = emails.get(other, f"user{other}")
                    found.doubtful.setdefault(
                        annotation["id"], ("changed_by", {"account": account})
                    )
    except RefusedError as error:
        raise ServiceError(Problem("server.refused", {"detail": error.detail})) from None
    for codings in found.codings.values():
        codings.sort(key=lambda c: (c.round, _ORDER[c.state], c.updated_at or "", annotation_of(c)))
    return found


def _read_task(
    task: Mapping[str, Any],
    names: Callable[[int], str],
    texts: Mapping[str, MaskedText],
    book: Codebook,
    planned: set[Key],
    project: Project,
    question: str,
    found: Found,
) -> None:
    data = task["data"]
    key = key_of(data)
    known = {code.id for code in book.codes}
    for annotation in task["annotations"]:
        coder = names(int(annotation["completed_by"]))
        place = {"task": task["id"], "annotation": annotation["id"], "coder": coder}
        if key is None or key[0] not in texts or AnswerId.parse(key[0]).question != question:
            keep_unread(found, task, annotation, "foreign", place)
            continue
        answer_id = key[0]
        masked = texts[answer_id]
        place |= {"answer": answer_id}
        found.there.add((answer_id, coder))
        if coder != key[1]:
            found.doubtful[annotation["id"]] = ("other_coder", {"planned": key[1]})
        elif key not in planned:
            found.notes.append(("unplanned", place))
        skipped = bool(annotation["was_cancelled"])
        result = read_result([] if skipped else annotation["result"], data["text"], known)
        if result.spans and data["text"] != masked.masked:
            keep_unread(found, task, annotation, "text", place)
            continue
        if result.wrong:
            for reason, params in result.wrong:
                keep_unread(found, task, annotation, reason, {**place, **params})
            continue
        alone = [code.id for code in book.codes if code.exclusive and code.id in result.codes]
        if alone and len(result.codes) > 1:
            found.notes.append(("exclusive", {**place, "code": alone[0]}))
        quotes = []
        for span in result.spans:
            start, end = masked.to_original(span.start, span.end)
            quotes.append(quote_of(masked, start, end, span.code))
        coding = Coding(
            answer_id=answer_id,
            coder=coder,
            codebook=project.version,
            state="skipped" if skipped else "coded" if result.codes else "no_code",
            codes=result.codes,
            quotes=tuple(sorted(set(quotes))),
            values=result.values,
            uncertain=result.uncertain,
            comment=result.remark,
            shown=_shown(task, annotation),
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
        found.made[annotation["id"]] = task, annotation


def _shown(task: Mapping[str, Any], annotation: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The codes that were ticked beforehand, none where none was likely; None where the answer was
    coded blind."""
    shown = shown_prediction(task.get("predictions") or (), annotation, task.get("created_at"))
    if shown is None:
        return None
    codes: list[str] = []
    for item in shown.get("result") or ():
        codes += item.get("value", {}).get("choices", ())
    return tuple(dict.fromkeys(codes))


def _coder_names(
    study: StudyFolder, emails: Mapping[int, str], found: Found
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


def keep_unread(
    found: Found,
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


def annotation_of(coding: Coding) -> int:
    return int(coding.source["annotation"])
