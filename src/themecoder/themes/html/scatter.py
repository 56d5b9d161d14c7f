"""The map of a question's answers: where each point and each theme's number is drawn."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

WIDTH, HEIGHT = 640, 500
"""Size of the map in its own units; it scales with the page."""
MARGIN = 22
LABEL_WIDTH, LABEL_HEIGHT = 40, 30
"""Room kept free around a theme's number, enough for the larger type of a phone."""
BY_RANK = 0.5
"""Share of a position that comes from its rank on the axis: thins out a dense middle."""
SPACING = 5.0
"""Distance between answers that would be drawn on the same spot (the same text given twice)."""


@dataclass(frozen=True, slots=True)
class Label:
    """Where a theme's number stands, and the middle of the theme that it belongs to."""

    x: float
    y: float
    anchor_x: float
    anchor_y: float

    @property
    def away(self) -> bool:
        """Whether the number was moved so far that a line must tie it to its theme."""
        return math.hypot(self.x - self.anchor_x, self.y - self.anchor_y) > 16


def place(xy: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Map positions in drawing units, for positions in any unit; y points up in ``xy``."""
    if not xy:
        return {}
    across = _spread({key: x for key, (x, _) in xy.items()})
    up = _spread({key: y for key, (_, y) in xy.items()})
    placed: dict[str, tuple[float, float]] = {}
    taken: dict[tuple[int, int], int] = {}
    for key in sorted(xy):
        x = MARGIN + across[key] * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - up[key] * (HEIGHT - 2 * MARGIN)
        spot = (round(x), round(y))
        nth = taken[spot] = taken.get(spot, -1) + 1
        # a sunflower of equal answers: each stays visible and can be pointed at
        radius, angle = SPACING * math.sqrt(nth), nth * math.pi * (3 - math.sqrt(5))
        placed[key] = (
            round(min(max(x + radius * math.cos(angle), 6), WIDTH - 6), 1),
            round(min(max(y + radius * math.sin(angle), 6), HEIGHT - 6), 1),
        )
    return placed


def _spread(values: Mapping[str, float]) -> dict[str, float]:
    """Each value on 0..1, half by size and half by rank; order stays, equal values stay equal."""
    ordered = sorted(set(values.values()))
    low, width = ordered[0], ordered[-1] - ordered[0]
    if not width:
        return dict.fromkeys(values, 0.5)
    ranked = sorted(values.values())
    rank = {v: (bisect_left(ranked, v) + bisect_right(ranked, v) - 1) / 2 for v in ordered}
    least, most = rank[ordered[0]], rank[ordered[-1]]
    return {
        key: (1 - BY_RANK) * (v - low) / width + BY_RANK * (rank[v] - least) / (most - least)
        for key, v in values.items()
    }


def place_labels(points: Mapping[int, Sequence[tuple[float, float]]]) -> dict[int, Label]:
    """A spot for the number of each theme: the middle of its points, moved apart on contact."""
    anchors = {
        theme: (median(x for x, _ in own), median(y for _, y in own))
        for theme, own in points.items()
        if own
    }
    spots = {theme: list(anchor) for theme, anchor in anchors.items()}
    order = sorted(spots)
    for _ in range(300):
        moved = False
        for first, second in combinations(order, 2):
            moved |= _push_apart(spots[first], spots[second])
        for spot in spots.values():
            spot[0] = min(max(spot[0], LABEL_WIDTH / 2), WIDTH - LABEL_WIDTH / 2)
            spot[1] = min(max(spot[1], LABEL_HEIGHT / 2), HEIGHT - LABEL_HEIGHT / 2)
        if not moved:
            break
    return {
        theme: Label(
            round(x, 1), round(y, 1), round(anchors[theme][0], 1), round(anchors[theme][1], 1)
        )
        for theme, (x, y) in spots.items()
    }


def _push_apart(first: list[float], second: list[float]) -> bool:
    """Move two boxes that overlap apart, along the axis on which they overlap least."""
    across = LABEL_WIDTH - abs(second[0] - first[0])
    down = LABEL_HEIGHT - abs(second[1] - first[1])
    if across <= 0.01 or down <= 0.01:
        return False
    axis = 0 if across / LABEL_WIDTH < down / LABEL_HEIGHT else 1
    step = (across if axis == 0 else down) / 2 + 0.01
    sign = 1 if second[axis] >= first[axis] else -1
    first[axis] -= sign * step
    second[axis] += sign * step
    return True
