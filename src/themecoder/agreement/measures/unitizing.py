"""Agreement on quotes: which parts of a text coders marked.

The u-alpha family is Krippendorff, Mathet, Bouvry & Widloecher (2016), Quality & Quantity 50, pp.
2347-2364 (with its erratum, 50, p. 2365), as restated in Krippendorff (2019), Content Analysis, 4th
ed., 12.6 (equation numbers from there). It is not the alpha_U of 1995, which squares distances
between bounds.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from themecoder.agreement.measures.statistics import Array, sum_of_terms
from themecoder.errors import InputError, Problem

Span = tuple[int, int, Hashable]
"""A marked part: start, end (exclusive), its value."""
GAP = 0


@dataclass(frozen=True, slots=True)
class SpanDocument:
    """One text of ``length`` and what each of its coders marked in it; () where they saw nothing.

    A coder who did not see the text is not among its coders.
    """

    length: int
    marked: Mapping[Hashable, Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Coincidences:
    """What documents add to u-alpha: a row per document with two coders or more.

    - together (documents, values, values): length on which one coder has one value, another the
      other, each coder's weighed by 1 / (coders - 1); value 0 is the gap between marked parts
    - self_pairs (documents, values): squared lengths of parts, plain lengths of gaps (eq. 33)
    - inner (documents, values): the same of what others marked too. Eq. 10 of the 2016 paper (36 of
      the book) can be read in two ways, which both print the .724 of Krippendorff (2019), p. 340.
      Here it is per marked part the square of its mean overlap with the other coders' parts, which
      is its share in ``together``. The mean of the squared overlaps would take away more than there
      is where few coders marked a part, and give values above 1
    - values: the categories in the order of the arrays, the gap (None) first
    """

    together: Array
    self_pairs: Array
    inner: Array
    values: tuple[Hashable, ...]


def coincidences(
    documents: Sequence[SpanDocument], values: Sequence[Hashable] | None = None
) -> Coincidences:
    """The lengths that u-alpha rests on.

    Raises InputError where a coder's own marked parts overlap: values must exclude one another, so
    overlapping codes are measured one by one. ``values``: the categories; else those that occur.
    """
    present = {value for d in documents for spans in d.marked.values() for *_, value in spans}
    order = tuple(sorted(present, key=str) if values is None else values)
    place = {value: n for n, value in enumerate(order, start=1)}
    usable = [d for d in documents if len(d.marked) >= 2]
    size = len(order) + 1
    together = np.zeros((len(usable), size, size))
    self_pairs, inner = np.zeros((len(usable), size)), np.zeros((len(usable), size))
    for n, document in enumerate(usable):
        parts = [_parts(document, coder, place) for coder in document.marked]
        others = len(parts) - 1
        for own in parts:
            for start, end, value in own:
                long = end - start
                self_pairs[n, value] += long if value == GAP else long**2
        for a, b in combinations(range(len(parts)), 2):
            for start, end, value, other in _crossed(parts[a], parts[b]):
                together[n, value, other] += (end - start) / others
                together[n, other, value] += (end - start) / others
        for own in parts:
            for start, end, value in own:
                if value != GAP:
                    overlaps = (
                        _covered(start, end, theirs) for theirs in parts if theirs is not own
                    )
                    inner[n, value] += (sum(overlaps) / others) ** 2
    return Coincidences(together, self_pairs, inner, (None, *order))


def u_alpha(c: Coincidences, draws: Array | None = None) -> Array:
    """u-alpha nominal (eq. 34) per resample: where coders marked and with which value."""
    together, own, _ = _sums(c, draws)
    return _alpha(together, own.sum(axis=1))


def binary_u_alpha(c: Coincidences, draws: Array | None = None) -> Array:
    """|u-alpha binary (eq. 35): where coders marked, whatever the value."""
    together, own, _ = _sums(c, draws)
    gap, marked = together[:, :1, :], together[:, 1:, :].sum(axis=1, keepdims=True)
    rows = np.concatenate([gap, marked], axis=1)
    two = np.concatenate([rows[:, :, :1], rows[:, :, 1:].sum(axis=2, keepdims=True)], axis=2)
    return _alpha(two, own.sum(axis=1))


def cu_alpha(c: Coincidences, draws: Array | None = None) -> Array:
    """cu-alpha nominal (eqs. 36-37): which value, where both marked something."""
    together, _, inner = _sums(c, draws)
    return _alpha(together[:, 1:, 1:], inner.sum(axis=1))


def ku_alpha(c: Coincidences, value: Hashable, draws: Array | None = None) -> tuple[Array, Array]:
    """(k)u-alpha (eq. 38) of one value against the others, and its coverage: the share of what has
    the value that another coder marked too, whatever with."""
    together, _, inner = _sums(c, draws)
    at = c.values.index(value)
    both = together[:, 1:, 1:]
    total = both.sum(axis=(1, 2))
    sums = both.sum(axis=1)
    of_value, same = sums[:, at - 1], both[:, at - 1, at - 1]
    expected_with_others = of_value * (total - of_value)
    expected_all = of_value * total - inner[:, at]
    with np.errstate(divide="ignore", invalid="ignore"):
        value_alpha = 1 - (of_value - same) / of_value * expected_all / expected_with_others
        coverage = of_value / together[:, :, at].sum(axis=1)
    return np.where(expected_with_others > 0, value_alpha, np.nan), np.nan_to_num(coverage)


def alpha_u_1995(
    documents: SpanDocument, values: Sequence[Hashable], coders: int
) -> tuple[Array, Array]:
    """Observed and expected disagreement per value (values,): alpha_U is 1 - sum over sum.

    Krippendorff (1995), Sociological Methodology 25, pp. 47-76, with the expected disagreement as
    corrected in Krippendorff (2004), Content Analysis, 2nd ed., pp. 251-256: two parts that overlap
    differ by the squares of their bounds' differences, a part within the other's gap by its squared
    length.
    """
    observed, expected = [], []
    length = documents.length
    for value in values:
        marked = [
            sorted((s, e) for s, e, v in spans if v == value) for spans in documents.marked.values()
        ]
        marked += [[]] * (coders - len(marked))
        pairs = combinations(marked, 2)
        apart = sum(
            _squares(a, _gaps(b, length), b) + _squares(b, _gaps(a, length), ()) for a, b in pairs
        )
        observed.append(2 * apart / (coders * (coders - 1) * length**2))
        expected.append(_by_chance(marked, length, coders))
    return np.array(observed), np.array(expected)


def _squares(
    parts: Sequence[tuple[int, int]],
    gaps: Sequence[tuple[int, int]],
    other_parts: Sequence[tuple[int, int]],
) -> float:
    """Squared differences of mine with theirs that overlap, and squared lengths within gaps."""
    bounds = sum(
        (s - t) ** 2 + (e - f) ** 2 for s, e in parts for t, f in other_parts if s < f and t < e
    )
    return bounds + sum((e - s) ** 2 for s, e in parts for t, f in gaps if t <= s and e <= f)


def _by_chance(marked: Sequence[Sequence[tuple[int, int]]], length: int, coders: int) -> float:
    parts = [e - s for spans in marked for s, e in spans]
    gaps = np.array([f - t for spans in marked for t, f in _gaps(spans, length)])
    total = 0.0
    for b in parts:
        total += (len(parts) - 1) * (2 * b**3 - 3 * b**2 + b) / 3
        total += b**2 * float((gaps[gaps >= b] - b + 1).sum())
    cells = coders * length
    below = cells * (cells - 1) - sum(b * (b - 1) for b in parts)
    return 2 / length * total / below if below else float("nan")


def _gaps(spans: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    bounds = [0, *(bound for span in spans for bound in span), length]
    return [(s, e) for s, e in zip(bounds[::2], bounds[1::2], strict=True) if e > s]


def _parts(
    document: SpanDocument, coder: Hashable, place: Mapping[Hashable, int]
) -> list[tuple[int, int, int]]:
    """The whole text as marked parts and gaps, in order."""
    parts: list[tuple[int, int, int]] = []
    at = 0
    for start, end, value in sorted(document.marked[coder], key=lambda s: (s[0], s[1])):
        if start < at or not 0 <= start < end <= document.length:
            params = {"coder": coder, "start": start, "end": end, "length": document.length}
            raise InputError(Problem("agreement.overlap", params))
        if start > at:
            parts.append((at, start, GAP))
        parts.append((start, end, place[value]))
        at = end
    if at < document.length:
        parts.append((at, document.length, GAP))
    return parts


def _crossed(
    a: Sequence[tuple[int, int, int]], b: Sequence[tuple[int, int, int]]
) -> list[tuple[int, int, int, int]]:
    """Where parts of a and of b meet: start, end, value of a, value of b."""
    crossings, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        start, end = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if end > start:
            crossings.append((start, end, a[i][2], b[j][2]))
        i, j = (i + 1, j) if a[i][1] <= b[j][1] else (i, j + 1)
    return crossings


def _covered(start: int, end: int, parts: Sequence[tuple[int, int, int]]) -> int:
    """The length between the bounds on which the other coder marked anything."""
    return sum(max(0, min(end, e) - max(start, s)) for s, e, value in parts if value != GAP)


def _sums(c: Coincidences, draws: Array | None) -> tuple[Array, Array, Array]:
    weights = np.ones((1, len(c.self_pairs))) if draws is None else draws
    return (
        sum_of_terms(weights, c.together),
        sum_of_terms(weights, c.self_pairs),
        sum_of_terms(weights, c.inner),
    )


def disagreements(c: Coincidences, draws: Array | None = None) -> tuple[Array, Array]:
    """Observed disagreement of u-alpha and what chance would give (resamples,), in units of length;
    the latter 0 where all is one value: there u-alpha is undefined."""
    together, own, _ = _sums(c, draws)
    return _disagreements(together, own.sum(axis=1))


def _alpha(together: Array, every: Array) -> Array:
    observed, expected = _disagreements(together, every)
    ratio: Array = np.divide(
        observed, expected, out=np.full(observed.shape, np.nan), where=expected > 0
    )
    return 1 - ratio


def _disagreements(together: Array, every: Array) -> tuple[Array, Array]:
    """D_o and D_e from coincidences (resamples, v, v) and the sum of self pairs (resamples,)."""
    total = together.sum(axis=(1, 2))
    unlike = total - np.trace(together, axis1=1, axis2=2)
    chance = total**2 - (together.sum(axis=1) ** 2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = chance / (total - every / total)
    return unlike, np.where(chance > 1e-12 * total**2, expected, 0.0)
