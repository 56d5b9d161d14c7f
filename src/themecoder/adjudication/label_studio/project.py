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
from themecoder.coding.label_studio.desired_project import DesiredProject, ensure_project
from themecoder.coding.label_studio.project import Project, find_project, users
from themecoder.coding.label_studio.read_project import KIND
from themecoder.coding.label_studio.results import read_result
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.coding.label_studio.server_tasks import annotated_tasks
from themecoder.coding.label_studio.sync_state import get_or_create_project_key, project_key
from themecoder.coding.label_studio.sync_tasks import sync_tasks
from themecoder.coding.label_studio.tasks import Key, key_of, task_data
from themecoder.coding.model import ADJUDICATED
from themecoder.coding.plan import Planned
from themecoder.coding.quote_texts import quote_of
from themecoder.masking.model import MaskedText
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class PushedCases:
    """``planned`` answers are open; ``sent`` of them are new on the server."""

    question: str
    planned: int
    sent: int


@dataclass(frozen=True, slots=True)
class PulledDecisions:
    """``read`` decisions are on the server; ``made`` of them are new or changed here."""

    question: str
    read: int = 0
    made: int = 0
    definitions: int = 0
    notes: tuple[Note, ...] = ()


def push_cases(study: StudyFolder, client: Client, question: str) -> PushedCases:
    """Send the open answers to a project of their own; a second time nothing is sent.

    An answer that was re-opened is a task again, of a later round. Each version of the codebook has
    its own project, so that decisions under an older one stay where they were made.
    """
    adjudication = load_adjudication(study, question)
    name = _key_name(adjudication)
    if not adjudication.open and project_key(study.paths.project_keys, name) is None:
        return PushedCases(question, 0, 0)
    desired = _desired_project(adjudication)
    key = get_or_create_project_key(study.paths.project_keys, name)
    project = retry_after_reread(client, lambda: ensure_project(client, key, desired))
    counts = sync_tasks(client, project, desired, study.progress)
    return PushedCases(question, len(desired.rows), counts.sent)


def pull_decisions(study: StudyFolder, client: Client, question: str) -> PulledDecisions:
    """Take over what was decided there; of several decisions on an answer the newest counts."""
    adjudication = load_adjudication(study, question)
    key = project_key(study.paths.project_keys, _key_name(adjudication))
    project = find_project(client, key) if key else None
    if project is None:
        return PulledDecisions(question)
    names, texts = users(client), study.masked_texts()
    notes: list[Note] = []
    taken = _known_annotations(adjudication)
    newest: dict[str, tuple[tuple[int, str], ProposedDecision]] = {}
    for task in annotated_tasks(client, project):
        for annotation in task["annotations"]:
            read = _read_annotation(adjudication, project, task, annotation, names, texts, notes)
            if read is None:
                continue
            proposal, moment = read
            if proposal.answer_id not in newest or newest[proposal.answer_id][0] < moment:
                newest[proposal.answer_id] = moment, proposal
    # a decision that was taken over before is left out: the answer may have been decided anew since
    proposals = [
        proposal
        for _, (_, proposal) in sorted(newest.items())
        if (proposal.source["annotation"], proposal.updated_at) not in taken
    ]
    result = decide(adjudication, proposals)
    notes += result.notes
    return PulledDecisions(question, len(newest), result.made, result.definitions, tuple(notes))


def _known_annotations(adjudication: Adjudication) -> set[tuple[int, str | None]]:
    """(annotation, moment of its change) of every annotation that is or was a decision here."""
    decisions = [*adjudication.decisions.values(), *read_history(history_file(adjudication))]
    return {
        (decision.source["annotation"], decision.updated_at)
        for decision in decisions
        if "annotation" in decision.source
    }


def _key_name(adjudication: Adjudication) -> str:
    """The name under which the key of the project is kept."""
    return f"{adjudication.question}/{ADJUDICATED}/{adjudication.book.version}"


