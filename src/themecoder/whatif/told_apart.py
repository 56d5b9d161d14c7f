"""How well codes that people have told apart already would have been divided, were they one code.

What a division of a new kind is worth can't be seen in its few examples alone. Sets of codes that
are coded are divided in the same way, from as many examples, and then it can be looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from themecoder.classifier.model import Answers, CodebookTexts, IntArray
from themecoder.whatif.division import BoolArray, divide
from themecoder.whatif.posterior import FEWEST_SETS, Beta, Rates, spread_of

MOST_SETS = 120
NEAREST = 30
"""The known divisions by which a division is judged."""


@dataclass(frozen=True, slots=True)
class Coding:
    """``rows`` (r,), ascending: the coded answers; ``given`` (r, C): the codes that they have."""

    rows: IntArray
    given: BoolArray


def code_sets(
    groups: Sequence[str], usable: Collection[int], size: int, seed: int
) -> list[tuple[int, ...]]:
    """Sets of ``size`` of the ``usable`` codes: within a group, where codes stand that are as near
    to one another as parts of one code; of all codes where these are too few. At most
    ``MOST_SETS``, drawn with the ``seed``."""
    every = sorted(usable)
    by_group: dict[str, list[int]] = {}
    for code in every:
        by_group.setdefault(groups[code], []).append(code)
    for pools in (list(by_group.values()), [every]):
        found = [one for pool in pools for one in combinations(pool, size)]
        if len(found) >= FEWEST_SETS:
            break
    if len(found) > MOST_SETS:
        random = np.random.default_rng(seed)
        found = [found[n] for n in sorted(random.permutation(len(found))[:MOST_SETS])]
    return found


@dataclass(frozen=True, slots=True)
class KnownDivision:
    """A set of codes that was divided, and looked up: its margin; of each code how many answers
    have it and were taken for it, and how many have it not and were left."""

    margin: float
    finds: tuple[tuple[int, int], ...]
    leaves: tuple[tuple[int, int], ...]


def known_divisions(
    answers: Answers,
    book: CodebookTexts,
    coding: Coding,
    sets: Sequence[tuple[int, ...]],
    examples: int,
    seed: int,
    pieces: int | None = None,
) -> list[KnownDivision]:
    """The ``sets`` divided from so many ``examples`` a code: answers that have it, drawn by chance;
    those sets in which each code has more. ``pieces``: from so many texts of each at most, for
    codes that are in use have more of them than new ones."""
    found = []
    for n, columns in enumerate(sets):
        parts = np.array(columns)
        own = np.flatnonzero(coding.given[:, parts].any(axis=1))
        belongs = coding.given[np.ix_(own, parts)]
        if (belongs.sum(axis=0) <= examples).any():
            continue
        random = np.random.default_rng([seed, n])
        drawn = np.unique(
            np.concatenate(
                [
                    random.permutation(np.flatnonzero(belongs[:, part]))[:examples]
                    for part in range(len(parts))
                ]
            )
        )
        divided = divide(answers, book, parts, coding.rows[own], drawn, belongs[drawn], pieces)
        rest = np.setdiff1d(np.arange(len(own)), drawn)
        taken, has = divided.taken[rest], belongs[rest]
        found.append(
            KnownDivision(divided.margin, _pairs(taken & has, has), _pairs(~taken & ~has, ~has))
        )
    return found


def rates_like(margin: float, known: Sequence[KnownDivision]) -> tuple[Rates, int]:
    """The rates to expect of a division, from those known that are as hard, and how many these are;
    none where it is harder than any that is known, or where too few are known."""
    if len(known) < FEWEST_SETS or margin < min(one.margin for one in known):
        return Rates(), 0
    near = sorted(known, key=lambda one: abs(one.margin - margin))[:NEAREST]
    finds = [pair for one in near for pair in one.finds]
    leaves = [pair for one in near for pair in one.leaves]
    return Rates(_spread(finds), _spread(leaves)), len(near)


def _pairs(yes: BoolArray, cases: BoolArray) -> tuple[tuple[int, int], ...]:
    sums = zip(yes.sum(axis=0).tolist(), cases.sum(axis=0).tolist(), strict=True)
    return tuple((int(one), int(of)) for one, of in sums)


def _spread(counted: Sequence[tuple[int, int]]) -> Beta:
    return spread_of([yes for yes, _ in counted], [cases for _, cases in counted])
