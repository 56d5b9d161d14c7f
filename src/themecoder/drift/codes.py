"""Per code whether what was learned on earlier waves holds in the new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, hypot

import numpy as np

from themecoder.agreement.measures.bootstrap import draws
from themecoder.counts.holm import holm
from themecoder.counts.intervals import wilson
from themecoder.drift.separation import BoolArray, FloatArray, IntArray, Separation

FEWEST = 10
"""Respondents with the code, and without it, that each side needs: of fewer a test says nothing,
and what it says is easily wrong."""
SURE = 0.05
TESTS, RESAMPLES = 4999, 1000
_BLOCK, _EQUAL, _NORMAL = 200, 1e-9, 1.959964
_ENOUGH = 20
"""Exchanges with as great a fall after which no more are made: p is not small."""
TOO_FEW, NOT_TOGETHER = "too_few", "not_together"


@dataclass(frozen=True, slots=True)
class CodeDrift:
    """One code: ``n_old`` and ``n_new`` respondents with it among the answers that are compared;
    ``old`` and ``new`` its separation, ``change`` between them with its 95 % interval; ``p`` of a
    fall, ``p_holm`` over all codes tested. ``not_tested`` says why there is no test: too_few
    respondents, or not_together: no question has them in both."""

    code: str
    n_old: int
    n_new: int
    old: float | None = None
    new: float | None = None
    change: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    p_holm: float | None = None
    not_tested: str | None = None

    @property
    def drifts(self) -> bool:
        return self.p_holm is not None and self.p_holm < SURE


@dataclass(frozen=True, slots=True)
class Compared:
    """n answers that people coded, of earlier waves and of the ``new`` one (n,): ``scores`` (n, C)
    in which no coding of the new wave or of the same respondent has a part, what was ``given``
    (n, C), which codes are ``possible`` (n, C), the ``questions`` (n,) and the ``people`` (n,)."""

    scores: FloatArray
    given: BoolArray
    possible: BoolArray
    questions: IntArray
    people: IntArray
    new: BoolArray


def code_drift(
    compared: Compared,
    codes: tuple[str, ...],
    seed: int = 0,
    tests: int = TESTS,
    resamples: int = RESAMPLES,
) -> list[CodeDrift]:
    """The codes that anybody was given, in their order.

    The test exchanges the waves of respondents who have the code and of those who have not, each
    among themselves, so that how often it is given has no part in it; p is the share of ``tests``
    exchanges in which the area falls as far, fewer where that is seen sooner (Besag & Clifford
    1991, Biometrika 78, p. 301). Holm's p over the codes. The interval of the change is made of
    those of both areas as in ``counts.trend``, these of ``resamples`` of respondents.
    """
    found = []
    for place, code in enumerate(codes):
        if not compared.given[:, place].any():
            continue
        rows = np.flatnonzero(compared.possible[:, place])
        others = np.delete(compared.given[rows], place, axis=1)
        found.append(
            _one(
                CodeDrift(code, 0, 0),
                compared.scores[rows, place],
                compared.given[rows, place],
                others,
                compared.questions[rows],
                compared.people[rows],
                compared.new[rows],
                (seed, tests, resamples),
            )
        )
    tested = [place for place, one in enumerate(found) if one.p is not None]
    adjusted = holm([one.p for one in found if one.p is not None])
    for place, p in zip(tested, adjusted, strict=True):
        found[place] = replace(found[place], p_holm=p)
    return found


def _one(
    row: CodeDrift,
    scores: FloatArray,
    has: BoolArray,
    others: BoolArray,
    questions: IntArray,
    people: IntArray,
    new: BoolArray,
    how: tuple[int, int, int],
) -> CodeDrift:
    sides = [len(np.unique(people[own & side])) for own in (has, ~has) for side in (~new, new)]
    row = replace(row, n_old=sides[0], n_new=sides[1])
    if min(sides) < FEWEST:
        return replace(row, not_tested=TOO_FEW)
    separation = Separation(scores, has, questions, others, new)
    if not separation.comparable:
        return replace(row, not_tested=NOT_TOGETHER)
    seed, tests, resamples = how
    old_area, new_area = (
        round(float(separation.of(side[None].astype(float))[0]), 9) for side in (~new, new)
    )
    change = new_area - old_area
    made, lower, p = 0, 0, None
    for exchanged in _exchanged(has, questions, people, new, tests, seed):
        there = separation.of(exchanged) - separation.of(1 - exchanged)
        reached = lower + np.cumsum(there <= change + _EQUAL)
        if reached[-1] >= _ENOUGH:
            p = _ENOUGH / (made + 1 + int(np.argmax(reached >= _ENOUGH)))
            break
        made, lower = made + len(there), int(reached[-1])
    spreads = []
    for side, own in enumerate((~new, new)):
        drawn = np.zeros((resamples, len(new)))
        drawn[:, own] = draws(people[own].tolist(), resamples, seed + side)
        spreads.append(float(np.nanstd(separation.of(drawn))))
    (old_low, old_high), (new_low, new_high) = (
        area_interval(area, spread, n)
        for area, spread, n in zip((old_area, new_area), spreads, sides[:2], strict=True)
    )
    return replace(
        row,
        old=old_area,
        new=new_area,
        change=change,
        ci_low=change - hypot(new_area - new_low, old_high - old_area),
        ci_high=change + hypot(new_high - new_area, old_area - old_low),
        p=(1 + lower) / (1 + tests) if p is None else p,
    )


def area_interval(area: float, spread: float, n: int) -> tuple[float, float]:
    """The 95 % interval of an area with its standard error, on the logit scale, for areas are
    mostly near 1 (Pepe 2003, The statistical evaluation of medical tests, p. 107).

    An area without spread, where all are told apart, has that of a share of the ``n`` respondents
    who have the code.
    """
    if area in (0.0, 1.0) or not spread:
        return wilson(area * n, n)
    reach = _NORMAL * spread / (area * (1 - area))
    odds = area / (1 - area)
    low, high = (odds * exp(way * reach) for way in (-1, 1))
    return low / (1 + low), high / (1 + high)


def _exchanged(
    has: BoolArray,
    questions: IntArray,
    people: IntArray,
    new: BoolArray,
    tests: int,
    seed: int,
) -> Iterator[FloatArray]:
    """Blocks (R, n) of the answers of the new wave, the waves of respondents exchanged among those
    who answered the same questions, and have the code at the same of them."""
    random = np.random.default_rng(seed)
    _, first, who = np.unique(people, return_index=True, return_inverse=True)
    asked = np.unique(questions, return_inverse=True)[1]
    answered = np.zeros((len(first), int(asked.max()) + 1), dtype=np.int8)
    answered[who, asked] = 1 + has
    kind = np.unique(answered, axis=0, return_inverse=True)[1].ravel()
    is_new = new[first]
    groups = [np.flatnonzero(kind == one) for one in np.unique(kind)]
    for start in range(0, tests, _BLOCK):
        n = min(_BLOCK, tests - start)
        labels = np.zeros((n, len(first)))
        for members in groups:
            chosen = int(is_new[members].sum())
            if chosen:
                order = np.argsort(random.random((n, len(members))), axis=1)
                labels[:, members] = order < chosen
        yield labels[:, who]
