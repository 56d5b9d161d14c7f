"""Other libraries' coefficients on random ratings: ours are theirs wherever theirs are defined.

scikit-learn, statsmodels, NLTK, krippendorff and irrCAC were written by others from the same
publications; none of them runs in the product. ``DIFFERENCES`` lists where one of them gives
something else than we do, and why; a test holds each line to what the library does.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest
from irrCAC.raw import CAC
from irrCAC.table import CAC as TableCAC
from nltk.metrics import distance as nltk_distance
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from themecoder.agreement import measure
from themecoder.agreement.measures import coefficients as c
from themecoder.agreement.measures.ratings import MISSING
from themecoder.agreement.measures.result import (
    NO_OVERLAP,
    NO_PAIR,
    NO_SPREAD,
    NO_VARIATION,
    NOT_USED,
)
from themecoder.agreement.measures.set_distances import distance, set_alpha, set_terms
from themecoder.agreement.measures.statistics import Terms, terms, totals
from themecoder.agreement.measures.weights import agreement_weights

NEAR = 1e-9
HOW_MANY = 200
MOST_CODERS, MOST_UNITS, MOST_CATEGORIES = 5, 60, 8
UNEVEN = (1, 2, 4, 5, 8, 11, 12, 20)
"""Labels with uneven steps: weights that rest on the numbers and not on places show it."""
UNROUNDED = 17
"""irrCAC rounds to ``digits`` decimals; with 17 a double comes through as it is."""
WEIGHTS = ("linear", "quadratic", "ordinal", "radical", "ratio")

Rows = list[list[Any]]


@dataclass(frozen=True)
class Case:
    """``rows``: a row per coder, None where not coded; ``labels``: what could be chosen."""

    rows: Rows
    labels: tuple[int, ...]

    @property
    def q(self) -> int:
        return len(self.labels)

    @property
    def array(self) -> np.ndarray:
        """(coders, units) of floats, NaN for None; without coders or units that have no rating."""
        cells = np.array(self.rows, dtype=float)
        cells = cells[~np.isnan(cells).all(axis=1)]
        return cells[:, ~np.isnan(cells).all(axis=0)]

    @property
    def places(self) -> np.ndarray:
        """(coders, units) of places in the labels, -1 where not coded; nothing left out."""
        place = {label: n for n, label in enumerate(self.labels)}
        return np.array([[place.get(value, MISSING) for value in row] for row in self.rows])

    @property
    def complete(self) -> bool:
        return not np.isnan(self.array).any()

    @property
    def rated(self) -> set[float]:
        """The values that occur."""
        return set(self.array[~np.isnan(self.array)])

    @property
    def pairable(self) -> set[float]:
        """The values of units with two ratings or more."""
        cells = self.array[:, (~np.isnan(self.array)).sum(axis=0) >= 2]
        return set(cells[~np.isnan(cells)])


def drawn(seed: int) -> Case:
    """Ratings of a unit's true value with errors: one value has .5 to .99 of them, up to half are
    missing, some coders use one value only or rated nothing, some units nobody rated."""
    random = np.random.default_rng(seed)
    coders, units = int(random.integers(2, 6)), int(random.integers(5, 61))
    labels = UNEVEN[: random.integers(2, MOST_CATEGORIES + 1)]
    first = random.uniform(0.5, 0.99)
    rest = random.dirichlet(np.ones(len(labels) - 1)) * (1 - first)
    prevalence = random.permutation([first, *rest])
    truth = random.choice(labels, units, p=prevalence)
    wrong = random.random((coders, units)) > random.uniform(0.3, 1.0, (coders, 1))
    cells = np.where(wrong, random.choice(labels, (coders, units), p=prevalence), truth)
    cells = cells.astype(object)
    if random.random() < 0.15:
        cells[0] = labels[int(np.argmax(prevalence))]
    if random.random() < 0.6:
        cells[random.random(cells.shape) < random.uniform(0, 0.5)] = None
    if random.random() < 0.25:
        cells[:, random.random(units) < 0.1] = None
    if coders > 2 and random.random() < 0.15:
        cells[-1] = None
    return Case([[None if v is None else int(v) for v in row] for row in cells], labels)


CASES = [drawn(seed) for seed in range(HOW_MANY)]


def test_the_cases_are_what_they_are_meant_to_be() -> None:
    """Without this, a change of the draw could leave the oracles nothing hard to agree on."""
    cells = [np.array(case.rows, dtype=float) for case in CASES]
    assert sum(case.complete for case in CASES) >= 50
    assert sum(not case.complete for case in CASES) >= 50
    assert sum(np.isnan(one).all(axis=1).any() for one in cells) >= 10  # a coder without a rating
    assert sum(np.isnan(one).all(axis=0).any() for one in cells) >= 30  # a unit without one
    assert sum(any(len(set(row) - {None}) == 1 for row in case.rows) for case in CASES) >= 20
    assert sum(len(case.pairable) < case.q for case in CASES) >= 30  # a label that nobody used
    assert {len(case.rows) for case in CASES} == {2, 3, 4, 5}
    assert {case.q for case in CASES} == set(range(2, MOST_CATEGORIES + 1))


# ours, one by one and all at once


def ours(name: str, case: Case, **options: Any) -> float:
    """NaN where there is none, which has its reason."""
    found = measure(name, {"matrix": case.rows}, categories=case.labels, **options)
    assert (found.value is None) == (found.undefined_because is not None)
    return float("nan") if found.value is None else float(found.value)


def padded(cases: Sequence[Case]) -> np.ndarray:
    """(coders, units, cases): smaller ones with coders and units that have no rating."""
    cells = np.full((MOST_CODERS, MOST_UNITS, len(cases)), MISSING)
    for n, case in enumerate(cases):
        places = case.places
        cells[: places.shape[0], : places.shape[1], n] = places
    return cells


@cache
def batches(weights: str = "identity") -> tuple[tuple[list[int], np.ndarray | None, Terms], ...]:
    """The cases of the same number of categories as the codes of one tensor, with their totals."""
    found = []
    for q in sorted({case.q for case in CASES}):
        places = [n for n, case in enumerate(CASES) if case.q == q]
        near = None if weights == "identity" else agreement_weights(weights, UNEVEN[:q])
        of_units = terms(padded([CASES[n] for n in places]), q, near)
        found.append((places, near, totals(of_units)))
    return tuple(found)


def at_once(function: Callable[..., np.ndarray], weights: str = "identity") -> np.ndarray:
    """A coefficient of all cases from the batched core, in their order."""
    values: list[Any] = [None] * len(CASES)
    for places, near, t in batches(weights):
        found = function(t) if near is None else function(t, near)
        for n, value in zip(places, found[0], strict=True):
            values[n] = value
    return np.array(values)


def equal(name: str, theirs: Callable[[Case], float], **options: Any) -> int:
    """Asserts that ours is theirs on every case that we define; gives how many those are."""
    compared = 0
    for case in CASES:
        mine = ours(name, case, **options)
        if np.isnan(mine):
            continue
        assert mine == pytest.approx(theirs(case), abs=NEAR), case
        compared += 1
    return compared


def test_the_core_gives_all_cases_at_once_what_measure_gives_one_by_one() -> None:
    for name, function in c.MANY_CODERS.items():
        single = [ours(name, case) for case in CASES]
        np.testing.assert_allclose(at_once(function), single, atol=NEAR, rtol=0, err_msg=name)
    for name in ("fleiss_kappa", "gwet_ac1", "conger_kappa", "brennan_prediger"):
        for kind in WEIGHTS:
            single = [ours(name, case, weights=kind) for case in CASES[::5]]
            found = at_once(getattr(c, name), kind)[::5]
            np.testing.assert_allclose(found, single, atol=NEAR, rtol=0, err_msg=f"{name} {kind}")


def test_two_hundred_matrices_of_any_number_of_categories_fit_one_tensor() -> None:
    """What does not rest on q is the same when all are given the largest one."""
    t = totals(terms(padded(CASES), MOST_CATEGORIES))
    for name in ("percent_agreement", "fleiss_kappa", "conger_kappa", "krippendorff_alpha"):
        single = [ours(name, case) for case in CASES]
        np.testing.assert_allclose(c.MANY_CODERS[name](t)[0], single, atol=NEAR, rtol=0)


def test_what_we_leave_undefined_has_one_value() -> None:
    """Chance-corrected agreement is undefined on these matrices where all that can be compared is
    one and the same value, and nowhere else."""
    for case in CASES:
        alpha = ours("krippendorff_alpha", case)
        assert np.isnan(alpha) == (len(case.pairable) < 2)
        assert np.isnan(ours("fleiss_kappa", case)) == (len(case.rated) < 2)
        assert not np.isnan(ours("gwet_ac1", case))
        assert not np.isnan(ours("brennan_prediger", case))


# irrCAC: values, errors and intervals

IRRCAC = {
    "brennan_prediger": "bp",
    "conger_kappa": "conger",
    "fleiss_kappa": "fleiss",
    "gwet_ac1": "gwet",
    "krippendorff_alpha": "krippendorff",
}


def raw_cac(case: Case, **options: Any) -> CAC:
    """irrCAC of the cases' coders with a rating; the labels are given, see ``DIFFERENCES``."""
    frame = pd.DataFrame(case.array.T)
    return CAC(frame, categories=list(case.labels), digits=UNROUNDED, **options)


