"""One open answer at a time: what is shown of it, and what a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from themecoder.adjudication.decision_list import (
    ABOUT,
    DECISION,
    DEFINITION,
    NOTHING,
    WHY,
    faults_of,
)
from themecoder.adjudication.decisions import ProposedDecision
from themecoder.adjudication.study_adjudication import (
    AdjudicationResult,
    decide,
    load_adjudication,
)
from themecoder.coding.cases import PERSON, Case, fingerprint
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import sha256
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder


def case_mark(case: Case) -> str:
    """A mark of what a person is shown of an open answer: the coders' codings, and the decision
    that stands."""
    standing = case.decision
    return sha256(case.seen, "" if standing is None else repr((fingerprint(standing), standing)))


def decide_one(
    study: StudyFolder,
    answer_id: str,
    codes: Sequence[str],
    why: str,
    by: str,
    shown: str,
    definition: tuple[str, str] = ("", ""),
    now: str | None = None,
) -> AdjudicationResult:
    """Keep a person's decision on an answer. ``shown``: the mark of what ``by`` was shown;
    ``definition``: (code, text) that would have prevented the dispute; ``now``: the moment in UTC.

    Raises InputError with all that is wrong, also where somebody has coded or decided since.
    """
    with study.locked():
        question = study.question(AnswerId.parse(answer_id).question)
        adjudication = load_adjudication(study, question)
        case = adjudication.find(answer_id)
        about, text = (part.strip() for part in definition)
        row = {
            "answer_id": answer_id,
            DECISION: ";".join(codes) or NOTHING,
            WHY: why,
            ABOUT: about,
            DEFINITION: text,
        }
        known = [] if case is None else [answer_id]
        faults = faults_of(row, known, (), adjudication.codes, adjudication.exclusive)
        problems = [Problem(f"adjudication.{key}", params) for key, _, params in faults]
        if not by.strip():
            problems.append(Problem("adjudication.no_name"))
        if case is not None and case_mark(case) != shown:
            problems.append(Problem("adjudication.changed", {"answer": answer_id}))
        if problems or case is None:
            raise InputError(problems)
        moment = now or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        proposal = ProposedDecision(
            answer_id,
            tuple(codes),
            why.strip(),
            by.strip(),
            case.seen,
            definition=(about, text) if about else None,
            source={"kind": PERSON},
            created_at=moment,
            updated_at=moment,
        )
        return decide(adjudication, [proposal])
