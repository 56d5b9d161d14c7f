"""What another wording of a code does to its codings.

A coder gives a code where what speaks for it outweighs what speaks against it. By the texts alone
an answer speaks for the code as the old and the new wording say; how much that weighs follows from
how the code was coded. An answer leaves the code or joins it as the wording moves (a monotone
coupling of before and after), and besides some do that the texts do not account for.

How far coders follow a wording, and how many moves it does not account for, is measured on changes
of which the outcome is coded: two codes taken for one that is then narrowed to either of them, and
a code that is widened by another. A change is judged by those that are most like it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from themecoder.classifier.calibration import Calibration, chance, fitted
from themecoder.classifier.features import AWAY, EXCLUDED
from themecoder.classifier.model import EXCLUDES, CodebookTexts, FloatArray, IntArray
from themecoder.whatif.division import BoolArray
from themecoder.whatif.posterior import FEWEST_SETS
from themecoder.whatif.text_scores import Likened
from themecoder.whatif.told_apart import Coding

_FOLLOWED = np.concatenate([np.linspace(0, 4, 21), np.linspace(5, 16, 12)])
"""How far coders follow a wording: 0 not at all, 1 as far as they followed the old one."""
_STRAY = np.array([0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0])
"""The moves that the wording does not account for, per move that it does where it is followed as
the old one was."""
GRID = tuple((far, stray) for far in _FOLLOWED for stray in _STRAY)
NEAREST = 30
"""The known changes that a change is judged by."""
_ONCE = 1e-3
_FEW = 0.01
_LITTLE = 1.0


@dataclass(frozen=True)
class Shift:
    """A change of wording: ``odds`` (n,), the log odds of the code by its old wording, and the
    ``difference`` (n,) that the new one makes; ``had`` (n,): who has the code."""

    odds: FloatArray
    difference: FloatArray
    had: BoolArray

    def chances(
        self, leave: tuple[float, float], join: tuple[float, float]
    ) -> tuple[FloatArray, FloatArray]:
        """(n,) how likely each answer is to leave the code, if it has it, and to join it, if it has
        not; with a point of ``GRID`` for either."""
        found = []
        for place, (far, stray) in enumerate((leave, join)):
            odd = min(stray * self.expected[place], 1.0)
            found.append(odd + (1 - odd) * self.followed(far)[place])
        return found[0], found[1]

    def moves(self, leave: tuple[float, float], join: tuple[float, float]) -> FloatArray:
        """(n,) how likely each answer is to leave or to join, by whether it has the code."""
        return np.asarray(np.where(self.had, *self.chances(leave, join)))

    def followed(self, far: float) -> tuple[FloatArray, FloatArray]:
        """As ``chances``, of the moves that the wording accounts for, followed so ``far``."""
        before, after = chance(self.odds), chance(self.odds + far * self.difference)
        leave = np.maximum(before - after, 0) / np.maximum(before, _ONCE)
        join = np.maximum(after - before, 0) / np.maximum(1 - before, _ONCE)
        return np.minimum(leave, 1), np.minimum(join, 1)

    @cached_property
    def expected(self) -> tuple[float, float]:
        """The shares that leave and that join if the wording is followed as the old one was."""
        leave, join = self.followed(1.0)
        return (
            float(leave[self.had].mean()) if self.had.any() else 0.0,
            float(join[~self.had].mean()) if not self.had.all() else 0.0,
        )

    @property
    def looks(self) -> FloatArray:
        """What changes are likened by: how much they take away and how much they bring, of those
        with the code."""
        leave, join = self.expected
        brought = join * (~self.had).sum() / max(self.had.sum(), 1)
        return np.log(np.array([leave, brought]) + _FEW)


@dataclass(frozen=True, slots=True)
class KnownChange:
    """A change of which the outcome is coded. ``leave`` and ``join`` (G,): how probable each point
    of ``GRID`` is by it."""

    looks: FloatArray
    leave: FloatArray
    join: FloatArray


def scores_of(
    beside: Likened, book: CodebookTexts, means: Collection[int], gone: Collection[int] = ()
) -> FloatArray:
    """(n,) what the texts of ``book`` say for a code that stands for all codes that it ``means``,
    the texts of those that are ``gone`` left out."""
    own = np.isin(book.codes, list(means))
    instead = np.isin(book.instead, list(means))
    excludes = book.kinds == EXCLUDES
    wanted = np.where(own & ~excludes | ~own & instead, 1.0, np.where(own & excludes, AWAY, 0.0))
    weights = np.where(excludes, EXCLUDED, 1.0)
    # that it is the one and not the other says nothing of both together
    weights[own & instead | np.isin(book.codes, list(gone))] = 0
    return np.asarray(beside.scores(wanted[:, None], weights)[:, 0])


def shift_of(
    before: FloatArray, after: FloatArray, had: BoolArray, among: IntArray | None = None
) -> Shift:
    """The change from scores ``before`` to those ``after`` (n,), which weigh as much as they did
    where the code was given to an answer, or not, ``among`` those that are coded."""
    among = np.arange(len(had)) if among is None else among
    features, given = before[among][:, None, None], had[among].astype(np.float64)[:, None]
    start = Calibration(np.zeros(1), 0.0)
    told = fitted(features, given, np.ones(given.shape), start, trust=_LITTLE)
    slope = max(float(told.weights[0]), 0.0)
    return Shift(slope * before + told.bias, slope * (after - before), had)


def known_changes(
    beside: Likened, book: CodebookTexts, coding: Coding, pairs: Sequence[tuple[int, ...]]
) -> list[KnownChange]:
    """Of each pair of codes the four changes between either of them and both together; ``beside``
    has the coded answers."""
    found = []
    for first, second in pairs:
        wide = scores_of(beside, book, {first, second})
        both = np.asarray(coding.given[:, [first, second]].any(axis=1))
        for one, other in ((first, second), (second, first)):
            narrow, own = scores_of(beside, book, {one}, {other}), coding.given[:, one]
            if own.any() and (both & ~own).any():
                found.append(_known(shift_of(wide, narrow, both), own))
                found.append(_known(shift_of(narrow, wide, own), both))
    return found


def _known(shift: Shift, has: BoolArray) -> KnownChange:
    told = np.empty((2, len(GRID)))
    moved = [shift.had & ~has, ~shift.had & has]
    stays = [shift.had & has, ~shift.had & ~has]
    n = 0
    for far in _FOLLOWED:
        followed = shift.followed(far)
        for stray in _STRAY:
            for place, expected in enumerate(shift.expected):
                odd = min(stray * expected, 1.0)
                goes = np.clip(odd + (1 - odd) * followed[place], _ONCE, 1 - _ONCE)
                told[place, n] = (
                    np.log(goes[moved[place]]).sum() + np.log(1 - goes[stays[place]]).sum()
                )
            n += 1
    likely = np.exp(told - told.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return KnownChange(shift.looks, likely[0], likely[1])


def drawn_points(
    shift: Shift, known: Sequence[KnownChange], random: np.random.Generator, draws: int
) -> tuple[IntArray, IntArray]:
    """(draws,) points of ``GRID`` for leaving and for joining, as in the known changes that are
    most like this one; any of them where too few are known."""
    if len(known) < FEWEST_SETS:
        return (
            random.integers(len(GRID), size=draws),
            random.integers(len(GRID), size=draws),
        )
    far = [float(((one.looks - shift.looks) ** 2).sum()) for one in known]
    near = np.argsort(far, kind="stable")[:NEAREST]
    of = near[random.integers(len(near), size=draws)]
    return (
        _drawn(np.stack([known[n].leave for n in of]), random),
        _drawn(np.stack([known[n].join for n in of]), random),
    )


def _drawn(likely: FloatArray, random: np.random.Generator) -> IntArray:
    below = likely.cumsum(axis=1) < random.random(len(likely))[:, None]
    return np.asarray(np.minimum(below.sum(axis=1), likely.shape[1] - 1))