def table_of(case: Case) -> pd.DataFrame:
    """The contingency table of the first two coders, of what both rated."""
    first, second = case.places[:2]
    both = (first != MISSING) & (second != MISSING)
    counts = np.zeros((case.q, case.q))
    np.add.at(counts, (first[both], second[both]), 1)
    return pd.DataFrame(counts)


def assert_estimate(found: Any, theirs: dict[str, Any], case: Case) -> None:
    """Value, error and interval. An error of zero, which is none, irrCAC sets to 1e-15, or has it
    as the root of a difference of squares, which is zero to 1e-8."""
    assert found.value == pytest.approx(theirs["coefficient_value"], abs=NEAR), case
    if found.se is None:
        assert found.notes["no_interval"] == NO_SPREAD
        assert not theirs["se"] > 1e-7, case
        return
    assert found.se == pytest.approx(theirs["se"], abs=NEAR), case
    low, high = (np.ravel(bound)[0] for bound in theirs["confidence_interval"])
    assert found.ci == pytest.approx((max(low, -1.0), min(high, 1.0)), abs=NEAR), case


@pytest.mark.parametrize(
    ("name", "first", "step"),
    [
        *((name, 0, 1) for name in IRRCAC if name != "conger_kappa"),
        # irrCAC goes through a table of each pair of categories: tens of milliseconds a case
        ("conger_kappa", 0, 3),
        pytest.param("conger_kappa", 1, 3, marks=pytest.mark.slow),
        pytest.param("conger_kappa", 2, 3, marks=pytest.mark.slow),
    ],
)
def test_irrcac_has_the_same_values_and_errors(name: str, first: int, step: int) -> None:
    theirs_at_once: dict[int, float] = {}
    for n in range(first, len(CASES), step):
        case = CASES[n]
        found = measure(name, {"matrix": case.rows}, categories=case.labels)
        if found.value is None:
            continue
        estimate = getattr(raw_cac(case), IRRCAC[name])()["est"]
        theirs_at_once[n] = estimate["coefficient_value"]
        if case.complete and len(case.array) == 2:
            # two coders who rated all: our error is that of irrCAC.table, compared below
            assert found.value == pytest.approx(estimate["coefficient_value"], abs=NEAR)
        else:
            assert_estimate(found, estimate, case)
    assert len(theirs_at_once) >= 0.9 * HOW_MANY / step
    batched = at_once(c.MANY_CODERS[name])
    for n, value in theirs_at_once.items():
        assert batched[n] == pytest.approx(value, abs=NEAR)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("name", ["brennan_prediger", "fleiss_kappa", "gwet_ac1"])