def _desired_project(adjudication: Adjudication) -> DesiredProject:
    wording = adjudication.study.config.question(adjudication.question)
    rows, data, agreed = {}, {}, {}
    for place, case in enumerate(adjudication.open):
        row = Planned(
            adjudication.question,
            case.answer_id,
            ADJUDICATED,
            round=1 + (case.decision.round if case.decision else 0),
            place=place,
        )
        rows[row.key] = row
        data[row.key] = {
            **task_data(row, wording.text or wording.label, adjudication.masked(case).masked),
            "note": _note(adjudication, case),
            VOTES: votes_html(codes_by_coder(adjudication, case), case.agreed, adjudication.book),
            SEEN: case.seen,
        }
        agreed[case.answer_id] = [(code, 1.0) for code in case.agreed]
    title = message(
        "labelling.judge_title", adjudication.book.language, question=adjudication.question
    )
    return DesiredProject(
        adjudication.study,
        adjudication.question,
        adjudication.book,
        rows,
        frozenset(),
        data,
        {answer: codes for answer, codes in agreed.items() if codes},
        title,
        adjudication_config(adjudication.book),
        adjudication_instruction(adjudication.book),
        "agreed",
    )


def _note(adjudication: Adjudication, case: Case) -> str:
    """Why an answer is asked again, where it is; without the names of coders."""
    return message("labelling.reopened", adjudication.book.language) if case.reopened else ""


def _read_annotation(
    adjudication: Adjudication,
    project: Project,
    task: Mapping[str, Any],
    annotation: Mapping[str, Any],
    names: Mapping[int, str],
    texts: Mapping[str, MaskedText],
    notes: list[Note],
) -> tuple[ProposedDecision, tuple[int, str]] | None:
    """An annotation as a decision, with its round and moment. None where it can't be read as one;
    ``notes`` then has the reason."""
    if annotation["was_cancelled"]:
        return None
    data = task["data"]
    key: Key | None = key_of(data)
    case = adjudication.find(key[0]) if key else None
    place = {"task": task["id"], "answer": key[0] if key else "?"}
    if key is None or case is None or key[1] != ADJUDICATED:
        notes.append(("unread", {**place, "reason": "foreign"}))
        return None
    items, definition, half = split_result(annotation["result"])
    masked = texts[key[0]]
    known = set(adjudication.codes)
    result = read_result(items, data["text"], known)
    reasons = [reason for reason, _ in result.wrong]
    if result.spans and data["text"] != masked.masked:
        reasons.append("text")
    if len(result.codes) > 1 and adjudication.exclusive & set(result.codes):
        reasons.append("exclusive")
    if half:
        reasons.append("definition")
    if reasons:
        notes.append(("unread", {**place, "reason": ", ".join(reasons)}))
        return None
    by = _decider(adjudication, names.get(int(annotation["completed_by"]), ""))
    if not result.remark:
        notes.append(("no_why_given", {"answer": key[0], "by": by}))
    quotes = []
    for span in result.spans:
        start, end = masked.to_original(span.start, span.end)
        quotes.append(quote_of(masked, start, end, span.code))
    marked = {quote.code for quote in quotes}
    # where the adjudicator marked nothing, what the coders marked stands
    quotes += quotes_of(
        case, [code for code in result.codes if code not in marked], adjudication.texts
    )
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
        result.values,
    )
    if proposal.seen != case.seen and case.decision is None:
        notes.append(("changed_since", place))
    return proposal, (key[2], str(annotation["updated_at"]))


def _decider(adjudication: Adjudication, email: str) -> str:
    accounts = {
        address.casefold(): name
        for name, address in adjudication.study.config.coding.accounts.items()
    }
    return accounts.get(email.casefold()) or adjudication.study.config.coding.adjudicator or email


def push_disagreements(
    study: StudyFolder,
    questions: Sequence[str] = (),
    url: str | None = None,
    insecure: bool = False,
) -> list[PushedCases]:
    """Send the open answers to Label Studio projects in which a person decides."""
    with study.locked(), connect(study, url, insecure) as client:
        chosen = [study.question(q) for q in questions] or list(study.questions)
        return [push_cases(study, client, question) for question in chosen]


def pull_judgements(
    study: StudyFolder,
    questions: Sequence[str] = (),
    url: str | None = None,
    insecure: bool = False,
) -> list[PulledDecisions]:
    """Take the decisions made in Label Studio into ``annotations/adjudicated/``."""
    with study.locked(), connect(study, url, insecure) as client:
        chosen = [study.question(q) for q in questions] or list(study.questions)
        return [pull_decisions(study, client, question) for question in chosen]
