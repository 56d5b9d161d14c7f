"""What holds of agreement whatever was coded: who stands first, what a code is called, how often a
respondent is drawn."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from themecoder.agreement import measure
from themecoder.agreement.measures import benchmark
from themecoder.agreement.measures import coefficients as c
from themecoder.agreement.measures.bootstrap import UNDEFINED_SHARE, draws, intervals
from themecoder.agreement.measures.ratings import MISSING
from themecoder.agreement.measures.set_distances import METRICS, distance, set_alpha, set_terms
from themecoder.agreement.measures.statistics import Terms, terms, totals
from themecoder.agreement.measures.weights import WEIGHTS, agreement_weights

Q = 4
COEFFICIENTS: dict[str, Callable[[Terms], np.ndarray]] = {
    **c.MANY_CODERS,
    "percent_agreement_rating_weighted": c.observed_by_rating,
    "light_kappa": lambda t: c.light_kappa(c.cohen_kappa(t)),
    "mean_scott_pi": lambda t: c.light_kappa(c.scott_pi(t)),
}
"""One value each, the same in whatever order coders, units and codes stand."""
DETAILS: dict[str, Callable[[Terms], np.ndarray]] = {
    "cohen_kappa": c.cohen_kappa,
    "scott_pi": c.scott_pi,
    "positive_agreement": c.positive_agreement,
    "kappa_max": c.kappa_max,
    "prevalence_index": c.prevalence_index,
    "bias_index": c.bias_index,
}
"""A value per pair of coders or per category."""


@st.composite
def ratings(draw: st.DrawFn, least: int = 1) -> np.ndarray:
    """(coders, units) of places below Q, -1 where not coded."""
    coders, units = draw(st.integers(2, 5)), draw(st.integers(least, 10))
    highest = draw(st.integers(0, Q - 1))
    cell = st.integers(MISSING, highest)
    return np.array(draw(st.lists(cell, min_size=coders * units, max_size=coders * units))).reshape(
        coders, units
    )


def same(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, atol=1e-9, rtol=1e-9)


def values(cells: np.ndarray) -> dict[str, np.ndarray]:
    t = totals(terms(cells, Q))
    return {name: function(t) for name, function in COEFFICIENTS.items()}


def unchanged(before: np.ndarray, after: np.ndarray) -> None:
    found, expected = values(after), values(before)
    for name in COEFFICIENTS:
        np.testing.assert_allclose(found[name], expected[name], atol=1e-9, err_msg=name)


@given(ratings(), st.data())
def test_the_order_of_coders_is_nothing(cells: np.ndarray, data: st.DataObject) -> None:
    unchanged(cells, cells[data.draw(st.permutations(range(len(cells))))])


@given(ratings(), st.data())
def test_the_order_of_units_is_nothing(cells: np.ndarray, data: st.DataObject) -> None:
    unchanged(cells, cells[:, data.draw(st.permutations(range(cells.shape[1])))])


@given(ratings(), st.permutations(range(Q)))
def test_what_a_code_is_called_is_nothing(cells: np.ndarray, names: list[int]) -> None:
    renamed = np.where(cells == MISSING, MISSING, np.array(names)[cells])
    unchanged(cells, renamed)
    each = c.positive_agreement(totals(terms(cells, Q)))[0]
    same(c.positive_agreement(totals(terms(renamed, Q)))[0][names], each)


@given(ratings())
def test_nothing_is_above_1_and_shares_are_shares(cells: np.ndarray) -> None:
    for name, value in values(cells).items():
        assert not value[0] > 1 + 1e-9, name
        if name.startswith("percent"):
            assert not value[0] < -1e-9


@given(ratings(), st.integers(0, Q - 1))
def test_a_unit_that_all_code_the_same_never_lowers_percent_agreement(
    cells: np.ndarray, code: int
) -> None:
    more = np.concatenate([cells, np.full((len(cells), 1), code)], axis=1)
    before, after = values(cells), values(more)
    for name in ("percent_agreement", "percent_agreement_rating_weighted"):
        assert not after[name][0] < before[name][0] - 1e-12
        assert after[name][0] >= 0  # one unit was rated twice: it is defined


@given(ratings())
def test_two_equal_coders_agree_wholly_unless_that_is_undefined(cells: np.ndarray) -> None:
    row = cells[0]
    found = values(np.stack([row, row]))
    used = set(row[row != MISSING])
    for name, value in found.items():
        certain = name not in ("percent_agreement", "percent_agreement_rating_weighted")
        # AC1 and Brennan-Prediger have a chance below 1 whatever is used: the codebook has Q codes
        needed = 2 if certain and name not in ("gwet_ac1", "brennan_prediger") else 1
        assert np.isnan(value[0]) == (len(used) < needed), name
        assert np.isnan(value[0]) or value[0] == pytest.approx(1.0), name


@given(ratings(), st.lists(st.tuples(st.integers(0, 4), st.integers(0, Q - 1)), max_size=4))
def test_alpha_ignores_units_with_one_rating(
    cells: np.ndarray, alone: list[tuple[int, int]]
) -> None:
    more = np.full((len(cells), len(alone)), MISSING)
    for unit, (coder, code) in enumerate(alone):
        more[coder % len(cells), unit] = code
    before, after = (
        totals(terms(cells, Q)),
        totals(terms(np.concatenate([cells, more], axis=1), Q)),
    )
    for function in (c.krippendorff_alpha, c.observed, c.observed_by_rating, c.cohen_kappa):
        same(function(after), function(before))


@given(ratings())
def test_a_coder_and_a_unit_without_ratings_say_nothing(cells: np.ndarray) -> None:
    wider = np.pad(cells, ((0, 1), (0, 1)), constant_values=MISSING)
    unchanged(cells, wider)


# resampling


@st.composite
def drawn_ratings(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Ratings, and resamples of them: how often each unit is in, (resamples, units)."""
    cells = draw(ratings())
    return cells, draw(often(cells.shape[1]))


