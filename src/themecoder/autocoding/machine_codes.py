"""What the machine codes of measured questions, and what is stated of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from themecoder.autocoding.bounds import TAIL, share_bounds
from themecoder.autocoding.choose import LEAST_OF_A_QUESTION, Chosen, choose
from themecoder.autocoding.measure import accuracy
from themecoder.autocoding.people import Codes
from themecoder.autocoding.sets import BoolArray, likeliest_sets
from themecoder.autocoding.trust import Candidates
from themecoder.codebook.model import Codebook
from themecoder.coding.machine_coding import (
    MachineCoded,
    MachineCoding,
    StatedAccuracy,
    StatedCode,
)
from themecoder.coding.suggestions.study_suggestions import LearnedCodes
from themecoder.errors import Problem
from themecoder.survey.answer_id import AnswerId

ALL, BY_PLAN = "all", "plan"


def machine_codes(
    tried: Codes,
    others: Collection[str],
    learned: LearnedCodes,
    book: Codebook,
    at: float,
    seed: int,
    drawn: str,
) -> tuple[MachineCoded | None, dict[str, Problem]]:
    """What the machine codes of ``others``, and question -> why nothing of it. ``tried``: the
    answers of the random part, by which it is measured; ``drawn``: see ``study_autocode``."""
    place = {answer: row for row, answer in enumerate(learned.answers)}
    column = {code: number for number, code in enumerate(learned.codes)}
    answers = sorted((*tried, *others))
    rows = [place[answer] for answer in answers]
    sets, confidence = likeliest_sets(learned.probabilities[rows])
    # codes that stand alone and those for the rest are not learned: the machine never gives them
    given = np.zeros(sets.shape, dtype=bool)
    outside = np.zeros(len(answers), dtype=bool)
    for row, answer in enumerate(answers):
        for code in tried.get(answer, ()):
            if code in column:
                given[row, column[code]] = True
            else:
                outside[row] = True
    names = [AnswerId.parse(answer) for answer in answers]
    order = sorted({name.question for name in names})
    is_tried = np.array([answer in tried for answer in answers], dtype=bool)
    candidates = Candidates(
        confidence,
        sets,
        np.array([order.index(name.question) for name in names], dtype=np.int64),
        np.unique([name.respondent for name in names], return_inverse=True)[1].astype(np.int64),
        is_tried,
        is_tried & (sets == given).all(axis=1) & ~outside,
    )
    chosen = choose(candidates, at, seed)
    coded = chosen.taken & ~is_tried
    stated = [_stated(candidates, chosen, coded, order, number) for number in range(len(order))]
    problems = {
        question: _not_reached(candidates, chosen, number, question, at)
        for number, question in enumerate(order)
        if not stated[number].answers
    }
    if not coded.any():
        return None, problems
    stated.append(_stated(candidates, chosen, coded, order, None))
    codings = tuple(
        MachineCoding(
            answers[row],
            tuple(sorted(learned.codes[c] for c in np.flatnonzero(sets[row]))),
            round(float(chosen.likely[row]), 4),
            round(float(chosen.threshold[row]), 4),
            learned.model,
        )
        for row in np.flatnonzero(coded)
    )
    codes = [
        _code(candidates, chosen, coded, given, number, column[code], question, code)
        for number, question in enumerate(order)
        if question not in problems
        for code in learned.codes
    ]
    return (
        MachineCoded(
            book.version,
            at,
            seed,
            drawn or BY_PLAN,
            tuple(one for one in stated if one.answers),
            tuple(one for one in codes if one.machine or one.person or one.people or one.answers),
            codings,
        ),
        problems,
    )


def _stated(
    answers: Candidates, chosen: Chosen, coded: BoolArray, order: Sequence[str], number: int | None
) -> StatedAccuracy:
    own = np.ones(len(answers), dtype=bool) if number is None else answers.questions == number
    found = accuracy(answers, chosen.apart & own, coded & own)
    name = ALL if number is None else order[number]
    share, low, high = (round(value, 4) for value in (found.share, found.low, found.high))
    return StatedAccuracy(name, share, low, high, found.right, found.tried, found.others)


def _code(
    answers: Candidates,
    chosen: Chosen,
    coded: BoolArray,
    given: BoolArray,
    number: int,
    column: int,
    question: str,
    code: str,
) -> StatedCode:
    own = answers.questions == number
    measured = chosen.apart & own
    by_machine, by_person = answers.codes[:, column], given[:, column]
    machine, person = int((measured & by_machine).sum()), int((measured & by_person).sum())
    both = int((measured & by_machine & by_person).sum())

    def bounds(tried: int) -> tuple[float, float] | None:
        if not tried:
            return None
        low, high = share_bounds(both, tried, TAIL)
        return round(low, 4), round(high, 4)

    people = int((answers.tried & own & by_person).sum())
    answered = int((coded & own & by_machine).sum())
    return StatedCode(
        question, code, machine, person, both, people, answered, bounds(machine), bounds(person)
    )


def _not_reached(
    answers: Candidates, chosen: Chosen, number: int, question: str, at: float
) -> Problem:
    """Why the machine codes nothing of a question that was measured."""
    own = answers.questions == number
    reached = chosen.reached.get(number)
    if reached is not None:
        params = {"question": question, "at": at, "reached": round(reached, 2)}
        return Problem("autocode.not_reached", params)
    if (chosen.apart & own).any():
        return Problem("autocode.none_sure", {"question": question, "at": at})
    params = {"question": question, "at": at, "n": int((answers.tried & own).sum())}
    return Problem("autocode.not_sure", {**params, "least": LEAST_OF_A_QUESTION})
