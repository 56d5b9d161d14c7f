"""What one statement after the other leaves of each count."""

from __future__ import annotations

import numpy as np

from themecoder.counts.disclosure.system import Floats, System

_TINY = 1e-6


def tightened(system: System, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """(n,) the least and the most that each count can be, from whole numbers ``least`` and
    ``most``: every statement by itself, again and again until none narrows a count further."""
    matrix, low, high = system.matrix()
    entries = matrix.tocoo()
    rows, columns, values = entries.row, entries.col, entries.data
    positive = values > 0
    least, most = least.copy(), most.copy()
    while True:
        small = np.where(positive, values * least[columns], values * most[columns])
        large = np.where(positive, values * most[columns], values * least[columns])
        bottom = np.bincount(rows, small, len(low))
        top = np.bincount(rows, large, len(low))
        # what the others of the row leave of this one, as value * count
        upper = (high[rows] - bottom[rows] + small) / np.abs(values)
        lower = (low[rows] - top[rows] + large) / np.abs(values)
        new_most, new_least = most.copy(), least.copy()
        np.minimum.at(new_most, columns, np.floor(np.where(positive, upper, -lower) + _TINY))
        np.maximum.at(new_least, columns, np.ceil(np.where(positive, lower, -upper) - _TINY))
        if (new_most == most).all() and (new_least == least).all():
            return least, most
        least, most = new_least, new_most