def often(units: int) -> st.SearchStrategy[np.ndarray]:
    one = st.lists(st.integers(0, 3), min_size=units, max_size=units)
    return st.lists(one, min_size=1, max_size=3).map(lambda rows: np.array(rows, dtype=float))


@given(ratings())
def test_each_unit_once_is_no_resample(cells: np.ndarray) -> None:
    units = terms(cells, Q)
    plain, once = totals(units), totals(units, np.ones((1, cells.shape[1])))
    for function in (COEFFICIENTS | DETAILS).values():
        np.testing.assert_array_equal(function(plain), function(once))


@given(drawn_ratings(), st.sampled_from(WEIGHTS))
def test_a_weighted_unit_is_the_unit_written_out(
    case: tuple[np.ndarray, np.ndarray], kind: str
) -> None:
    cells, times = case
    near = agreement_weights(kind, range(1, Q + 1))
    weighted: dict[str, Callable[[Terms], np.ndarray]] = {
        f"{function.__name__} {kind}": lambda t, f=function: f(t, near)
        for function in (c.fleiss_kappa, c.gwet_ac1, c.brennan_prediger, c.conger_kappa)
    }
    plain, partial = totals(terms(cells, Q), times), totals(terms(cells, Q, near), times)
    for n, one in enumerate(times):
        again = np.repeat(cells, one.astype(int), axis=1)
        t, weighted_t = totals(terms(again, Q)), totals(terms(again, Q, near))
        for function in (COEFFICIENTS | DETAILS).values():
            same(function(plain)[n], function(t)[0])
        for function in weighted.values():
            same(function(partial)[n], function(weighted_t)[0])


@given(st.lists(ratings(), min_size=1, max_size=3), st.data())
def test_codes_side_by_side_are_the_codes_one_by_one(
    each: list[np.ndarray], data: st.DataObject
) -> None:
    """A tensor of codes gives what each code gives alone, plain and resampled."""
    coders, units = (max(cells.shape[axis] for cells in each) for axis in (0, 1))
    padded = [
        np.pad(
            cells,
            ((0, coders - cells.shape[0]), (0, units - cells.shape[1])),
            constant_values=MISSING,
        )
        for cells in each
    ]
    times = data.draw(often(units))
    together = totals(terms(np.stack(padded, axis=-1), Q), times)
    for code, cells in enumerate(padded):
        alone = totals(terms(cells, Q), times)
        for function in (COEFFICIENTS | DETAILS).values():
            same(function(together)[:, code], function(alone))


@given(drawn_ratings())
def test_the_pairs_tables_are_of_no_use_to_the_others(
    case: tuple[np.ndarray, np.ndarray],
) -> None:
    cells, times = case
    units = terms(cells, Q)
    whole, less = totals(units, times), totals(c.without_pairs(units), times)
    for function in (*c.MANY_CODERS.values(), c.observed_by_rating, c.positive_agreement):
        same(function(less), function(whole))