def test_irrcac_has_the_same_weighted_values_and_errors(name: str, weights: str) -> None:
    for case in CASES[::4]:
        found = measure(name, {"matrix": case.rows}, categories=case.labels, weights=weights)
        if found.value is None or (case.complete and len(case.array) == 2):
            continue
        assert_estimate(found, getattr(raw_cac(case, weights=weights), IRRCAC[name])()["est"], case)


@pytest.mark.parametrize("weights", ["quadratic", "ordinal"])
def test_irrcac_has_the_same_weighted_conger_kappa(weights: str) -> None:
    few = [case for case in CASES if 3 <= case.q <= 5][:20]
    for case in few:
        found = measure(
            "conger_kappa", {"matrix": case.rows}, categories=case.labels, weights=weights
        )
        if found.value is not None and not (case.complete and len(case.array) == 2):
            assert_estimate(found, raw_cac(case, weights=weights).conger()["est"], case)


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("percent_agreement", "pa2"),
        ("cohen_kappa", "cohen"),
        ("scott_pi", "scott"),
        ("brennan_prediger", "bp"),
        ("gwet_ac1", "gwet"),
        ("krippendorff_alpha", "krippendorff"),
    ],
)
def test_irrcac_has_the_same_table_of_two_coders(name: str, method: str) -> None:
    compared = 0
    for case in CASES:
        table = table_of(case)
        if not table.to_numpy().sum():
            continue
        found = measure(name, {"table": table.to_numpy().tolist()})
        if found.value is None:
            continue
        with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an error of 0: its z
            theirs = getattr(TableCAC(table, digits=UNROUNDED), method)()["est"]
        assert_estimate(found, theirs, case)
        compared += 1
    assert compared >= 170


