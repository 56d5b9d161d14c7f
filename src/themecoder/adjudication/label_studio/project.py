"""Deciding in Label Studio: a project per question, apart from the coders' own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themecoder.adjudication.decisions import SEEN, ProposedDecision
from themecoder.adjudication.label_studio.config import (
    VOTES,
    adjudication_config,
    adjudication_instruction,
    split_result,
    votes_html,
)
from themecoder.adjudication.study_adjudication import (
    Adjudication,
    Note,
    codes_by_coder,
    decide,
    history_file,
    load_adjudication,
)
from themecoder.coding.cases import Case, quotes_of
from themecoder.coding.history import read_history
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.connect import connect
from themecoder.coding.label_studio.project import Project, annotated_tasks, find_project, users
from themecoder.coding.label_studio.pull import KIND
from themecoder.coding.label_studio.push import DesiredProject, ensure_project, sync_tasks
from themecoder.coding.label_studio.results import read_result
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.coding.label_studio.sync_state import get_or_create_project_key, project_key
from themecoder.coding.label_studio.tasks import Key, key_of, task_data
from themecoder.coding.model import ADJUDICATED, Quote
from themecoder.coding.plan import Planned
from themecoder.masking.model import MaskedText
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class PushedCases:
    """``planned`` answers are open, ``sent`` of them new on the server."""

    question: str
    planned: int
    sent: int


@dataclass(frozen=True, slots=True)
class PulledDecisions:
    """``read`` decisions stand on the server, ``made`` of them new or changed here."""

    question: str
    read: int = 0
    made: int = 0
    definitions: int = 0
    notes: tuple[Note, ...] = ()


def push_cases(study: StudyFolder, client: Client, question: str) -> PushedCases:
    """Bring what is open to a project of its own; a second time sends nothing.

    An answer that was re-opened is a task again, of a later round. Each version of the codebook has
    a project: decisions of an older one stay where they were made.
    """
    on = load_adjudication(study, question)
    name = _name(on)
    if not on.open and project_key(study.paths.project_keys, name) is None:
        return PushedCases(question, 0, 0)
    wanted = _wanted(on)
    mark = get_or_create_project_key(study.paths.project_keys, name)
    project = retry_after_reread(client, lambda: ensure_project(client, mark, wanted))
    counts = sync_tasks(client, project, wanted, study.progress)
    return PushedCases(question, len(wanted.rows), counts.sent)


def pull_decisions(study: StudyFolder, client: Client, question: str) -> PulledDecisions:
    """Take over what was decided there. The newest judgement of an answer counts."""
    on = load_adjudication(study, question)
    mark = project_key(study.paths.project_keys, _name(on))
    project = find_project(client, mark) if mark else None
    if project is None:
        return PulledDecisions(question)
    names, texts = users(client), study.masked_texts()
    notes: list[Note] = []
    taken = _taken(on)
    newest: dict[str, tuple[tuple[int, str], ProposedDecision]] = {}
    for task in annotated_tasks(client, project):
        for annotation in task["annotations"]:
            found = _read(on, project, task, annotation, names, texts, notes)
            if found is None:
                continue
            proposal, moment = found
            if proposal.answer_id not in newest or newest[proposal.answer_id][0] < moment:
                newest[proposal.answer_id] = moment, proposal
    # one that was taken over before may have been decided anew elsewhere since
    proposals = [
        proposal
        for _, (_, proposal) in sorted(newest.items())
        if (proposal.source["annotation"], proposal.updated_at) not in taken
    ]
    done = decide(on, proposals)
    notes += done.notes
    return PulledDecisions(question, len(newest), done.made, done.definitions, tuple(notes))


def _taken(on: Adjudication) -> set[tuple[int, str | None]]:
    """The annotations, as they were at a moment, that are or were a decision here."""
    kept = [*on.decisions.values(), *read_history(history_file(on))]
    return {
        (one.source["annotation"], one.updated_at) for one in kept if "annotation" in one.source
    }


def _name(on: Adjudication) -> str:
    """Under which the project's mark is kept."""
    return f"{on.question}/{ADJUDICATED}/{on.book.version}"