# sets

labels = st.frozensets(st.sampled_from("abcd"), max_size=4)


@st.composite
def sets_of_codes(draw: st.DrawFn) -> list[list[frozenset[str] | None]]:
    coders, units = draw(st.integers(2, 4)), draw(st.integers(1, 8))
    row = st.lists(st.none() | labels, min_size=units, max_size=units)
    return draw(st.lists(row, min_size=coders, max_size=coders))


@given(labels, labels, labels, st.sampled_from(sorted(METRICS)))
def test_a_distance_of_sets_is_one(
    a: frozenset[str], b: frozenset[str], third: frozenset[str], name: str
) -> None:
    assert 0 <= distance(name, a, b) <= 1
    assert distance(name, a, b) == distance(name, b, a)
    assert (distance(name, a, b) == 0) == (a == b)
    if name == "jaccard":  # MASI is no metric in this sense
        through = distance(name, a, third) + distance(name, third, b)
        assert distance(name, a, b) <= through + 1e-12


@given(labels, labels)
def test_masi_is_never_below_jaccard(a: frozenset[str], b: frozenset[str]) -> None:
    assert distance("masi", a, b) >= distance("jaccard", a, b)


@given(sets_of_codes(), st.sampled_from(sorted(METRICS)), st.data())
def test_a_weighted_unit_of_sets_is_the_unit_written_out(
    rows: list[list[frozenset[str] | None]], metric: str, data: st.DataObject
) -> None:
    times = data.draw(often(len(rows[0])))
    found = set_terms(rows, metric)
    same(set_alpha(found), set_alpha(found, np.ones((1, len(rows[0])))))
    for value, one in zip(set_alpha(found, times), times, strict=True):
        units = np.repeat(np.arange(len(rows[0])), one.astype(int))
        again = [[row[unit] for unit in units] for row in rows]
        same(value, set_alpha(set_terms(again, metric))[0])


@given(sets_of_codes(), st.sampled_from(sorted(METRICS)), st.data())
def test_alpha_over_sets_knows_no_order_nor_names(
    rows: list[list[frozenset[str] | None]], metric: str, data: st.DataObject
) -> None:
    names = dict(zip("abcd", data.draw(st.permutations("wxyz")), strict=True))
    units = data.draw(st.permutations(range(len(rows[0]))))
    other = [
        [None if row[n] is None else frozenset(names[v] for v in row[n]) for n in units]
        for row in data.draw(st.permutations(rows))
    ]
    same(set_alpha(set_terms(other, metric)), set_alpha(set_terms(rows, metric)))


@given(ratings())
def test_alpha_of_single_codes_is_nominal_alpha_in_every_metric(cells: np.ndarray) -> None:
    rows = [[None if v == MISSING else frozenset([int(v)]) for v in row] for row in cells]
    nominal = c.krippendorff_alpha(totals(terms(cells, Q)))
    for metric in METRICS:
        same(set_alpha(set_terms(rows, metric)), nominal)


# drawing respondents

clusters = st.lists(st.sampled_from(["r1", "r2", "r3", "r4", "r5"]), min_size=1, max_size=12)


@given(clusters, st.integers(0, 2**32))
def test_respondents_are_drawn_whole_and_as_many_as_there_are(
    members: list[str], seed: int
) -> None:
    drawn = draws(members, 50, seed)
    names = sorted(set(members))
    first = [members.index(name) for name in names]
    for name, column in zip(names, first, strict=True):
        theirs = [n for n, member in enumerate(members) if member == name]
        assert (drawn[:, theirs] == drawn[:, [column]]).all()
    assert (drawn[:, first].sum(axis=1) == len(names)).all()
    assert (drawn >= 0).all()
    assert (drawn == np.round(drawn)).all()


@given(clusters, st.integers(0, 2**32), st.data())
def test_a_seed_gives_the_same_bytes(members: list[str], seed: int, data: st.DataObject) -> None:
    drawn = draws(members, 20, seed)
    assert drawn.tobytes() == draws(members, 20, seed).tobytes()
    if len(set(members)) > 1:
        assert drawn.tobytes() != draws(members, 20, seed + 1).tobytes()
    # whose units stand where is nothing: each respondent is drawn as often
    order = data.draw(st.permutations(range(len(members))))
    turned = draws([members[n] for n in order], 20, seed)
    assert np.array_equal(turned, drawn[:, order])


