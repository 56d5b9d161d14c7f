"""Someone who knows how the tables are made and computes hidden counts from the shown ones.

Independent of ``themecoder.counts.disclosure``. The respondents of a question and subgroup are
counted by the set of codes that they have. Every count, net and pair is a sum of those numbers, so
that whatever follows by adding and subtracting follows here, and by linear programming all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil, floor

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

Name = tuple[object, ...]
_TINY = 1e-6


def possible_sets(
    codes: Sequence[str], together: Collection[frozenset[str]] | None = None
) -> list[frozenset[str]]:
    """The sets of codes that somebody may have: all pairs of them are ``together``, of which None
    stands for all."""
    found = [
        frozenset(some) for size in range(len(codes) + 1) for some in combinations(codes, size)
    ]
    if together is None:
        return found
    return [one for one in found if together.issuperset(map(frozenset, combinations(one, 2)))]


@dataclass
class Attacker:
    """What is known: for each number its least and most, and which sums are within which bounds."""

    least: dict[Name, float] = field(default_factory=dict)
    most: dict[Name, float] = field(default_factory=dict)
    sums: list[tuple[dict[Name, float], float, float]] = field(default_factory=list)

    def knows(self, name: Name, least: float, most: float) -> None:
        self.least[name], self.most[name] = least, most

    def total(self, whole: Name, parts: Iterable[Name]) -> None:
        self.sums.append(({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0, 0))

    def union(self, whole: Name, parts: Sequence[Name]) -> None:
        """Whoever is in one of the parts or more."""
        for part in parts:
            self.sums.append(({whole: 1.0, part: -1.0}, 0, np.inf))
        self.sums.append(({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0, np.inf))

    def sets(
        self,
        question: str,
        subgroup: str,
        base: int,
        rows: Mapping[str, Collection[str]],
        sets: Iterable[frozenset[str]],
        pairs: Iterable[frozenset[str]] = (),
        silent: int = 0,
    ) -> None:
        """Everyone of the ``base`` has one of the ``sets`` of codes, at least ``silent`` of them
        the empty one; ``rows``: name -> codes."""
        who = {one: (question, one, subgroup) for one in sets}
        for one, name in who.items():
            self.knows(name, 0 if one else silent, base)
        self.sums.append((dict.fromkeys(who.values(), 1.0), base, base))
        for row, codes in rows.items():
            self.total((question, row, subgroup), [who[one] for one in who if one & set(codes)])
        for pair in pairs:
            name = ("pair", question, pair, subgroup)
            self.least.setdefault(name, 0)
            self.most.setdefault(name, base)
            self.total(name, [who[one] for one in who if one >= pair])

    def told(self, truth: Mapping[Name, int], hidden: Iterable[Name]) -> list[Name]:
        """Those of the ``hidden`` that can have no other whole number than the true one.

        Every solution that is found says of all numbers that they can be so; only those that none
        moves by one are looked at by themselves. Raises ValueError where what is known contradicts
        itself: then this attacker reckons with something that does not hold.
        """
        place = {name: number for number, name in enumerate(self.least)}
        entries = [
            (row, place[name], value)
            for row, (terms, _, _) in enumerate(self.sums)
            for name, value in terms.items()
        ]
        rows, columns, values = zip(*entries, strict=True)
        matrix = csr_array((values, (rows, columns)), shape=(len(self.sums), len(place)))
        low = np.array([least for _, least, _ in self.sums])
        high = np.array([most for _, _, most in self.sums])
        same, below, above = low == high, np.isfinite(high), np.isfinite(low)
        inequal = vstack([matrix[below & ~same], -matrix[above & ~same]])
        limits = np.concatenate([high[below & ~same], -low[above & ~same]])
        bounds = np.column_stack([list(self.least.values()), list(self.most.values())])
        sure = np.array([name in truth for name in place])
        real = np.array([truth.get(name, 0) for name in place])
        lowest, highest = np.where(sure, real, 0.0), np.where(sure, real, 0.0)

        def solve(aim: np.ndarray) -> float:
            found = linprog(
                aim,
                A_ub=inequal,
                b_ub=limits,
                A_eq=matrix[same],
                b_eq=low[same],
                bounds=bounds,
                method="highs",
            )
            if found.status:
                raise ValueError(f"no such counts: {found.message}")
            np.minimum(lowest, found.x, out=lowest, where=sure)
            np.maximum(highest, found.x, out=highest, where=sure)
            return float(found.fun)

        names = list(hidden)
        chance = np.random.default_rng(1)
        for _ in range(3):
            aim = np.zeros(len(place))
            aim[[place[name] for name in names]] = chance.normal(size=len(names))
            solve(aim)
            solve(-aim)
        found = []
        for name in names:
            one = place[name]
            if lowest[one] <= real[one] - 1 + _TINY or highest[one] >= real[one] + 1 - _TINY:
                continue
            aim = np.zeros(len(place))
            aim[one] = 1
            bottom, top = ceil(solve(aim) - _TINY), floor(-solve(-aim) + _TINY)
            if not bottom <= real[one] <= top:
                raise ValueError(f"{name} is {real[one]}, not {bottom} to {top}")
            if bottom == top:
                found.append(name)
        return found