# scikit-learn and statsmodels: two coders, and Fleiss' kappa of complete ratings


def pairs_rated(case: Case) -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
    """Each pair of coders with the places that both of them rated."""
    for a, b in combinations(range(len(case.rows)), 2):
        first, second = case.places[a], case.places[b]
        both = (first != MISSING) & (second != MISSING)
        if both.any():
            yield a, b, first[both], second[both]


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_scikit_learn_has_the_same_kappa_of_every_pair(weights: str | None) -> None:
    """Its weights rest on places, so ours get the places as labels."""
    compared = 0
    pair_number = {pair: n for n, pair in enumerate(combinations(range(MOST_CODERS), 2))}
    for places, _, t in batches():
        q = CASES[places[0]].q
        near = None if weights is None else agreement_weights(weights, range(q))
        every = c.cohen_kappa(t, near)[0]  # (cases, pairs)
        lights = c.light_kappa(every)
        for column, n in enumerate(places):
            theirs = []
            for a, b, first, second in pairs_rated(CASES[n]):
                batched = every[column, pair_number[a, b]]
                options = {} if weights is None else {"weights": weights}
                rows = [[int(v) for v in first], [int(v) for v in second]]
                single = measure("cohen_kappa", {"matrix": rows}, categories=range(q), **options)
                if single.value is None:
                    assert single.undefined_because in (NO_VARIATION, NOT_USED)
                    assert np.isnan(batched)
                    continue
                value = cohen_kappa_score(first, second, labels=range(q), weights=weights)
                assert single.value == pytest.approx(value, abs=NEAR)
                assert batched == pytest.approx(value, abs=NEAR)
                theirs.append(value)
                compared += 1
            if theirs:
                assert lights[column] == pytest.approx(np.mean(theirs), abs=NEAR)
                if weights is None:
                    assert ours("light_kappa", CASES[n]) == pytest.approx(np.mean(theirs), abs=NEAR)
            else:
                assert measure("light_kappa", {"matrix": CASES[n].rows}).undefined_because in (
                    NO_PAIR,
                    NO_OVERLAP,
                )
    assert compared >= (700 if weights is None else 200)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_statsmodels_has_the_same_kappa_of_two_coders_and_its_error(weights: str | None) -> None:
    compared = 0
    for case in CASES:
        table = table_of(case).to_numpy()
        scores = np.array(case.labels)
        options = {} if weights is None else {"weights": weights}
        # labels that are numbers count in our weights; a table has places only
        first, second = (
            np.repeat(scores, table.sum(axis=1).astype(int)),
            np.concatenate([np.repeat(scores, row.astype(int)) for row in table]),
        )
        found = measure(
            "cohen_kappa",
            {"matrix": [first.tolist(), second.tolist()]},
            categories=case.labels,
            **options,
        )
        if found.value is None:
            continue
        theirs = cohens_kappa(table, weights=None if weights is None else scores, wt=weights)
        assert found.value == pytest.approx(theirs.kappa, abs=NEAR)
        if found.se is not None:
            assert found.se == pytest.approx(theirs.std_kappa, abs=NEAR)
        if weights is None:
            highest = c.kappa_max(totals(terms(case.places[:2], case.q)))[0, 0]
            assert highest == pytest.approx(theirs.kappa_max, abs=NEAR)
        compared += 1
    assert compared >= 170


@pytest.mark.parametrize(
    ("name", "method"), [("fleiss_kappa", "fleiss"), ("brennan_prediger", "randolph")]
)
def test_statsmodels_has_the_same_kappa_of_complete_ratings(name: str, method: str) -> None:
    compared, batched = 0, at_once(c.MANY_CODERS[name])
    for n, case in enumerate(CASES):
        mine = ours(name, case)
        if not case.complete or np.isnan(mine):
            continue
        rated = np.searchsorted(case.labels, case.array).T
        table, _ = aggregate_raters(rated, n_cat=case.q)
        theirs = statsmodels_fleiss(table, method=method)
        assert mine == pytest.approx(theirs, abs=NEAR)
        assert batched[n] == pytest.approx(theirs, abs=NEAR)
        compared += 1
    assert compared >= 50


# NLTK and krippendorff


