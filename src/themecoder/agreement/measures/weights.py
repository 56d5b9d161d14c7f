"""How far two categories are apart: agreement weights, and the metrics of Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themecoder.errors import InputError, Problem

WEIGHTS = ("identity", "linear", "quadratic", "ordinal", "radical", "ratio")
WAYS = ("weights", "disagreement", "distance")
"""The options that say how far categories are apart."""
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def weights_of(
    options: Mapping[str, Any], categories: Sequence[Hashable], q: int
) -> NDArray[np.float64] | None:
    """The weights that one of ``WAYS`` asks for, None for nominal.

    Raises InputError for more than one of them, since one would be passed over.
    """
    ways = [name for name in WAYS if name in options]
    if len(ways) > 1:
        raise InputError(Problem("agreement.one_of", {"found": ", ".join(ways)}))
    if "disagreement" in options:
        return from_disagreement(options["disagreement"], q)
    if "distance" in options:
        return from_distance(options["distance"], q)
    kind = options.get("weights", "identity")
    return None if kind == "identity" else agreement_weights(kind, categories)


def agreement_weights(kind: str, categories: Sequence[Hashable]) -> NDArray[np.float64]:
    """(q, q) weights, 1 on the diagonal: Gwet (2014), Handbook of Inter-Rater Reliability, 4th
    ed., pp. 91-93.

    Categories that are no numbers count as 1, 2, 3 ... in their order.
    Raises InputError for a kind that is not among ``WEIGHTS``.
    """
    q = max(len(categories), 1)
    if kind == "identity":
        return np.eye(q)
    values = scale(categories)
    apart = np.abs(values[:, None] - values[None, :])
    with np.errstate(divide="ignore", invalid="ignore"):
        match kind:
            case "linear":
                weights = 1 - apart / apart.max()
            case "quadratic":
                weights = 1 - (apart / apart.max()) ** 2
            case "radical":
                weights = 1 - np.sqrt(apart) / np.sqrt(apart.max())
            case "ratio":
                total = values[:, None] + values[None, :]
                least, most = values.min(), values.max()
                weights = 1 - (apart / total) ** 2 / ((most - least) / (most + least)) ** 2
            case "ordinal":
                steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))) + 1
                pairs = steps * (steps - 1) / 2
                weights = 1 - pairs / pairs.max()
            case _:
                raise InputError(
                    Problem("agreement.weights", {"found": kind, "known": ", ".join(WEIGHTS)})
                )
    # a single category agrees with itself, whatever the distance
    np.fill_diagonal(weights, 1.0)
    return np.asarray(weights, dtype=float)


def from_disagreement(matrix: Sequence[Sequence[float]], q: int) -> NDArray[np.float64]:
    """Agreement weights from a (q, q) matrix of disagreements, 0 on the diagonal (Cohen 1968).

    Raises InputError where the matrix is not q by q numbers.
    """
    costs = _square(matrix, q)
    return 1 - costs / (costs.max() or 1.0)


def from_distance(matrix: Sequence[Sequence[float]], q: int) -> NDArray[np.float64]:
    """Agreement weights from a (q, q) matrix of distances, as alpha takes any metric difference:
    Krippendorff (2019), Content Analysis, 4th ed., 12.3.3 (his squared differences).

    Raises InputError where the matrix is not q by q numbers, or these are no distances: below 0,
    not symmetric, or not 0 on the diagonal.
    """
    apart = _square(matrix, q)
    if (apart < 0).any() or np.diagonal(apart).any() or not np.array_equal(apart, apart.T):
        raise InputError(Problem("agreement.distance"))
    return from_disagreement(matrix, q)


def _square(matrix: Sequence[Sequence[float]], q: int) -> NDArray[np.float64]:
    try:
        square = np.asarray(matrix, dtype=float)
    except (TypeError, ValueError):  # rows of unequal length, or texts
        square = np.empty(0)
    if square.shape != (q, q) or not np.isfinite(square).all():
        found = " x ".join(map(str, square.shape)) if square.size else repr(matrix)
        raise InputError(Problem("agreement.matrix", {"found": found, "expected": q}))
    return square


def distances(
    level: str, categories: Sequence[Hashable], totals: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(..., q, q) squared distances of alpha: Krippendorff (2019), Content Analysis, 4th ed.,
    12.3.3.

    ``totals`` (..., q): how often each category was used among pairable values; the ordinal metric
    rests on them, all others are (q, q) whatever they are. Raises InputError for a level that is
    not among ``LEVELS``.
    """
    q = totals.shape[-1]
    if level == "nominal":
        return 1 - np.eye(q)
    if level == "ordinal":
        upto, first = np.cumsum(totals, axis=-1), np.minimum.outer(np.arange(q), np.arange(q))
        between = np.abs(upto[..., :, None] - upto[..., None, :]) + totals[..., first]
        halves = (totals[..., :, None] + totals[..., None, :]) / 2
        return np.asarray(np.where(np.eye(q, dtype=bool), 0.0, (between - halves) ** 2))
    values = scale(categories, numbers_only=True)
    if level == "interval":
        return np.asarray((values[:, None] - values[None, :]) ** 2)
    if level == "ratio":
        total = values[:, None] + values[None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            squares = ((values[:, None] - values[None, :]) / total) ** 2
        return np.asarray(np.where(total == 0, 0.0, squares))
    raise InputError(Problem("agreement.level", {"found": level, "known": ", ".join(LEVELS)}))


def scale(categories: Sequence[Any], numbers_only: bool = False) -> NDArray[np.float64]:
    """The categories as numbers: their own, or their places 1, 2, 3 ... where they are labels."""
    if all(isinstance(c, int | float) and not isinstance(c, bool) for c in categories):
        return np.asarray(categories, dtype=float)
    if numbers_only:
        labels = ", ".join(map(repr, categories))
        raise InputError(Problem("agreement.not_numbers", {"found": labels}))
    return np.arange(1, len(categories) + 1, dtype=float)
