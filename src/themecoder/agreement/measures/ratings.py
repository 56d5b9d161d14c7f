"""Ratings as arrays: which coder gave which unit which value."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themecoder.errors import InputError, Problem

MISSING = -1


@dataclass(frozen=True, slots=True)
class Ratings:
    """``cells``: int array (coders, units) of places in ``categories``, -1 where not coded."""

    cells: NDArray[np.int64]
    categories: tuple[Hashable, ...]

    @property
    def q(self) -> int:
        """How many categories a coder could choose from; at least 1."""
        return max(len(self.categories), 1)

    @property
    def counts(self) -> NDArray[np.float64]:
        """(units, q): how many coders gave the unit each category."""
        hits = self.cells[:, :, None] == np.arange(self.q)
        return np.asarray(hits.sum(axis=0), dtype=float)

    def coded(self) -> Ratings:
        """The ratings without the coders and the units that have none."""
        cells = self.cells[(self.cells != MISSING).any(axis=1)]
        return replace(self, cells=cells[:, (cells != MISSING).any(axis=0)])

    def complete(self) -> Ratings:
        """Only the units that every coder rated."""
        return replace(self, cells=self.cells[:, (self.cells != MISSING).all(axis=0)])


def ratings(
    matrix: Sequence[Sequence[Any]], categories: Sequence[Hashable] | None = None
) -> Ratings:
    """Ratings from rows of coders over the same units, None (or NaN) where a coder has none.

    ``categories`` are all that a coder could choose from (the codebook's), used or not; else those
    that occur. Numbers keep their order, other labels are sorted by kind and text. Raises
    InputError for rows of unequal length and for a value that is not among the categories.
    """
    rows = [[None if _missing(value) else _key(value) for value in row] for row in matrix]
    if len({len(row) for row in rows}) > 1:
        lengths = ", ".join(str(len(row)) for row in rows)
        raise InputError(Problem("agreement.ragged", {"found": lengths}))
    present = {value for row in rows for value in row if value is not None}
    if categories is None:
        known = tuple(sorted(present, key=_order))
    else:
        known = tuple(dict.fromkeys(_key(value) for value in categories))
        strange = sorted(present - set(known), key=_order)
        if strange:
            params = {"found": ", ".join(map(repr, strange)), "known": ", ".join(map(repr, known))}
            raise InputError(Problem("agreement.category", params))
    place: dict[Hashable, int] = {value: n for n, value in enumerate(known)}
    cells = [[MISSING if value is None else place[value] for value in row] for row in rows]
    width = len(rows[0]) if rows else 0
    return Ratings(np.array(cells, dtype=np.int64).reshape(len(rows), width), known)


def from_table(table: Sequence[Sequence[float]]) -> Ratings:
    """Two coders' ratings from their contingency table (first coder in rows); whole numbers."""
    counts = np.asarray(table)
    rows, columns = np.indices(counts.shape)
    times = counts.astype(int).ravel()
    cells = np.stack([np.repeat(rows.ravel(), times), np.repeat(columns.ravel(), times)])
    return Ratings(cells, tuple(range(max(counts.shape))))


def sets(matrix: Sequence[Sequence[Any]]) -> list[list[frozenset[Hashable] | None]]:
    """Rows of label sets: one label is a set of one, None is not coded, [] is the empty set."""
    return [[None if _missing(value) else _as_set(value) for value in row] for row in matrix]


def has_code(matrix: Sequence[Sequence[Any]], code: Hashable) -> list[list[int | None]]:
    """1 or 0 per cell of label sets: whether ``code`` is among them; None where not coded."""
    return [[None if cell is None else int(code in cell) for cell in row] for row in sets(matrix)]


def _as_set(value: Any) -> frozenset[Hashable]:
    if isinstance(value, list | tuple | set | frozenset):
        return frozenset(value)
    return frozenset([value])


def _key(value: Any) -> Hashable:
    return frozenset(value) if isinstance(value, list | set) else value


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))


def _order(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool | int | float):
        return (0, value)
    if isinstance(value, frozenset):
        return (2, sorted(map(str, value)))
    return (1, str(value))
