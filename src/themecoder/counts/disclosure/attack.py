"""What somebody can work out of all that is shown, by linear programming."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from themecoder.counts.disclosure.bounds import tightened
from themecoder.counts.disclosure.protect import DISTANCE, Tables, search
from themecoder.counts.disclosure.system import Flags, Numbers, System

_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Told:
    """A small count that is not shown, and the least and the most that it can be."""

    key: Hashable
    least: int
    most: int


def told(system: System, hidden: Flags, small: Numbers) -> list[Told]:
    """Those of the counts ``small`` that can be narrowed to fewer values than are promised.

    ``hidden``: (n,) bool, the counts that are not shown; ``system.least`` holds what is known of
    them besides. Each count is safe once two tables are found that agree with everything shown and
    have it ``DISTANCE`` apart; of the others the bounds are worked out.
    """
    tables = Tables(system, hidden, ~hidden)
    left = search(tables, small, np.zeros(len(hidden)))
    if not len(left):
        return []
    truth = np.array(system.truth, dtype=float)
    least = np.where(hidden, np.array(system.least), truth)
    most = np.where(hidden, truth + tables.up, truth)
    least, most = tightened(system, least, most)
    found = []
    for n in left.tolist():
        low, high = int(least[n]), int(most[n])
        if high - low >= DISTANCE:
            low, high = _bounds(system, least, most, n)
        if high - low < DISTANCE:
            found.append(Told(system.keys[n], low, high))
    return found


def _bounds(system: System, least: np.ndarray, most: np.ndarray, n: int) -> tuple[int, int]:  # type: ignore[type-arg]
    """The least and the most whole number that a count can be."""
    matrix, low, high = system.matrix()
    ends = []
    for sign in (1.0, -1.0):
        aim = np.zeros(len(least))
        aim[n] = sign
        found = milp(
            aim, constraints=LinearConstraint(matrix, low, high), bounds=Bounds(least, most)
        )
        ends.append(sign * found.fun if found.fun is not None else (least[n], most[n])[sign < 0])
    return int(np.ceil(ends[0] - _TINY)), int(np.floor(ends[1] + _TINY))