def task(rows: Rows, **options: Any) -> AnnotationTask:
    triples = [
        (f"c{coder}", f"u{unit}", value)
        for coder, row in enumerate(rows)
        for unit, value in enumerate(row)
        if value is not None
    ]
    return AnnotationTask(data=triples, **options)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("percent_agreement", AnnotationTask.avg_Ao),
        ("fleiss_kappa", AnnotationTask.pi),
        ("conger_kappa", AnnotationTask.multi_kappa),
        ("light_kappa", AnnotationTask.kappa),
        ("brennan_prediger", AnnotationTask.S),
    ],
)
def test_nltk_has_the_same_of_complete_ratings(
    name: str, theirs: Callable[[AnnotationTask], float]
) -> None:
    compared = 0
    for case in CASES:
        if not case.complete or case.array.size > 150:  # it searches its list for each pair
            continue
        found = measure(name, {"matrix": case.rows})  # S: q is what occurs
        if found.value is None or found.notes.get("pairs_defined") != found.notes.get("pairs"):
            continue
        assert found.value == pytest.approx(theirs(task(case.rows)), abs=NEAR)
        compared += 1
    assert compared >= 40


def test_nltk_has_the_same_alpha_with_missing_ratings() -> None:
    batched = at_once(c.krippendorff_alpha)
    for n, case in enumerate(CASES):
        if not np.isnan(batched[n]):
            assert batched[n] == pytest.approx(task(case.rows).alpha(), abs=NEAR)
    assert equal("krippendorff_alpha", lambda case: task(case.rows).alpha()) >= 180


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorff_has_the_same_alpha_of_every_level(level: str) -> None:
    def theirs(case: Case) -> float:
        return float(
            krippendorff.alpha(
                case.array, value_domain=np.array(case.labels), level_of_measurement=level
            )
        )

    assert equal("krippendorff_alpha", theirs, level=level) >= 180


# sets of codes


def passonneau(a: frozenset[str], b: frozenset[str]) -> float:
    """MASI as in Passonneau (2006), sec. 3, written apart from the product."""
    if a == b:
        return 0.0
    if not a & b:
        return 1.0
    return 1 - len(a & b) / len(a | b) * (2 if a < b or b < a else 1) / 3


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a ^ b) / max(len(a | b), 1)


SET_METRICS = {"masi": passonneau, "jaccard": jaccard, "nominal_on_sets": lambda a, b: a != b}


def drawn_sets(seed: int) -> Rows:
    random = np.random.default_rng(1000 + seed)
    coders, units = int(random.integers(2, 6)), int(random.integers(5, 41))
    codes, used = list("abcdef")[: random.integers(2, 7)], random.uniform(0.05, 0.5)
    truth = random.random((units, len(codes))) < used
    gone = random.uniform(0, 0.5)

    def cell(unit: int) -> frozenset[str] | None:
        if random.random() < gone:
            return None
        turned = truth[unit] ^ (random.random(len(codes)) < 0.15)
        return frozenset(code for code, has in zip(codes, turned, strict=True) if has)

    return [[cell(unit) for unit in range(units)] for _ in range(coders)]


@pytest.mark.parametrize("metric", SET_METRICS)
def test_nltk_has_the_same_alpha_over_sets(metric: str) -> None:
    compared = 0
    for seed in range(HOW_MANY):
        rows = drawn_sets(seed)
        matrix = [[None if v is None else sorted(v) for v in row] for row in rows]
        found = measure("krippendorff_alpha", {"matrix": matrix}, level=metric)
        if found.value is None:
            continue
        theirs = task(rows, distance=SET_METRICS[metric]).alpha()
        assert found.value == pytest.approx(theirs, abs=NEAR)
        compared += 1
    assert compared >= 190


@pytest.mark.parametrize("metric", ["masi", "jaccard"])
def test_nltk_has_the_same_alpha_of_resampled_sets(metric: str) -> None:
    """A resample by weights is NLTK's alpha of the units written out as often as drawn."""
    for seed in range(20):
        rows = drawn_sets(seed)
        units = len(rows[0])
        chosen = np.random.default_rng(seed).integers(0, units, (3, units))
        weights = np.stack([np.bincount(one, minlength=units) for one in chosen]).astype(float)
        found = set_alpha(set_terms(rows, metric), weights)
        for value, units_drawn in zip(found, chosen, strict=True):
            again = [[row[unit] for unit in units_drawn] for row in rows]
            theirs = task(again, distance=SET_METRICS[metric]).alpha()
            assert value == pytest.approx(theirs, abs=NEAR)


