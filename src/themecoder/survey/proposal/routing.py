"""Which simple expression over earlier closed questions says who was asked something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

import numpy as np
import numpy.typing as npt

from themecoder.expressions import nodes
from themecoder.expressions.cells import NOT_TICKED, TICKED

Mask = npt.NDArray[np.bool_]

# The share of the asked that an explanation may have wrong, as data are never all tidy.
TOLERANCE = 0.01
_MOST_PAIRED = 30


@dataclass(frozen=True, slots=True)
class RoutingCandidate:
    """A closed column that may explain: ``codes`` (n,) index into ``values``, -1 where empty."""

    column: str
    codes: npt.NDArray[np.int64]
    values: tuple[str, ...]
    option: bool = False  # of a multiple-response question: its tick is a condition by itself

    def rows(self, chosen: Sequence[int]) -> Mask:
        return np.isin(self.codes, list(chosen))

    def condition(self, chosen: Sequence[int]) -> nodes.Node:
        values = tuple(self.values[code] for code in sorted(chosen))
        others = {value.casefold() for value in self.values} - {values[0].casefold()}
        plain = len(values) == 1 and values[0].casefold() in TICKED and others <= NOT_TICKED
        if self.option and plain:
            return nodes.Ticked(self.column)
        return nodes.OneOf(self.column, values)


def candidate(
    column: str, cells: Sequence[str | None], values: Sequence[str], option: bool = False
) -> RoutingCandidate:
    """The candidate of a closed column; ``values`` are its distinct cells in order."""
    index = {value: code for code, value in enumerate(values)}
    codes = [index.get(cell.strip(), -1) if isinstance(cell, str) else -1 for cell in cells]
    return RoutingCandidate(column, np.array(codes, dtype=np.int64), tuple(values), option)


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of numbers that may explain: ``numbers`` (n,), NaN where there is none."""

    column: str
    numbers: npt.NDArray[np.float64]

    def bound(self, asked: Mask, within: Mask) -> nodes.Node | None:
        """The comparison that parts the asked from the rest, where one does."""
        inside, outside = self.numbers[asked], self.numbers[within & ~asked]
        outside = outside[~np.isnan(outside)]
        if np.isnan(inside).any() or not inside.size or not outside.size:
            return None
        if inside.min() > outside.max():
            return nodes.Compare(self.column, ">=", Decimal(f"{inside.min():g}"))
        if inside.max() < outside.min():
            return nodes.Compare(self.column, "<=", Decimal(f"{inside.max():g}"))
        return None


def explain(
    asked: Mask,
    within: Mask,
    candidates: Sequence[RoutingCandidate],
    amounts: Sequence[Amounts] = (),
    *,
    pairs: bool = True,
) -> nodes.Node | None:
    """The simplest expression that holds, among the rows of ``within``, for those of ``asked``.

    Everybody; else one column's values; else one comparison; else, where ``pairs`` are wished, two
    columns joined. Simpler is:
    fewer values, earlier columns. None where nothing fits but for ``TOLERANCE`` of the asked.
    """
    asked = asked & within
    allowed = TOLERANCE * asked.sum()
    if not asked.any():
        return None
    if (within & ~asked).sum() <= allowed:
        return nodes.All()
    explanations: list[tuple[int, int, nodes.Node]] = []
    for position, closed in enumerate(candidates):
        chosen = [code for code, share in _asked_shares(closed, asked, within) if share >= 0.5]
        partial = 0 < len(chosen) < np.unique(closed.codes[within & (closed.codes >= 0)]).size
        if partial and (closed.rows(chosen) & within ^ asked).sum() <= allowed:
            explanations.append((len(chosen), position, closed.condition(chosen)))
    if explanations:
        return min(explanations, key=lambda item: item[:2])[2]
    for column in amounts:
        if bound := column.bound(asked, within):
            return bound
    return _explain_by_two_columns(asked, within, candidates, allowed) if pairs else None


