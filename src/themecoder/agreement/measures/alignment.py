"""The disorder of the best alignment of coders' marked parts, which gamma compares with chance.

Mathet, Widloecher & Metivier (2015), The Unified and Holistic Method Gamma for Inter-Annotator
Agreement Measure and Alignment, Computational Linguistics 41(3), pp. 437-479. Gamma itself needs
random annotations to compare with, for which there are tools of their own.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations, product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from themecoder.agreement.measures.unitizing import Span


def best_alignment_disorder(
    marked: Sequence[Sequence[Span]], alpha: float = 1.0, beta: float = 1.0, empty: float = 1.0
) -> float:
    """The disorder per marked part (of the mean coder) of the alignment that has least of it.

    ``marked``: per coder the marked parts. A unitary alignment takes one part or none of each
    coder; its disorder is the mean over pairs of coders of alpha times the positional and beta
    times the nominal dissimilarity, ``empty`` where one has none (sec. 4.3-4.5). Every part is in
    exactly one unitary alignment: the choice is a set partition of least cost, solved exactly.
    """
    places = [[None, *range(len(parts))] for parts in marked]
    units = sum(map(len, marked))
    if not units:
        return float("nan")
    chosen = [pick for pick in product(*places) if any(n is not None for n in pick)]
    costs = np.array([_disorder(pick, marked, alpha, beta, empty) for pick in chosen])
    # a unitary alignment that costs more than its parts do alone is never part of the best one
    alone = [sum(n is not None for n in pick) * empty for pick in chosen]
    keep = np.flatnonzero(costs <= np.array(alone) + 1e-9)
    parts = [(coder, n) for coder, spans in enumerate(marked) for n in range(len(spans))]
    row = {part: place for place, part in enumerate(parts)}
    covers = np.zeros((units, len(keep)))
    for column, at in enumerate(keep):
        for coder, n in enumerate(chosen[at]):
            if n is not None:
                covers[row[coder, n], column] = 1
    solution = milp(
        costs[keep],
        constraints=LinearConstraint(covers, 1, 1),
        integrality=np.ones(len(keep)),
        bounds=Bounds(0, 1),
    )
    return float(solution.fun / (units / len(marked)))


def _disorder(
    pick: Sequence[int | None],
    marked: Sequence[Sequence[Span]],
    alpha: float,
    beta: float,
    empty: float,
) -> float:
    spans = [None if n is None else parts[n] for n, parts in zip(pick, marked, strict=True)]
    pairs = list(combinations(spans, 2))
    return sum(_dissimilarity(a, b, alpha, beta, empty) for a, b in pairs) / len(pairs)


def _dissimilarity(
    a: Span | None, b: Span | None, alpha: float, beta: float, empty: float
) -> float:
    if a is None or b is None:
        return empty
    bounds = abs(a[0] - b[0]) + abs(a[1] - b[1])
    position = (bounds / ((a[1] - a[0]) + (b[1] - b[0]))) ** 2
    return (alpha * position + beta * _nominal(a[2], b[2])) * empty


def _nominal(a: Hashable, b: Hashable) -> float:
    return float(a != b)