def test_nltk_has_the_same_distances_once_its_factors_are_thirds() -> None:
    """NLTK up to 3.9 rounds the factors to .67 and .33; what it rounds to is read from itself."""
    inside = 2 * (1 - nltk_distance.masi_distance({1}, {1, 2}))
    crossing = 3 * (1 - nltk_distance.masi_distance({1, 2}, {2, 3}))
    assert inside == pytest.approx(2 / 3, abs=0.004)
    assert crossing == pytest.approx(1 / 3, abs=0.004)
    thirds = {inside: 2 / 3, crossing: 1 / 3, 1.0: 1.0, 0.0: 0.0}
    sets = {v for seed in range(10) for row in drawn_sets(seed) for v in row if v is not None}
    for a in sets:
        for b in sets:
            if not a | b:
                continue
            similar = 1 - jaccard(a, b)
            assert distance("jaccard", a, b) == pytest.approx(nltk_distance.jaccard_distance(a, b))
            theirs = 1 - nltk_distance.masi_distance(a, b)
            factor = min(thirds, key=lambda f, of=theirs, s=similar: abs(f - of / s) if s else f)
            assert distance("masi", a, b) == pytest.approx(1 - similar * thirds[factor], abs=NEAR)


# where they differ


@dataclass(frozen=True)
class Difference:
    """``does``: what the library does, a number or the error it raises; ``we``: what we say."""

    package: str
    case: str
    run: Callable[[], Any]
    does: Any
    mine: Callable[[], Any]
    we: Any


ALL_ONE = [[1, 1, 1, 1], [1, 1, 1, 1]]
GAPS = [[1, 2, 2, None, 1, 1], [1, 2, 1, 1, None, 1], [1, None, 2, 1, 1, 2]]
APART = [[1, 2, 10, 10, 1, 2], [1, 10, 10, 2, 1, 2]]
NO_TWO = [[1, None, 2, None], [None, 1, None, 2]]


