"""Quoted figures on codes held against estimates and their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from themecoder.counts.count_rows import CONTENT
from themecoder.counts.ppi.estimator import EstimatedShare, PpiEstimator
from themecoder.counts.ppi.shares import Units
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.expressions import Expression
from themecoder.figures.quoted.figures import (
    DIFFERS,
    EMPTY_BASE,
    IN_INTERVAL,
    MATCH,
    NO_ESTIMATE,
    UNDEFINED,
    CheckedFigure,
    QuotedFigure,
)
from themecoder.figures.quoted.printed import WORDS, holds
from themecoder.output.numbers import number_text
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    import pandas

    from themecoder.counts.ppi.prediction_powered import FloatArray

_MOST_COLUMNS = 8
"""Of an expression on more codes the machine says nothing: each doubles what is to be tried."""


@dataclass(frozen=True, slots=True)
class EstimatedFigures:
    """What the figures of a study are estimated from.

    ``frame``: the rows of the export, with a column for each of ``rows``: name -> the codes that
    count as it, as far as people coded them in the random part; ``whole``: the same by all their
    coding. ``ids``: the respondent of each row.
    """

    study: StudyFolder
    estimator: PpiEstimator
    frame: pandas.DataFrame
    whole: pandas.DataFrame
    ids: Sequence[str]
    rows: Mapping[str, Sequence[str]]

    def check(self, figure: QuotedFigure, language: str) -> CheckedFigure:
        """A figure on codes with its estimate. Matching is what prints it; what prints another
        number of its interval may be right as well, and nobody knows. A base by codes, and a mean
        or a test of them, have no estimate."""
        formula, base = figure.formula, figure.base
        condition = formula.condition if formula else None
        if condition is None or (base and {*base.columns} & self.rows.keys()):
            return CheckedFigure(figure, "", None, None, UNDEFINED, NO_ESTIMATE)
        inside = self._people(self.frame, base) if base else frozenset(self.ids)
        if not inside:
            return CheckedFigure(figure, "", 0, 0, UNDEFINED, EMPTY_BASE)
        share = self._estimate(condition, inside)
        found = share.found if share else None
        if share is None or found is None or found.low is None or found.high is None:
            return CheckedFigure(
                figure, "", None, len(inside), UNDEFINED, NO_ESTIMATE, estimate=share
            )
        decimals = figure.read.decimals if figure.decimals is None else figure.decimals
        verdict, cause = _verdict(figure, share, decimals)
        text = _text(figure, found.share, len(inside), decimals, language)
        return CheckedFigure(figure, text, None, len(inside), verdict, cause, estimate=share)

    def _estimate(self, condition: Expression, inside: frozenset[str]) -> EstimatedShare | None:
        names = sorted({*condition.columns} & self.rows.keys())
        named = {name.partition(":")[0] for name in names}
        coded = tuple(self.estimator.parts)
        questions = coded if ALL_QUESTIONS in named else tuple(q for q in coded if q in named)
        if not {*questions} >= named - {ALL_QUESTIONS}:
            return None

        def said(units: Units) -> FloatArray:
            return self._said(condition, names, units)

        return self.estimator.of_people(
            questions,
            self.study.config.counts.base == CONTENT,
            self._people(self.frame, condition) & inside,
            self._people(self.whole, condition) & inside,
            inside,
            said,
        )

    def _people(self, frame: pandas.DataFrame, condition: Expression) -> frozenset[str]:
        return frozenset(
            who for who, here in zip(self.ids, condition.evaluate(frame), strict=True) if here
        )

    def _said(self, condition: Expression, names: Sequence[str], units: Units) -> FloatArray:
        """(units,) how probable it is that the condition holds: for each way in which the codes may
        be given, if it holds then, by how probable the way is, as if codes had nothing to do with
        one another. What is no answer with content stays as it is."""
        if len(names) > _MOST_COLUMNS:
            return np.zeros(len(units.who))
        place = {who: row for row, who in enumerate(self.ids)}
        frame = self.frame.iloc[[place[who] for who in units.who]].copy()
        chance, open_cells, before = {}, {}, {}
        for name in names:
            own = _answers_to(name.partition(":")[0], units)
            chance[name] = self.estimator.machine.any_of(self.rows[name], own)
            open_cells[name] = np.array([bool(answers) for answers in own])
            before[name] = frame[name].to_numpy(dtype=object, copy=True)
        total = np.zeros(len(units.who))
        for way in product((0, 1), repeat=len(names)):
            weight = np.ones(len(units.who))
            for name, given in zip(names, way, strict=True):
                mine = chance[name] if given else 1 - chance[name]
                weight = weight * np.where(open_cells[name], mine, 0.5)
                frame[name] = np.where(open_cells[name], str(given), before[name])
            total += weight * condition.evaluate(frame)
        return total


def _answers_to(question: str, units: Units) -> list[list[str]]:
    """Of each unit its answers to a question, or to all."""
    return [
        [a for a in own if question in (ALL_QUESTIONS, AnswerId.parse(a).question)]
        for own in units.answers
    ]


def _verdict(figure: QuotedFigure, share: EstimatedShare, decimals: int) -> tuple[str, str | None]:
    """By the estimate and the interval of ``share``, which has both."""
    found, base, read = share.found, share.base_n, figure.read
    assert found is not None and found.low is not None and found.high is not None
    if read.sizes.base_n not in (None, base):
        return DIFFERS, None
    # a number of respondents that is printed beside the share can't be told by an estimate
    counted = read.sizes.n is not None or read.sizes.either not in (None, base)
    values = (Fraction(found.low), Fraction(found.high))
    if read.kind == WORDS or not read.is_share:
        low, high = floor(found.low * base), ceil(found.high * base)
        numbers = [Fraction(n) for n in range(max(low, 0), min(high, base) + 1)]
        tried = [n / base for n in numbers] if read.is_share else numbers
        held = {holds(read, value, read.is_share, decimals) for value in tried}
        if held == {True} and not counted:
            return MATCH, None
        return (UNDEFINED, IN_INTERVAL) if True in held else (DIFFERS, None)
    if holds(read, Fraction(found.share), True, decimals) and not counted:
        return MATCH, None
    half = Fraction(1, 2 * 10**decimals)
    inside = 100 * values[0] - half <= read.value <= 100 * values[1] + half
    return (UNDEFINED, IN_INTERVAL) if inside else (DIFFERS, None)


def _text(figure: QuotedFigure, share: float, base: int, decimals: int, language: str) -> str:
    """The estimate as the figure is printed."""
    if not figure.read.is_share:
        return number_text(round(share * base), 0, language)
    places = max(decimals, 1) if figure.read.kind == WORDS else decimals
    return number_text(Fraction(share) * 100, places, language) + "%"