def test_respondents_are_drawn_with_equal_chances() -> None:
    drawn = draws(["a", "a", "b", "c"], 20_000, 7)
    assert drawn.mean(axis=0) == pytest.approx([1.0] * 4, abs=0.03)
    assert (drawn[:, 2] == 0).mean() == pytest.approx((2 / 3) ** 3, abs=0.02)


@given(st.lists(st.floats(-1, 1) | st.just(float("nan")), min_size=1, max_size=60))
def test_an_interval_is_of_the_defined_resamples_or_none(found: list[float]) -> None:
    got = intervals(np.array(found)[:, None])
    defined = [v for v in found if not np.isnan(v)]
    share = 1 - len(defined) / len(found)
    assert got.undefined[0] == pytest.approx(share)
    if share > UNDEFINED_SHARE + 1e-12:
        assert np.isnan(got.low[0])
        assert np.isnan(got.high[0])
    else:
        assert min(defined) <= got.low[0] <= got.high[0] <= max(defined)
        expected = np.quantile(defined, [0.025, 0.975])
        assert [got.low[0], got.high[0]] == pytest.approx(expected)


# what a coefficient is called


@given(
    st.floats(-1, 1),
    st.floats(1e-6, 10),
    st.sampled_from(sorted(benchmark.SCALES)),
)
def test_the_chances_of_levels_add_up_to_1(value: float, se: float, name: str) -> None:
    scale = benchmark.SCALES[name]
    chances = benchmark.cumulative(value, se, scale.lowest)
    assert len(chances) == len(scale.levels)
    assert all(0 <= a <= b <= 1 for a, b in pairwise(chances))
    assert chances[-1] == pytest.approx(1.0)
    assert benchmark.by_probability(value, se, name) in scale.levels


@pytest.mark.parametrize("name", sorted(benchmark.SCALES))
def test_a_value_far_outside_the_scale_is_in_its_last_level(name: str) -> None:
    """By differences of normal probabilities that is 0/0."""
    lowest = benchmark.SCALES[name].lowest
    below, above = (benchmark.cumulative(v, 1e-3, lowest) for v in (lowest[-1] - 1, 2.0))
    assert below == pytest.approx([0.0] * (len(lowest) - 1) + [1.0], abs=1e-6)
    assert above == pytest.approx([1.0] * len(lowest), abs=1e-6)


def test_of_no_units_nothing_is_defined() -> None:
    t = totals(terms(np.zeros((2, 0), dtype=int), Q), np.ones((3, 0)))
    for function in COEFFICIENTS.values():
        assert np.isnan(function(t)).all()


@given(st.floats(-1, 1), st.floats(1e-6, 1), st.sampled_from(sorted(benchmark.SCALES)))
def test_a_higher_value_is_called_no_worse(value: float, se: float, name: str) -> None:
    scale = benchmark.SCALES[name]
    lower, higher = (
        benchmark.cumulative(v, se, scale.lowest) for v in (value, min(value + 0.1, 1.0))
    )
    assert all(b >= a - 1e-9 for a, b in zip(lower, higher, strict=True))
    places = [scale.levels.index(benchmark.by_point(v, name)) for v in (value, min(value + 0.1, 1))]
    assert places[1] <= places[0]


@given(st.floats(-1, 1), st.sampled_from(sorted(benchmark.SCALES)))
def test_a_tiny_error_leaves_the_level_of_the_point(value: float, name: str) -> None:
    scale = benchmark.SCALES[name]
    assume(all(abs(value - low) > 1e-3 for low in scale.lowest))
    assert benchmark.by_probability(value, 1e-5, name) == benchmark.by_point(value, name)


@given(ratings(least=2))
def test_measure_gives_a_value_or_a_reason_and_an_interval_around_it(cells: np.ndarray) -> None:
    rows = [[None if v == MISSING else int(v) for v in row] for row in cells]
    for name in c.MANY_CODERS:
        found = measure(name, {"matrix": rows}, categories=range(Q))
        assert (found.value is None) == (found.undefined_because is not None)
        assert (found.se is None) == (found.ci is None)
        if found.ci is not None:
            assert found.se > 0
            assert found.ci[0] <= found.value <= found.ci[1] <= 1
            assert found.ci[0] >= -1 or found.value < -1
