"""Counts and what everybody knows of them, as variables and linear statements."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Statement:
    """``low <= sum of terms[key] * count[key] <= high``: something that holds for every study with
    these questions and this codebook, so that who reads the tables may reckon with it."""

    terms: Mapping[Hashable, float]
    low: float
    high: float


def equal(whole: Hashable, parts: Iterable[Hashable]) -> Statement:
    """A count is the sum of others."""
    return Statement({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0.0, 0.0)


def at_most(smaller: Iterable[Hashable], larger: Iterable[Hashable]) -> Statement:
    """The sum of the one is at most that of the other."""
    terms = {**dict.fromkeys(smaller, 1.0), **dict.fromkeys(larger, -1.0)}
    return Statement(terms, -np.inf, 0.0)


@dataclass
class System:
    """Counts as variables 0 to n - 1 and statements about them as rows.

    ``keys``: the name of each variable; ``place``: the other way about. ``most`` and ``least``:
    (n,) bounds that everybody knows; ``truth``: (n,) the counts themselves; ``columns``: (n,) the
    subgroup that each is a count of.
    """

    keys: list[Hashable] = field(default_factory=list)
    place: dict[Hashable, int] = field(default_factory=dict)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def add(self, key: Hashable, column: str, truth: int, most: float, least: float = 0.0) -> None:
        """A new variable called ``key``, a count of ``column``."""
        self.place[key] = len(self.keys)
        self.keys.append(key)
        self.columns.append(column)
        self.least.append(least)
        self.most.append(most)
        self.truth.append(truth)

    def say(self, statements: Iterable[Statement]) -> None:
        self.statements += statements

    def matrix(self) -> tuple[csr_array, Floats, Floats]:
        """The statements: (m, n) coefficients, and (m,) the least and the most of each sum."""
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for row, statement in enumerate(self.statements):
            for key, value in statement.terms.items():
                rows.append(row)
                columns.append(self.place[key])
                values.append(value)
        shape = (len(self.statements), len(self.keys))
        matrix = csr_array((values, (rows, columns)), shape=shape)
        low = np.array([statement.low for statement in self.statements])
        high = np.array([statement.high for statement in self.statements])
        return matrix, low, high
