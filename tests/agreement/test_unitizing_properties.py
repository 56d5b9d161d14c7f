"""What holds of agreement on marked parts of texts, whatever was marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.agreement.measures.alignment import best_alignment_disorder
from themecoder.agreement.measures.unitizing import (
    Coincidences,
    Span,
    SpanDocument,
    binary_u_alpha,
    coincidences,
    cu_alpha,
    ku_alpha,
    u_alpha,
)

VALUES = ("x", "y", "z")
ROOM = 6
"""Unmarked text at the end of every document, to shift into."""
Marked = tuple[Span, ...]


@st.composite
def spans(draw: st.DrawFn, most: int = 4, least: int = 0) -> Marked:
    """Parts that do not overlap, from pairs of bounds in order."""
    count = draw(st.integers(least, most))
    bound = st.integers(0, 24)
    bounds = sorted(draw(st.lists(bound, min_size=2 * count, max_size=2 * count, unique=True)))
    return tuple(
        (start, end, draw(st.sampled_from(VALUES)))
        for start, end in zip(bounds[::2], bounds[1::2], strict=True)
    )


@st.composite
def documents(draw: st.DrawFn) -> SpanDocument:
    coders = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True))
    length = 24 + ROOM + draw(st.integers(0, 5))
    return SpanDocument(length, {coder: draw(spans()) for coder in coders})


several = st.lists(documents(), min_size=1, max_size=4)


def family(c: Coincidences, draws: np.ndarray | None = None) -> np.ndarray:
    """(resamples, all of the family): u, |u, cu, and (k)u with its coverage for each value."""
    of_values = [part for value in VALUES for part in ku_alpha(c, value, draws)]
    parts = [u_alpha(c, draws), binary_u_alpha(c, draws), cu_alpha(c, draws), *of_values]
    return np.stack(parts, axis=-1)


def measured(found: Sequence[SpanDocument]) -> np.ndarray:
    return family(coincidences(found, VALUES))


def same(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, atol=1e-9, rtol=1e-9)


@given(several, st.integers(0, ROOM))
def test_where_in_the_text_it_all_stands_is_nothing(found: list[SpanDocument], shift: int) -> None:
    moved = [
        SpanDocument(
            d.length,
            {
                coder: [(start + shift, end + shift, value) for start, end, value in marked]
                for coder, marked in d.marked.items()
            },
        )
        for d in found
    ]
    same(measured(moved), measured(found))


@given(several, st.data())
def test_the_order_of_coders_and_spans_is_nothing(
    found: list[SpanDocument], data: st.DataObject
) -> None:
    turned = [
        SpanDocument(
            d.length,
            {
                coder: data.draw(st.permutations(d.marked[coder]))
                for coder in data.draw(st.permutations(sorted(d.marked)))
            },
        )
        for d in found
    ]
    same(measured(turned), measured(found))


@given(several, st.permutations(VALUES))
def test_what_a_value_is_called_is_nothing(found: list[SpanDocument], names: list[str]) -> None:
    new = dict(zip(VALUES, names, strict=True))
    renamed = [
        SpanDocument(
            d.length,
            {
                coder: [(start, end, new[value]) for start, end, value in marked]
                for coder, marked in d.marked.items()
            },
        )
        for d in found
    ]
    before, after = coincidences(found, VALUES), coincidences(renamed, VALUES)
    for function in (u_alpha, binary_u_alpha, cu_alpha):
        same(function(after), function(before))
    for value in VALUES:
        for mine, theirs in zip(ku_alpha(after, new[value]), ku_alpha(before, value), strict=True):
            same(mine, theirs)


@given(several, st.data())
def test_documents_stand_in_any_order(found: list[SpanDocument], data: st.DataObject) -> None:
    same(measured(data.draw(st.permutations(found))), measured(found))


@given(several)
def test_a_text_cut_where_nobody_marked_is_the_same_text(found: list[SpanDocument]) -> None:
    """Gaps count by their plain length, so where they are cut is nothing."""
    pieces = []
    for d in found:
        marked = [span for theirs in d.marked.values() for span in theirs]
        cuts = [at for at in range(1, d.length) if not any(s < at < e for s, e, _ in marked)]
        for start, end in zip([0, *cuts], [*cuts, d.length], strict=True):
            inside = {
                coder: [(s - start, e - start, v) for s, e, v in theirs if start <= s and e <= end]
                for coder, theirs in d.marked.items()
            }
            pieces.append(SpanDocument(end - start, inside))
    same(measured(pieces), measured(found))


@given(several)
def test_a_text_that_one_coder_saw_says_nothing(found: list[SpanDocument]) -> None:
    alone = SpanDocument(40, {"a": [(0, 9, "x"), (12, 20, "y")]})
    same(measured([*found, alone]), measured(found))


@given(spans(least=1), st.integers(0, 5))
def test_two_equal_coders_agree_wholly_unless_that_is_undefined(marked: Marked, more: int) -> None:
    length = 24 + more
    c = coincidences([SpanDocument(length, {"a": marked, "b": marked})], VALUES)
    gap = length > sum(end - start for start, end, _ in marked)
    used = {value for *_, value in marked}
    for value, defined in (
        (u_alpha(c)[0], gap or len(used) > 1),
        (binary_u_alpha(c)[0], gap),
        (cu_alpha(c)[0], len(used) > 1),
        *((ku_alpha(c, v)[0][0], v in used and len(used) > 1) for v in VALUES),
    ):
        assert np.isnan(value) == (not defined)
        assert np.isnan(value) or value == pytest.approx(1.0)
    for v in used:
        assert ku_alpha(c, v)[1][0] == pytest.approx(1.0)


@given(several, st.data())
def test_a_weighted_document_is_the_document_written_out(
    found: list[SpanDocument], data: st.DataObject
) -> None:
    usable = [d for d in found if len(d.marked) >= 2]
    one = st.lists(st.integers(0, 3), min_size=len(usable), max_size=len(usable))
    times = np.array(data.draw(st.lists(one, min_size=1, max_size=3)), dtype=float)
    values = family(coincidences(found, VALUES), times)
    for row, often in zip(values, times.astype(int), strict=True):
        again = [d for d, n in zip(usable, often, strict=True) for _ in range(n)]
        same(row, measured(again)[0])
    same(family(coincidences(found, VALUES), np.ones((1, len(usable)))), measured(found))


def test_two_of_four_coders_who_disagree_wholly_do_not_agree_beyond_chance() -> None:
    """The two others saw nothing there. Found by the property below: cu-alpha was 2 here."""
    marked = {"a": (), "b": (), "c": ((0, 1, "x"),), "d": ((0, 1, "y"),)}
    assert cu_alpha(coincidences([SpanDocument(30, marked)], VALUES))[0] == pytest.approx(0.0)
    # as it is of the two alone
    two = {coder: marked[coder] for coder in "cd"}
    assert cu_alpha(coincidences([SpanDocument(30, two)], VALUES))[0] == pytest.approx(0.0)


@given(several)
def test_nothing_is_above_1_and_coverage_is_a_share(found: list[SpanDocument]) -> None:
    c = coincidences(found, VALUES)
    for function in (u_alpha, binary_u_alpha, cu_alpha):
        assert not function(c)[0] > 1 + 1e-9
    for value in VALUES:
        alpha, coverage = ku_alpha(c, value)
        assert not alpha[0] > 1 + 1e-9
        assert -1e-9 <= coverage[0] <= 1 + 1e-9


# the best alignment, against all of them

small = st.lists(spans(most=2), min_size=2, max_size=3)
Place = tuple[int, Span]


def apart(a: Span | None, b: Span | None, alpha: float, beta: float, empty: float) -> float:
    """Mathet et al. (2015), eqs. 3-5, written apart from the product."""
    if a is None or b is None:
        return empty
    moved = abs(a[0] - b[0]) + abs(a[1] - b[1])
    position = moved / (a[1] - a[0] + b[1] - b[0])
    return empty * (alpha * position**2 + beta * (a[2] != b[2]))


def groupings(parts: Sequence[Place]) -> Iterator[list[dict[int, Span]]]:
    """Every way to put each part in one group with at most one part of each coder."""
    if not parts:
        yield []
        return
    (coder, span), *others = parts
    for grouping in groupings(others):
        yield [{coder: span}, *grouping]
        for n, group in enumerate(grouping):
            if coder not in group:
                yield [*grouping[:n], {**group, coder: span}, *grouping[n + 1 :]]


@given(
    small,
    st.sampled_from([0.5, 1.0, 3.0]),
    st.sampled_from([0.5, 2.0]),
    st.just(1.0) | st.just(0.5),
)
def test_the_best_alignment_is_the_best_of_all(
    marked: list[Marked], alpha: float, beta: float, empty: float
) -> None:
    parts = [(coder, span) for coder, theirs in enumerate(marked) for span in theirs]
    found = best_alignment_disorder(marked, alpha, beta, empty)
    if not parts:
        assert np.isnan(found)
        return
    pairs = list(combinations(range(len(marked)), 2))

    def disorder(group: dict[int, Span]) -> float:
        each = (apart(group.get(a), group.get(b), alpha, beta, empty) for a, b in pairs)
        return sum(each) / len(pairs)

    least = min(sum(map(disorder, grouping)) for grouping in groupings(parts))
    assert found == pytest.approx(least / (len(parts) / len(marked)), abs=1e-9)


@given(small, st.data())
def test_an_alignment_knows_no_order_of_coders_nor_place_in_the_text(
    marked: list[Marked], data: st.DataObject
) -> None:
    turned = [
        [(start + 7, end + 7, value) for start, end, value in theirs]
        for theirs in data.draw(st.permutations(marked))
    ]
    same(np.array(best_alignment_disorder(turned)), np.array(best_alignment_disorder(marked)))


@given(spans(least=1, most=3), st.integers(2, 3))
def test_equal_coders_align_without_disorder(marked: Marked, coders: int) -> None:
    assert best_alignment_disorder([marked] * coders) == pytest.approx(0.0, abs=1e-9)
