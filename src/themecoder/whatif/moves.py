"""Draws of who has a code, as counts with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from themecoder.agreement.measures.bootstrap import intervals
from themecoder.agreement.table import CodingTable
from themecoder.classifier.model import FloatArray
from themecoder.coding.coded import CodedQuestion
from themecoder.whatif.coders import COEFFICIENTS, Cells, agreement
from themecoder.whatif.division import BoolArray
from themecoder.whatif.model import ALL, AgreementMove, CountMove, Span

LEVEL = 0.95
Place = tuple[str, str]
"""A question and a respondent."""


def span_of(values: FloatArray) -> Span:
    low, middle, high = np.quantile(values, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    return Span(float(middle), float(low), float(high))


def spans_of(values: Mapping[str, FloatArray]) -> dict[str, Span]:
    return {name: span_of(drawn) for name, drawn in values.items()}


def exactly(n: float) -> Span:
    return Span(n, n, n)


def having(
    questions: Mapping[str, CodedQuestion], codes: Sequence[str]
) -> dict[str, frozenset[str]]:
    """Question -> the respondents with one of ``codes`` at least, and ``ALL``."""
    found = {question: coded.having(codes) for question, coded in questions.items()}
    return {**found, ALL: frozenset[str]().union(*found.values())}


def open_places(questions: Mapping[str, CodedQuestion]) -> list[Place]:
    """The answers with content that nobody coded, by question."""
    return [(name, who) for name, coded in questions.items() for who in sorted(coded.uncoded)]


def by_question(drawn: BoolArray, places: Sequence[Place]) -> dict[str, FloatArray]:
    """Question -> (d,) how many respondents have the code, and ``ALL``, of (d, n) draws; a place
    may stand there more than once."""
    of_question: dict[str, dict[str, list[int]]] = {}
    of_all: dict[str, list[int]] = {}
    for column, (name, who) in enumerate(places):
        of_question.setdefault(name, {}).setdefault(who, []).append(column)
        of_all.setdefault(who, []).append(column)
    return {name: _people(drawn, own) for name, own in {**of_question, ALL: of_all}.items()}


def _people(drawn: BoolArray, columns: Mapping[str, Sequence[int]]) -> FloatArray:
    """(d,) of how many respondents any of their ``columns`` holds."""
    total = np.zeros(len(drawn))
    for own in columns.values():
        total += drawn[:, own[0]] if len(own) == 1 else drawn[:, own].any(axis=1)
    return total


def count_moves(
    code: str,
    questions: Mapping[str, CodedQuestion],
    now: Mapping[str, int] | None,
    then: Mapping[str, Span] | None,
    uncoded: Mapping[str, Span] | None = None,
) -> Iterator[CountMove]:
    """A row per question at which anybody has the code then or now, and of more than one question
    one of all together; ``now``, ``then``: None where the code is not there."""
    open_by_question = {name: coded.uncoded for name, coded in questions.items()}
    rows = [
        name
        for name in questions
        if (now or {}).get(name)
        or (name in (then or {}) and (then or {})[name].high > 0)
        or (name in (uncoded or {}) and (uncoded or {})[name].high > 0)
    ]
    for name in (*rows, *([ALL] if len(rows) != 1 else [])):
        own = [questions[name]] if name != ALL else list(questions.values())
        opens = frozenset[str]().union(*(open_by_question[one.question] for one in own))
        yield CountMove(
            name,
            code,
            len({who for one in own for who in one.asked}),
            len({who for one in own for who in one.codes}),
            None if now is None else now.get(name, 0),
            None if then is None else then.get(name, exactly(0)),
            len(opens),
            None if uncoded is None or not opens else uncoded.get(name, exactly(0)),
        )


def sizes(members: Mapping[str, frozenset[str]]) -> dict[str, int]:
    return {name: len(who) for name, who in members.items()}


def values_now(cells: CodingTable, code: str) -> dict[str, float | None] | None:
    """Coefficient -> its value for a code; None where the coders could not use it."""
    if code not in cells.codes:
        return None
    column = cells.cells[:, :, [cells.codes.index(code)]]
    return {name: _number(values[0]) for name, values in agreement(column).items()}


def agreement_moves(
    code: str, cells: CodingTable, now: Mapping[str, float | None] | None, then: Cells | None
) -> list[AgreementMove]:
    """Of one code; ``then`` (coders, answers, d): draws of its codings, a single one where these
    are certain, None where the code is not there."""
    drawn = {} if then is None else agreement(then)
    return [
        AgreementMove(
            code,
            name,
            cells.doubled,
            len(cells.coders),
            (now or {}).get(name),
            _span(drawn[name]) if drawn else None,
        )
        for name in COEFFICIENTS
    ]


def _span(values: FloatArray) -> Span | None:
    """None where the coefficient has no value in too many of the draws."""
    if np.isnan(values).all():
        return None
    if len(values) == 1:
        return exactly(float(values[0]))
    found = intervals(values, LEVEL)
    if np.isnan(found.low):
        return None
    return Span(float(np.nanmedian(values)), float(found.low), float(found.high))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
