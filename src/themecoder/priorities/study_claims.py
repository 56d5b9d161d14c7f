"""How the claims of a study's report stand by what is coded so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.coding.coded import CodedQuestion
from themecoder.coding.plan import RANDOM, RECHECK, Planned, in_waves
from themecoder.coding.plan_file import read_plan
from themecoder.coding.random_part import is_drawn
from themecoder.coding.read import coded, source_for
from themecoder.coding.suggestions.study_suggestions import cross_fitted_probabilities
from themecoder.counts.count_rows import CONTENT
from themecoder.errors import InputError, Problem
from themecoder.figures.quoted.claims import Claim
from themecoder.figures.study_check import claims_of
from themecoder.priorities.claims import ClaimScope, CodedSoFar, Standing, standing, where_open
from themecoder.priorities.totals import TaskRow
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.known import KnownStudy, known_study
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class ClaimsSoFar:
    """``standings`` of the claims on codes, in the order of the file; ``level``: that of what is
    settled; ``known`` and ``so_far``: what they rest on; ``questions``: where coding settles claims
    now, in the order of the study."""

    standings: tuple[Standing, ...]
    level: float
    known: KnownStudy
    so_far: CodedSoFar
    questions: tuple[str, ...]


def study_claims(study: StudyFolder) -> ClaimsSoFar:
    """How the claims on codes in ``reports/claims.csv`` stand.

    Raises InputError where there are none, or nothing to learn from.
    """
    book, source = study.required_codebook(), source_for(study)
    if not source.confirmed:
        raise InputError(Problem("ppi.no_people", {"source": str(source)}))
    claims = [claim for claim in claims_of(study) if claim.codes]
    if not claims:
        file = study.paths.reports / "claims.csv"
        raise InputError(Problem("claims.none", file=file))
    known = study.once(known_study)
    if known is None:
        raise InputError(Problem("ppi.no_content"))
    parts = {question: coded(study, question, source, book) for question in study.questions}
    columns = {code.id: column for column, code in enumerate(book.usable)}
    machine = np.zeros((len(known.answers), len(columns)))
    said = cross_fitted_probabilities(study, known)
    for place, code in enumerate(known.codes):
        if code in columns:
            machine[:, columns[code]] = said[:, place]
    given = np.zeros(machine.shape)
    is_coded = np.zeros(len(machine), dtype=bool)
    for row, answer in enumerate(known.answers):
        name = AnswerId.parse(answer)
        part = parts[name.question]
        if name.respondent in part.content and name.respondent not in part.uncoded:
            is_coded[row] = True
            own = [columns[code] for code in part.codes[name.respondent] if code in columns]
            given[row, own] = 1
    rows = task_rows(read_plan(study.paths.plan), known.places, study.config.seed)
    so_far, level = CodedSoFar(given, machine, is_coded, rows), study.config.counts.level
    themes = [code.id for code in book.usable if not code.exclusive]
    scopes = claim_scopes(study, known, claims, columns, themes, parts)
    standings = tuple(standing(scope, so_far, level) for scope in scopes)
    open_at = {AnswerId.parse(known.answers[row]).question for row in where_open(scopes, standings)}
    questions = tuple(question for question in study.questions if question in open_at)
    return ClaimsSoFar(standings, level, known, so_far, questions)


def claim_scopes(
    study: StudyFolder,
    known: KnownStudy,
    claims: Sequence[Claim],
    columns: Mapping[str, int],
    themes: Sequence[str],
    parts: Mapping[str, CodedQuestion],
) -> list[ClaimScope]:
    """Whom each of the ``claims`` on codes is about, as ``check`` has it: a word is held to those
    who said something, a number to the base of the study's tables. ``columns``: those of the codes;
    ``themes``: among which codes a claim has its place; ``parts``: question -> its coding."""
    names = [AnswerId.parse(answer) for answer in known.answers]
    people = {who: n for n, who in enumerate(dict.fromkeys(name.respondent for name in names))}
    found = []
    for claim in claims:
        own = [q for q in claim.questions or study.questions if q in study.questions]
        place = {question: n for n, question in enumerate(own)}
        within = frozenset(study.survey.members(claim.group)) if claim.group else None
        rows = [
            row
            for row, name in enumerate(names)
            if name.question in place and (within is None or name.respondent in within)
        ]
        rows.sort(key=lambda row: (place[names[row].question], row))
        who = {names[row].respondent for row in rows}
        asked, without = who, 0
        if claim.rule.has_number and study.config.counts.base != CONTENT:
            asked = {one for q in own for one in parts[q].asked if within is None or one in within}
            having = {one for q in own for one in parts[q].having(claim.codes)}
            without = len(having & (asked - who))
        each = claim.rule.reach == "each" and len(claim.codes) > 1
        together = [("", [columns[code] for code in claim.codes])]
        alone = [(code, [columns[code]]) for code in claim.codes]
        found.append(
            ClaimScope(
                claim,
                np.array(rows, dtype=np.int64),
                np.array([people[names[row].respondent] for row in rows], dtype=np.int64),
                alone if each else together,
                {code: columns[code] for code in themes},
                len(asked),
                without,
            )
        )
    return found


def task_rows(plan: Sequence[Planned], places: Mapping[str, int], seed: int) -> list[TaskRow]:
    """The coders' tasks of the first round, each answer in the row of one of its coders. A coder
    whose order chance did not draw has none."""
    first = [r for r in in_waves(plan, seed) if r.round == 1 and r.by != RECHECK]
    groups: dict[tuple[str, str, int], list[Planned]] = {}
    taken: set[str] = set()
    for row in sorted(first, key=lambda row: (row.question, row.coder, row.wave or 0, row.place)):
        if row.answer_id in places and row.answer_id not in taken:
            taken.add(row.answer_id)
            groups.setdefault((row.question, row.coder, row.wave or 0), []).append(row)
    return [
        TaskRow(
            np.array([places[row.answer_id] for row in own], dtype=np.int64),
            np.array([row.by == RANDOM for row in own], dtype=bool),
        )
        for own in groups.values()
        if is_drawn(own, seed)
    ]
