"""How many answers of all have a code, where some are coded by chance and some were chosen.

A coder's row of tasks is fixed beforehand. At each turn of chance the task is drawn from all that
is left, its own and those behind it. With K what is known by then, R what is left, f what the
machine says (learned without the same respondent) and y what the coder says of the drawn one,
    K + sum of f over R + |R| (y - f)
is right on average, whatever was chosen before and however well the machine does: the difference
estimator of Särndal, Swensson & Wretman (1992, eq. 6.3.2), one draw at a time. Such draws are
martingale differences, so their weighted mean is right too and variances add up (active inference:
Zrnic & Candès 2024, Active statistical inference, ICML, sec. 5; without replacement as in Farquhar,
Gal & Rainforth 2021, On statistical bias in active learning, ICLR). A draw weighs as its variance
is small by the machine's own probabilities; how far these are off the draws tell themselves.

This speaks of the very answers of the study, not of those whom respondents stand for: when all is
coded nothing is left open. What is known to have the code, and not to have it, bounds it anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np
import numpy.typing as npt
from scipy.stats import norm
from scipy.stats import t as student

from themecoder.classifier.model import FloatArray, IntArray
from themecoder.coding.random_part import KEPT
from themecoder.counts.intervals import wilson
from themecoder.counts.ppi.prediction_powered import FEWEST

_LEAST = 0.003
"""The variance that a machine's probability has at least: no answer is known before it is coded."""
_HELD = 10
"""As many draws say that the machine is as unsure as its probabilities are."""
_WHOLE = 1e-9


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A coder's tasks of a question: the ``answers`` (t,) in the order of the plan, and which of
    them are at their place by chance."""

    answers: IntArray
    by_chance: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Total:
    """``known``: so many have it as far as is coded; ``low`` and ``high``: what all of them may
    come to, around ``likely``; ``open``: how many answers are not coded; ``drawn``: whether chance
    drew enough of them for an interval."""

    known: float
    low: int
    high: int
    likely: float
    open: int
    drawn: bool = True


def total(
    given: FloatArray,
    machine: FloatArray,
    coded: npt.NDArray[np.bool_],
    inside: npt.NDArray[np.bool_],
    rows: Sequence[TaskRow],
    level: float,
) -> Total:
    """The sum of ``given`` over the answers ``inside``.

    ``given`` (n,): what each adds, 0 to 1, as far as it is ``coded``; ``machine`` (n,): what it may
    add. Each answer stands in one of ``rows``; those in none, and in a row of which chance has
    drawn none yet, may add anything.
    """
    known = float(given[inside & coded].sum())
    left = inside & ~coded
    draws = [_draws(given, machine, coded, inside, row) for row in rows]
    reached = [(row, found) for row, found in zip(rows, draws, strict=True) if len(found)]
    told = np.zeros(len(given), dtype=bool)
    for row, _ in reached:
        told[row.answers] = True
    told &= left
    free, some = int((left & ~told).sum()), int(told.sum())
    low = high = likely = 0.0
    enough = sum(map(len, draws)) >= FEWEST
    if some and not enough:
        likely, high = float(machine[told].sum()), float(some)
    elif some:
        likely, low, high = _of_open(reached, known_of(given, coded, inside, reached), some, level)
    expected = float(machine[left & ~told].sum())
    return Total(
        known,
        # what is left may have none though its share is above 0: outwards, to be sure
        floor(known + low + _WHOLE),
        min(ceil(known + high - _WHOLE), floor(known + some + _WHOLE)) + free,
        known + likely + expected,
        int(left.sum()),
        enough,
    )


def known_of(
    given: FloatArray,
    coded: npt.NDArray[np.bool_],
    inside: npt.NDArray[np.bool_],
    reached: Sequence[tuple[TaskRow, FloatArray]],
) -> float:
    """What is known of the answers in the rows that chance reached."""
    if not reached:
        return 0.0
    answers = np.concatenate([row.answers for row, _ in reached])
    return float(given[answers[(inside & coded)[answers]]].sum())


def _draws(
    given: FloatArray,
    machine: FloatArray,
    coded: npt.NDArray[np.bool_],
    inside: npt.NDArray[np.bool_],
    row: TaskRow,
) -> FloatArray:
    """(d, 4) for each draw of those ``inside``: its estimate of the whole row, its variance by the
    machine, how far it was off squared, and what the machine said that would be."""
    own = row.answers[inside[row.answers]]
    by_chance = row.by_chance[inside[row.answers]] & coded[own]
    y, f, done = given[own], machine[own], coded[own]
    unsure = np.maximum(f * (1 - f), _LEAST)
    # what was passed over is left as well
    before = np.cumsum(np.where(done, y, 0.0)) - np.where(done, y, 0.0)
    passed: IntArray = np.cumsum(~done) - ~done
    size = np.arange(len(own), 0, -1) + passed
    said = np.cumsum(f[::-1])[::-1] + np.cumsum(np.where(done, 0.0, f)) - np.where(done, 0.0, f)
    spread = np.cumsum(unsure[::-1])[::-1] + np.cumsum(np.where(done, 0.0, unsure))
    spread = (spread - np.where(done, 0.0, unsure)) / np.maximum(size, 1)
    estimate = before + said + size * (y - f)
    variance = size * (size - 1) * spread
    found = np.stack([estimate, variance, (y - f) ** 2, spread], axis=1)
    kept = np.cumsum(done) >= KEPT * np.arange(1, len(own) + 1)
    return np.asarray(found[by_chance & kept])


def _of_open(
    reached: Sequence[tuple[TaskRow, FloatArray]], known: float, n_open: int, level: float
) -> tuple[float, float, float]:
    """What the ``n_open`` answers of the rows that chance reached come to, and its interval."""
    estimate = variance = 0.0
    for _, draws in reached:
        weight = 1 / np.maximum(draws[:, 1], _WHOLE)
        weight /= weight.sum()
        estimate += float(weight @ draws[:, 0])
        variance += float(weight**2 @ draws[:, 1])
    every = np.concatenate([draws for _, draws in reached])
    n = len(every)
    surprise = float((every[:, 2] / every[:, 3]).sum())
    variance *= (surprise + _HELD * max(1.0, surprise / n)) / (n + _HELD)
    share = min(max((estimate - known) / n_open, 0.0), 1.0)
    usual = min(max(share, float(every[:, 3].mean()), 0.5 / n_open), 1 - 0.5 / n_open)
    worth = usual * (1 - usual) * n_open**2 / max(variance, _WHOLE)
    quantile = (1 + level) / 2
    reach = float(student.ppf(quantile, max(n - 1, 1)))
    wider = (reach / float(norm.ppf(quantile))) ** 2
    low, high = wilson(share * worth / wider, worth / wider, level)
    # Wilson's lower limit of a share above 0 is above 0, though what is left may have none; the
    # upper one is right where a code is rare. The wider of it and the normal limit holds in both.
    off = reach * sqrt(variance)
    likely = share * n_open
    return (
        likely,
        max(min(low * n_open, likely - off), 0.0),
        min(max(high * n_open, likely + off), float(n_open)),
    )
