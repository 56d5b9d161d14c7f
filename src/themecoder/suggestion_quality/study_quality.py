"""How good a study's suggestions are, from its coding; and the page and the file that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from themecoder.agreement.anchoring import Anchoring, anchoring
from themecoder.agreement.measures.bootstrap import draws
from themecoder.agreement.study_agreement import coding_table
from themecoder.assistant.study_opinions import opinion_table
from themecoder.classifier.learn import learn
from themecoder.coding.by_people import all_adjudicated_codings, coding_of_all_questions
from themecoder.coding.suggestions.files import read_suggestions
from themecoder.coding.suggestions.study_suggestions import study_coding
from themecoder.errors import InputError, Problem
from themecoder.progress import running
from themecoder.suggestion_quality.curve import CURVE_POINTS, Point, learning_curve
from themecoder.suggestion_quality.effort import Effort, effort
from themecoder.suggestion_quality.reference import reference
from themecoder.suggestion_quality.reliability import Reliability, reliability
from themecoder.suggestion_quality.scores import (
    BoolArray,
    CodeScores,
    Estimate,
    FloatArray,
    Scores,
    scores,
)
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.known import known_study
from themecoder.workspace.folder import StudyFolder

RESAMPLES = 1000
_FEWEST = 20
"""Answers coded blind below which no measure says anything."""


@dataclass(frozen=True, slots=True)
class Quality:
    """``blind``: how many answers the measures rest on; ``coded``: how many are learned from.
    ``questions``: the measures over all codes, of each question with enough of those answers."""

    blind: int
    coded: int
    cut_off: float
    scores: Scores
    questions: tuple[tuple[str, CodeScores], ...]
    reliability: Reliability
    curve: tuple[Point, ...]
    effort: Effort
    anchoring: Anchoring | None


def suggestion_quality(study: StudyFolder, resamples: int = RESAMPLES) -> Quality:
    """The measures of the suggestions that would be made now.

    Raises InputError where fewer than 20 answers were coded blind. A code that fewer respondents
    gave than a table may show has no measures.
    """
    version = study.required_codebook().version
    by_coder = coding_of_all_questions(study)
    rows = [coding for own in by_coder.values() for coding in own]
    blind = len({coding.answer_id for coding in rows if coding.shown is None})
    if blind < _FEWEST:
        # said before anything is embedded
        raise _too_few(study, blind)
    known = study.once(known_study)
    decisions = all_adjudicated_codings(study)
    found = reference(known, by_coder, decisions, version) if known is not None else None
    if known is None or found is None or len(found.rows) < _FEWEST:
        raise _too_few(study, 0 if found is None else len(found.rows))
    seed, smallest = study.config.seed, study.config.report.smallest_cell
    coded = study_coding(study, known)
    answers = [known.answers[row] for row in found.rows]
    people = [AnswerId.parse(answer).respondent for answer in answers]
    drawn = draws(people, resamples, seed)
    with running(study.progress, "quality"):
        opinions = opinion_table(study, known)
        learned = learn(known.known, coded, seed, opinions=opinions)
        mine = learned.probabilities[found.rows]
        curve = learning_curve(
            known.known,
            coded,
            found.rows,
            found.given,
            drawn,
            learned,
            seed,
            opinions,
            lambda done: study.progress.advance(done, CURVE_POINTS),
        )
    whole = scores(mine, found.given, known.codes, learned.cut_off, drawn)
    who = np.unique(people, return_inverse=True)[1]
    rare = [len(np.unique(who[found.given[:, c]])) < smallest for c in range(len(known.codes))]
    shown = tuple(
        _nothing(one.code) if hidden else one for one, hidden in zip(whole.codes, rare, strict=True)
    )
    suggested = _suggested(study)
    rates = anchoring(coding_table(study), suggested, resamples=resamples, seed=seed)
    return Quality(
        len(found.rows),
        len(coded.answers),
        learned.cut_off,
        replace(whole, codes=shown),
        _by_question(answers, mine, found.given, known.codes, learned.cut_off, drawn),
        reliability(mine, found.given, drawn, max(smallest, 1)),
        curve,
        effort([one for one in rows if one.codebook == version], resamples, seed),
        next((one for one in rates if one.coder == "all"), None),
    )


def _too_few(study: StudyFolder, n: int) -> InputError:
    params = {"n": n, "needed": _FEWEST}
    return InputError(Problem("suggestions.few_blind", params, file=study.paths.annotations))


def _by_question(
    answers: Sequence[str],
    probabilities: FloatArray,
    given: BoolArray,
    codes: tuple[str, ...],
    cut_off: float,
    drawn: FloatArray,
) -> tuple[tuple[str, CodeScores], ...]:
    questions = np.array([AnswerId.parse(answer).question for answer in answers])
    found = []
    for question in dict.fromkeys(questions.tolist()):
        own = questions == question
        if own.sum() >= _FEWEST:
            whole = scores(probabilities[own], given[own], codes, cut_off, drawn[:, own]).whole
            found.append((question, whole))
    return tuple(found)


def _suggested(study: StudyFolder) -> dict[str, list[str]]:
    """answer_id -> the codes of the files that say what coders are shown."""
    files: list[Path] = [study.paths.suggestions(question) for question in study.questions]
    return {
        answer: [code for code, _ in codes]
        for file in files
        if file.is_file()
        for answer, codes in read_suggestions(file).items()
    }


def _nothing(code: str) -> CodeScores:
    none = Estimate(None)
    return CodeScores(code, none, none, none, none)