def frame(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(np.array(rows, dtype=float).T)


def mine(name: str, rows: Rows, **options: Any) -> Callable[[], Any]:
    """The value, or why there is none."""

    def run() -> Any:
        found = measure(name, {"matrix": rows}, **options)
        return found.undefined_because or found.value

    return run


def irrcac(method: str, rows: Rows, key: str = "coefficient_value", **options: Any) -> Any:
    return lambda: getattr(CAC(frame(rows), digits=UNROUNDED, **options), method)()["est"][key]


def counted(rows: Rows, **options: Any) -> np.ndarray:
    return aggregate_raters(np.array(rows, dtype=float).T, **options)[0]


NAN = float("nan")
SAME_8 = [[1] * 8, [1] * 8]
SAME_6 = [[1] * 6, [1] * 6]
TWO_OF_FOUR = [[1, 1, 2, 2, 1, 1], [1, 1, 2, 1, 1, 1]]
SILENT = [[1, 2, 1, 1, 2], [1, 2, 2, 1, 1], [None] * 5]
EVERY_OTHER = [[1, 2, 1, 2, 1], [2, 1, 2, 1, 1]]

DIFFERENCES = [
    # one value throughout: agreement by chance is certain, 0/0
    Difference(
        "scikit-learn",
        "kappa of one value: NaN, with a warning",
        lambda: cohen_kappa_score(*ALL_ONE),
        NAN,
        mine("cohen_kappa", ALL_ONE),
        NO_VARIATION,
    ),
    Difference(
        "statsmodels",
        "kappas of one value: NaN, with a warning",
        lambda: statsmodels_fleiss(np.array([[2, 0]] * 4)),
        NAN,
        mine("fleiss_kappa", ALL_ONE),
        NO_VARIATION,
    ),
    Difference(
        "nltk",
        "alpha of one value is 1",
        lambda: task(ALL_ONE).alpha(),
        1.0,
        mine("krippendorff_alpha", ALL_ONE),
        NO_VARIATION,
    ),
    Difference(
        "nltk",
        "kappa of one value is 1 (so are pi and multi-kappa)",
        lambda: task(ALL_ONE).kappa(),
        1.0,
        mine("cohen_kappa", ALL_ONE),
        NO_VARIATION,
    ),
    Difference(
        "krippendorff",
        "alpha of one value: an error",
        lambda: krippendorff.alpha(np.array(ALL_ONE), level_of_measurement="nominal"),
        ValueError,
        mine("krippendorff_alpha", ALL_ONE),
        NO_VARIATION,
    ),
    Difference(
        "krippendorff",
        "alpha of one value with a domain of two: NaN",
        lambda: krippendorff.alpha(
            np.array(ALL_ONE), value_domain=[1, 2], level_of_measurement="nominal"
        ),
        NAN,
        mine("krippendorff_alpha", ALL_ONE, categories=[1, 2]),
        NO_VARIATION,
    ),
    Difference(
        "irrCAC",
        "Fleiss' kappa of one value: division by zero on 8 units",
        irrcac("fleiss", SAME_8),
        ZeroDivisionError,
        mine("fleiss_kappa", SAME_8),
        NO_VARIATION,
    ),
    Difference(
        "irrCAC",
        "Fleiss' kappa of one value: 1 on 6 units, by rounding",
        irrcac("fleiss", SAME_6),
        1.0,
        mine("fleiss_kappa", SAME_6),
        NO_VARIATION,
    ),
    Difference(
        "irrCAC",
        "Conger's kappa of one value: NaN",
        irrcac("conger", SAME_6),
        NAN,
        mine("conger_kappa", SAME_6),
        NO_VARIATION,
    ),
    Difference(
        "irrCAC",
        "Brennan-Prediger of one category: 1, its chance set to 1e-15 where 1/q is 1",
        irrcac("bp", SAME_6),
        1.0,
        mine("brennan_prediger", SAME_6),
        NO_VARIATION,
    ),
    # missing ratings
    Difference(
        "irrCAC",
        "categories not given, ratings missing: NaN is one more category (with pandas 3)",
        irrcac("gwet", GAPS),
        irrcac("gwet", GAPS, categories=[1, 2, 3])(),
        mine("gwet_ac1", GAPS),
        pytest.approx(irrcac("gwet", GAPS, categories=[1, 2])()),
    ),
    Difference(
        "irrCAC",
        "the same of Brennan-Prediger",
        irrcac("bp", GAPS),
        irrcac("bp", GAPS, categories=[1, 2, 3])(),
        mine("brennan_prediger", GAPS),
        pytest.approx(irrcac("bp", GAPS, categories=[1, 2])()),
    ),
    Difference(
        "irrCAC",
        "Conger's kappa with a coder who rated nothing: NaN",
        irrcac("conger", SILENT, categories=[1, 2]),
        NAN,
        mine("conger_kappa", SILENT),
        pytest.approx(cohen_kappa_score(*SILENT[:2])),
    ),
    Difference(
        "statsmodels",
        "Fleiss' kappa of unequal numbers of ratings: an error",
        lambda: statsmodels_fleiss(np.array([[2, 1], [1, 1]])),
        AssertionError,
        lambda: measure("fleiss_kappa", {"counts": [[2, 1], [1, 1]]}).value,
        pytest.approx((1 / 6 - (49 + 25) / 144) / (1 - (49 + 25) / 144)),
    ),
    Difference(
        "statsmodels",
        "counts of raters: missing is one more category",
        lambda: statsmodels_fleiss(counted(GAPS), method="randolph"),
        pytest.approx((4 / 9 - 1 / 3) / (2 / 3)),
        mine("brennan_prediger", GAPS),
        pytest.approx(irrcac("bp", GAPS, categories=[1, 2])()),
    ),
    Difference(
        "nltk",
        "kappa, pi and S with missing ratings: an error",
        lambda: task(GAPS).pi(),
        RuntimeError,
        mine("fleiss_kappa", GAPS),
        pytest.approx(irrcac("fleiss", GAPS, categories=[1, 2])()),
    ),
    Difference(
        "scikit-learn",
        "missing ratings: an error",
        lambda: cohen_kappa_score([1.0, NAN], [1.0, 2.0]),
        ValueError,
        mine("cohen_kappa", [[1, 2, NAN], [1, 2, 2]]),
        1.0,
    ),
    Difference(
        "nltk",
        "no unit that two rated: division by zero",
        lambda: task(NO_TWO).alpha(),
        ZeroDivisionError,
        mine("krippendorff_alpha", NO_TWO),
        NO_OVERLAP,
    ),
    Difference(
        "krippendorff",
        "no unit that two rated: an error",
        lambda: krippendorff.alpha(np.array(NO_TWO, float), level_of_measurement="nominal"),
        ValueError,
        mine("krippendorff_alpha", NO_TWO),
        NO_OVERLAP,
    ),
    # categories that nobody used
    Difference(
        "nltk",
        "S rests on the labels that occur, not on those to choose from",
        lambda: task(TWO_OF_FOUR).S(),
        pytest.approx(2 / 3),
        mine("brennan_prediger", TWO_OF_FOUR, categories=[1, 2, 3, 4]),
        pytest.approx(7 / 9),
    ),
    Difference(
        "statsmodels",
        "counts of raters drop categories that nobody used, so Randolph's kappa does",
        lambda: statsmodels_fleiss(counted(TWO_OF_FOUR), method="randolph"),
        pytest.approx(2 / 3),
        mine("brennan_prediger", TWO_OF_FOUR, categories=[1, 2, 3, 4]),
        pytest.approx(7 / 9),
    ),
    Difference(
        "scikit-learn",
        "weighted kappa rests on places: 2 and 10 are as near as 1 and 2",
        lambda: cohen_kappa_score(*APART, weights="linear"),
        pytest.approx(cohen_kappa_score([0, 1, 2, 2, 0, 1], [0, 2, 2, 1, 0, 1], weights="linear")),
        mine("weighted_kappa", APART, weights="linear"),
        pytest.approx(
            TableCAC(
                pd.DataFrame([[2, 0, 0], [0, 1, 1], [0, 1, 1]]),
                weights=1 - np.abs(np.subtract.outer([1, 2, 10], [1, 2, 10])) / 9,
                digits=UNROUNDED,
            ).cohen()["est"]["coefficient_value"]
        ),
    ),
    # errors and rounding
    Difference(
        "irrCAC",
        "rounds to five decimals unless told",
        lambda: CAC(frame(TWO_OF_FOUR)).gwet()["est"]["coefficient_value"],
        round(irrcac("gwet", TWO_OF_FOUR)(), 5),
        mine("gwet_ac1", TWO_OF_FOUR),
        pytest.approx(irrcac("gwet", TWO_OF_FOUR)(), abs=NEAR),
    ),
    Difference(
        "irrCAC",
        "an error of zero is 1e-15, and the interval has no width",
        irrcac("gwet", [[1, 2, 1, 2], [1, 2, 1, 2]], key="se"),
        1e-15,
        lambda: measure("gwet_ac1", {"matrix": [[1, 2, 1, 2], [1, 2, 1, 2]]}).notes["no_interval"],
        NO_SPREAD,
    ),
    Difference(
        "irrCAC",
        "an interval goes below -1",
        lambda: irrcac("fleiss", EVERY_OTHER, key="confidence_interval")()[0] < -1,
        True,
        lambda: measure("fleiss_kappa", {"matrix": EVERY_OTHER}).ci[0],
        -1.0,
    ),
    Difference(
        "irrCAC",
        "two coders who rated all: of raw ratings the error divides by n - 1, of the table by n",
        irrcac("fleiss", TWO_OF_FOUR, key="se"),
        pytest.approx(
            TableCAC(pd.DataFrame([[4, 0], [1, 1]]), digits=UNROUNDED).scott()["est"]["se"]
            * math.sqrt(6 / 5)
        ),
        lambda: measure("fleiss_kappa", {"matrix": TWO_OF_FOUR}).se,
        pytest.approx(
            TableCAC(pd.DataFrame([[4, 0], [1, 1]]), digits=UNROUNDED).scott()["est"]["se"]
        ),
    ),
    # sets and weights
    Difference(
        "nltk",
        "Jaccard's distance of two empty sets: division by zero (so does MASI)",
        lambda: nltk_distance.jaccard_distance(set(), set()),
        ZeroDivisionError,
        lambda: measure("jaccard_distance", {"a": [], "b": []}).value,
        0.0,
    ),
    Difference(
        "nltk",
        "MASI of two empty sets: division by zero",
        lambda: nltk_distance.masi_distance(set(), set()),
        ZeroDivisionError,
        lambda: measure("masi_distance", {"a": [], "b": []}).value,
        0.0,
    ),
    Difference(
        "nltk",
        "weighted kappa divides just the expected by the largest distance: 1 - 9 (1 - kappa)",
        lambda: task(APART, distance=nltk_distance.interval_distance).weighted_kappa(
            max_distance=9.0
        ),
        pytest.approx(
            1 - 9 * (1 - task(APART, distance=nltk_distance.interval_distance).weighted_kappa())
        ),
        mine("weighted_kappa", APART, weights="quadratic"),
        pytest.approx(task(APART, distance=nltk_distance.interval_distance).weighted_kappa()),
    ),
]


@pytest.mark.parametrize("one", [pytest.param(d, id=f"{d.package}: {d.case}") for d in DIFFERENCES])
def test_where_a_library_differs(one: Difference) -> None:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if isinstance(one.does, type):
            with pytest.raises(one.does):
                one.run()
        else:
            found = one.run()
            assert found == one.does or (np.isnan(one.does) and np.isnan(found))
    assert one.mine() == one.we