def _asked_shares(
    closed: RoutingCandidate, asked: Mask, within: Mask
) -> Iterator[tuple[int, float]]:
    """Per value that occurs: its code and the share of its rows that were asked."""
    codes = closed.codes[within]
    known = codes >= 0
    totals = np.bincount(codes[known], minlength=len(closed.values))
    hits = np.bincount(codes[known & asked[within]], minlength=len(closed.values))
    for code in np.flatnonzero(totals):
        yield int(code), float(hits[code] / totals[code])


def _explain_by_two_columns(
    asked: Mask, within: Mask, candidates: Sequence[RoutingCandidate], allowed: float
) -> nodes.Node | None:
    """Two columns with ``and`` (each holds for all asked) or with ``or`` (each for asked only)."""
    wider: list[tuple[Mask, nodes.Node]] = []
    narrower: list[tuple[Mask, nodes.Node]] = []
    for closed in candidates:
        shares = dict(_asked_shares(closed, asked, within))
        partly = [code for code, share in shares.items() if share > TOLERANCE]
        wholly = [code for code, share in shares.items() if share >= 1 - TOLERANCE]
        rows = closed.rows(partly) & within
        if 0 < len(partly) < len(shares) and (asked & ~rows).sum() <= allowed:
            wider.append((rows, closed.condition(partly)))
        rows = closed.rows(wholly) & within
        if 0 < len(wholly) < len(shares):
            narrower.append((rows, closed.condition(wholly)))
    wider = sorted(wider, key=lambda item: int(item[0].sum()))[:_MOST_PAIRED]
    narrower = sorted(narrower, key=lambda item: -int(item[0].sum()))[:_MOST_PAIRED]
    for (left, one_side), (right, other_side) in combinations(wider, 2):
        if ((left & right) ^ asked).sum() <= allowed:
            return nodes.joined(nodes.And, (one_side, other_side))
    for (left, one_side), (right, other_side) in combinations(narrower, 2):
        if ((left | right) ^ asked).sum() <= allowed:
            return nodes.joined(nodes.Or, (one_side, other_side))
    return None


def narrowed(filled: Mask, asked: Mask, candidates: Sequence[RoutingCandidate]) -> Mask:
    """``asked`` less the rows whose value in some column goes with no answer at all.

    A value is left out where nobody with it answered though that many silent ones by chance have a
    probability below one in a million, given the share that answered. The nearest column that
    leaves out the most rows decides.
    """
    rate = filled[asked].mean() if asked.any() else 0.0
    best, most = asked, 0
    for closed in reversed(candidates):
        codes = closed.codes[asked]
        silent = 0
        for code in np.unique(codes[codes >= 0]):
            rows = codes == code
            if not filled[asked][rows].any() and (1 - rate) ** int(rows.sum()) < 1e-6:
                silent += int(rows.sum())
        if silent > most:
            spoken = np.unique(closed.codes[asked & filled])
            kept = asked & np.isin(closed.codes, spoken[spoken >= 0])
            if not (filled & asked & ~kept).any():
                best, most = kept, silent
    return best


def narrowed_closed(
    filled: Mask, within: Mask, candidates: Sequence[RoutingCandidate]
) -> nodes.Node | None:
    """The values of one earlier column that all who answered a closed question have; None where
    nothing but chance says so.

    Most who are asked a closed question answer it. So rows with some value, none of which is
    filled, were not asked where that many would be silent by chance with a probability below one in
    a million, given the share that answered among the others. A value of few rows is no evidence by
    itself, but goes with the rest.
    """
    best: nodes.Node | None = None
    most = 0
    for closed in reversed(candidates):
        codes = closed.codes
        spoken = np.unique(codes[filled & within])
        if (spoken < 0).any() or not spoken.size:
            continue
        kept = within & np.isin(codes, spoken)
        rate = float(filled[kept].mean())
        counts = np.bincount(codes[within & ~kept & (codes >= 0)])
        silent = int(counts.sum())
        likely = all((1 - rate) ** int(n) < 0.2 for n in counts if n)
        if silent > most and likely and (1 - rate) ** silent < 1e-6:
            best, most = closed.condition(spoken.tolist()), silent
    return best
