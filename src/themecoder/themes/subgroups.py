"""Themes by subgroup: counts with their bases, and no count that could point at a person.

A cell with fewer respondents than the smallest cell that may be shown is hidden (primary
suppression). Where the totals would give a hidden cell away, another cell of its row or column is
hidden too (complementary suppression; Hundepool et al. (2012), Statistical Disclosure Control,
chapter 4). Rows and columns are audited one by one, not as one system of equations.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Literal

Hidden = Literal["small", "guard"]
"""Why a count is not shown: it is small, or it guards a small one."""

EXPECTED_AT_LEAST = 5.0
"""Expected count below which no deviation is given (Cochran's rule for a two-by-two table)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers of one value of the attribute in one theme. ``n`` is None where ``hidden`` says why.

    ``deviation`` is the adjusted residual: how many standard errors the share lies from that of
    the other values (Haberman 1973, Biometrics 29, 205-220); None where too few are expected.
    """

    n: int | None
    hidden: Hidden | None
    deviation: float | None


@dataclass(frozen=True, slots=True)
class CrosstabColumn:
    """One value of the attribute and its base: the answers with content."""

    label: str
    base: int


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Themes (rows, by theme id) by the values of one attribute.

    ``left_out`` are values with a small count in every theme: they have no column.
    """

    label: str
    columns: tuple[CrosstabColumn, ...]
    rows: Mapping[int, tuple[Cell, ...]]
    left_out: tuple[str, ...]

    @property
    def guarded(self) -> bool:
        """Whether any cell is hidden only to guard another."""
        return any(cell.hidden == "guard" for row in self.rows.values() for cell in row)


def crosstab(
    label: str,
    values: Mapping[str, Set[str]],
    members: Mapping[int, Set[str]],
    answers: Set[str],
    *,
    smallest_cell: int,
    unknown: str,
) -> Crosstab:
    """Count ``members`` (theme id -> answer ids) by ``values``; ``answers`` are those with content.

    Answers that no value holds get a column of their own, named ``unknown``.
    """
    groups = {name: frozenset(ids) & answers for name, ids in values.items()}
    rest = frozenset(answers).difference(*groups.values())
    groups[unknown] = groups.get(unknown, frozenset()) | rest
    groups = {name: ids for name, ids in groups.items() if ids}

    counts = [[len(theme & ids) for ids in groups.values()] for theme in members.values()]
    hidden: list[list[Hidden | None]] = [
        ["small" if n < smallest_cell else None for n in row] for row in counts
    ]
    exclusive = sum(map(len, groups.values())) == len(answers)
    # columns add up to a known base only where every answer is in one theme and no more
    complete = sum(map(len, members.values())) == len(answers) and answers == frozenset().union(
        *members.values()
    )
    _guard(counts, hidden, smallest_cell, rows=exclusive, columns=complete)

    # a value with small counts only would be a column without a number
    shown = [i for i in range(len(groups)) if any(row[i] != "small" for row in hidden)]
    bases = [len(ids) for ids in groups.values()]
    rows = {}
    for theme, own, why in zip(members, counts, hidden, strict=True):
        cells = []
        for i in shown:
            deviation = _residual(own[i], len(members[theme]), bases[i], len(answers))
            cells.append(
                Cell(own[i], None, deviation) if why[i] is None else Cell(None, why[i], None)
            )
        rows[theme] = tuple(cells)
    names = list(groups)
    return Crosstab(
        label=label,
        columns=tuple(CrosstabColumn(names[i], bases[i]) for i in shown),
        rows=rows,
        left_out=tuple(name for i, name in enumerate(names) if i not in shown),
    )


def _guard(
    counts: list[list[int]],
    hidden: list[list[Hidden | None]],
    smallest: int,
    *,
    rows: bool,
    columns: bool,
) -> None:
    """Hide further cells, in place, until no line's total gives a small count away."""
    height, width = len(counts), len(counts[0]) if counts else 0
    lines: list[list[tuple[int, int]]] = []
    if rows:
        lines += [[(r, c) for c in range(width)] for r in range(height)]
    if columns:
        lines += [[(r, c) for r in range(height)] for c in range(width)]
    changed = True
    while changed:
        changed = False
        for line in lines:
            while _given_away(
                [counts[r][c] for r, c in line if hidden[r][c] == "small"],
                any(hidden[r][c] == "guard" for r, c in line),
                smallest,
            ):
                shown = [(r, c) for r, c in line if hidden[r][c] is None]
                if not shown:
                    break
                r, c = min(shown, key=lambda cell: (counts[cell[0]][cell[1]], -cell[0], -cell[1]))
                hidden[r][c] = "guard"
                changed = True


def _given_away(small: list[int], guarded: bool, smallest: int) -> bool:
    """Whether the sum of a line's hidden cells, known from its total, reveals a count above 0.

    A hidden small count lies in 0..smallest-1, so several with a known sum stay unknown unless the
    sum is the most they can hold. A guard has no upper bound and lets them vary.
    """
    total = sum(small)
    return total > 0 and not guarded and (len(small) == 1 or total == len(small) * (smallest - 1))


def _residual(n: int, row: int, column: int, total: int) -> float | None:
    """The adjusted residual of a cell, or None where fewer than five are expected."""
    expected = row * column / total if total else 0.0
    if expected < EXPECTED_AT_LEAST or total in (row, column):
        return None
    return (n - expected) / math.sqrt(expected * (1 - row / total) * (1 - column / total))
