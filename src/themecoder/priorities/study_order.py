"""A study's plan with what had better be coded next at the head of each coder's row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from themecoder.classifier.model import IntArray
from themecoder.coding.plan import CLAIMS, ORDERS, RANDOM, RECHECK, TEACH, Planned
from themecoder.coding.planning import MadePlan, plan_study
from themecoder.coding.replanning import CHANCE_OF, in_order, with_rechecks
from themecoder.coding.suggestions.study_suggestions import (
    cross_fitted_probabilities,
    learned_codes,
    study_coding,
)
from themecoder.errors import InputError, Problem
from themecoder.priorities.choosing import in_doubt, likely_wrong, to_settle, to_teach
from themecoder.priorities.claims import worth_of_open
from themecoder.priorities.study_claims import ClaimsSoFar, study_claims
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.known import KnownStudy, known_study
from themecoder.workspace.folder import StudyFolder

NEXT = 40
"""So many tasks of each coder are put in another order, where nobody says how many."""
Done = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class NextTasks:
    """``chosen``: coder -> question -> how many tasks another order put next, those of chance among
    them not counted; ``rechecks``: how many answers got a second coder since the first may be
    mistaken. ``claims``: how they stand, where the order is by claims."""

    plan: MadePlan
    chosen: Mapping[tuple[str, str], int]
    rechecks: int
    claims: ClaimsSoFar | None


@dataclass(slots=True)
class _Reorder:
    """What is done with a plan before it is written."""

    study: StudyFolder
    by: str | None
    n: int
    recheck: int
    claims: ClaimsSoFar | None = field(default=None)

    def __call__(self, rows: tuple[Planned, ...], done: Done) -> tuple[Planned, ...]:
        study, seed = self.study, self.study.config.seed
        if self.by == RANDOM:
            rows = in_order(rows, {}, RANDOM, seed, done)
        elif self.by is not None:
            rows = in_order(rows, self._chosen(rows, done), self.by, seed, done)
        if self.recheck:
            coders = study.config.coding.coders
            wrong = _likely_wrong(study, _known(study))
            rows = with_rechecks(rows, wrong, self.recheck, coders, seed, done)
        return rows

    def _chosen(self, rows: Sequence[Planned], done: Done) -> dict[str, list[str]]:
        """question -> the answers that are next, in their order."""
        study, known = self.study, _known(self.study)
        free, owners = _free(rows, done, known)
        quota = max(self.n * (CHANCE_OF[self.by or ""] - 1) // CHANCE_OF[self.by or ""], 1)
        if self.by == CLAIMS:
            self.claims = study_claims(study)
            values, needed = worth_of_open(self.claims.standings)
            questions = known.known.answers.questions
            order = to_settle(values, needed, free, owners, questions, quota)
        else:
            learned = learned_codes(study)
            if learned is None:
                raise InputError(Problem("ppi.no_content"))
            coded = study_coding(study, known)
            machine, seed = learned.probabilities, study.config.seed
            ready = np.setdiff1d(coded.answers, free)
            if self.by == TEACH:
                given = coded.codes.sum(axis=0)
                order = to_teach(known.known, machine, given, ready, free, owners, quota, seed)
            else:
                order = in_doubt(known.known, machine, ready, free, owners, quota, seed)
        found: dict[str, list[str]] = {}
        for answer in order.tolist():
            name = known.answers[answer]
            found.setdefault(AnswerId.parse(name).question, []).append(name)
        return found


def plan_next(
    study: StudyFolder,
    double: float | None = None,
    blind: float | None = None,
    contentless: bool = False,
    by: str | None = None,
    n: int = NEXT,
    recheck: int = 0,
) -> NextTasks:
    """Plan the coding, or change the plan, see ``plan_study``; and put what is ``by`` some order
    next at the head of each coder's row.

    ``n``: how many tasks of each coder, of which chance draws a part. ``recheck``: how many answers
    get a second coder where the first may be mistaken. Raises InputError for an unknown order, and
    where there is nothing that it could go by.
    """
    if by is not None and by not in ORDERS:
        raise InputError(Problem("plan.order", {"found": by, "known": ", ".join(ORDERS)}))
    if n < 1 or recheck < 0:
        raise InputError(Problem("plan.number", {"found": min(n, recheck)}))
    reorder = _Reorder(study, by, n, recheck)
    made = plan_study(study, double, blind, contentless, reorder=reorder)
    chosen: dict[tuple[str, str], int] = {}
    for row in made.rows:
        if by not in (None, RANDOM) and row.by == by:
            key = (row.coder, row.question)
            chosen[key] = chosen.get(key, 0) + 1
    rechecks = sum(row.by == RECHECK for row in made.rows)
    return NextTasks(made, dict(sorted(chosen.items())), rechecks, reorder.claims)


def _known(study: StudyFolder) -> KnownStudy:
    known = study.once(known_study)
    if known is None:
        raise InputError(Problem("ppi.no_content"))
    return known


def _free(rows: Sequence[Planned], done: Done, known: KnownStudy) -> tuple[IntArray, IntArray]:
    """(f,) the answers that one coder is to code and nobody has, ascending; and (f,) a number for
    that coder."""
    coders: dict[str, set[str]] = {}
    for row in rows:
        if row.round == 1:
            coders.setdefault(row.answer_id, set()).add(row.coder)
    taken = {answer for answer, _ in done}
    names = sorted({coder for own in coders.values() for coder in own})
    pairs = [
        (place, names.index(next(iter(coders[answer]))))
        for answer, place in known.places.items()
        if len(coders.get(answer, ())) == 1 and answer not in taken
    ]
    found = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _likely_wrong(study: StudyFolder, known: KnownStudy) -> list[str]:
    """The coded answers, those first whose coding the machine finds least likely."""
    coded = study_coding(study, known)
    given = np.zeros((len(known.answers), len(known.codes)))
    given[coded.answers] = coded.codes
    machine = cross_fitted_probabilities(study, known)
    return [known.answers[row] for row in likely_wrong(machine, given, coded.answers).tolist()]