def _wanted(on: Adjudication) -> DesiredProject:
    wording = on.study.config.question(on.question)
    rows, data, agreed = {}, {}, {}
    for place, case in enumerate(on.open):
        row = Planned(
            on.question,
            case.answer_id,
            ADJUDICATED,
            round=1 + (case.decision.round if case.decision else 0),
            place=place,
        )
        rows[row.key] = row
        data[row.key] = {
            **task_data(row, wording.text or wording.label, on.masked(case).masked),
            "note": _note(on, case),
            VOTES: votes_html(codes_by_coder(on, case), case.agreed, on.book),
            SEEN: case.seen,
        }
        agreed[case.answer_id] = [(code, 1.0) for code in case.agreed]
    title = message("labelling.judge_title", on.book.language, question=on.question)
    return DesiredProject(
        on.study,
        on.question,
        on.book,
        rows,
        frozenset(),
        data,
        {answer: codes for answer, codes in agreed.items() if codes},
        title,
        adjudication_config(on.book),
        adjudication_instruction(on.book),
        "agreed",
    )


def _note(on: Adjudication, case: Case) -> str:
    """Why it is asked again, where it is: the names of coders are no part of it."""
    return message("labelling.reopened", on.book.language) if case.reopened else ""


def _read(
    on: Adjudication,
    project: Project,
    task: Mapping[str, Any],
    annotation: Mapping[str, Any],
    names: Mapping[int, str],
    texts: Mapping[str, MaskedText],
    notes: list[Note],
) -> tuple[ProposedDecision, tuple[int, str]] | None:
    """An annotation as a decision with its round and moment; None, told, where it is none."""
    if annotation["was_cancelled"]:
        return None
    data = task["data"]
    key: Key | None = key_of(data)
    case = on.find(key[0]) if key else None
    place = {"task": task["id"], "answer": key[0] if key else "?"}
    if key is None or case is None or key[1] != ADJUDICATED:
        notes.append(("unread", {**place, "reason": "foreign"}))
        return None
    items, definition, half = split_result(annotation["result"])
    masked = texts[key[0]]
    known = set(on.codes)
    result = read_result(items, data["text"], known)
    wrong = [reason for reason, _ in result.wrong]
    if result.spans and data["text"] != masked.masked:
        wrong.append("text")
    if len(result.codes) > 1 and on.exclusive & set(result.codes):
        wrong.append("exclusive")
    if half:
        wrong.append("definition")
    if wrong:
        notes.append(("unread", {**place, "reason": ", ".join(wrong)}))
        return None
    by = _person(on, names.get(int(annotation["completed_by"]), ""))
    if not result.remark:
        notes.append(("no_why_given", {"answer": key[0], "by": by}))
    quotes = []
    for span in result.spans:
        start, end = masked.to_original(span.start, span.end)
        quotes.append(Quote(start, end, span.code, masked.original[start:end]))
    marked = {quote.code for quote in quotes}
    # where the adjudicator marked nothing, what the coders marked stands
    quotes += quotes_of(case, [code for code in result.codes if code not in marked], on.texts)
    proposal = ProposedDecision(
        key[0],
        result.codes,
        result.remark,
        by,
        str(data.get(SEEN, "")),
        tuple(sorted(set(quotes))),
        definition,
        {"kind": KIND, "project": project.mark, "task": task["id"], "annotation": annotation["id"]},
        annotation["created_at"],
        annotation["updated_at"],
        annotation["lead_time"],
    )
    if proposal.seen != case.seen and case.decision is None:
        notes.append(("changed_since", place))
    return proposal, (key[2], str(annotation["updated_at"]))


def _person(on: Adjudication, email: str) -> str:
    accounts = {
        address.casefold(): name for name, address in on.study.config.coding.accounts.items()
    }
    return accounts.get(email.casefold()) or on.study.config.coding.adjudicator or email


def push_disagreements(
    study: StudyFolder, questions: Sequence[str] = (), url: str | None = None
) -> list[PushedCases]:
    """Send what is open to a Label Studio project in which a person decides."""
    with study.locked(), connect(study, url) as client:
        wanted = [study.question(q) for q in questions] or list(study.questions)
        return [push_cases(study, client, question) for question in wanted]


def pull_judgements(
    study: StudyFolder, questions: Sequence[str] = (), url: str | None = None
) -> list[PulledDecisions]:
    """Take what was decided in Label Studio into ``annotations/adjudicated/``."""
    with study.locked(), connect(study, url) as client:
        wanted = [study.question(q) for q in questions] or list(study.questions)
        return [pull_decisions(study, client, question) for question in wanted]
