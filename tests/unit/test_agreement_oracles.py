"""The coefficients against other people's programs, on 200 random matrices.

Each of scikit-learn, statsmodels, NLTK, krippendorff and irrCAC is asked for what it covers, where
it is defined and right. Where they are not (scikit-learn 1.9, statsmodels 0.14, NLTK 3.10,
krippendorff 0.8, irrCAC 0.4), each line pinned by a test below:

- scikit-learn: kappa of constant ratings is NaN with a warning; it knows no missing data
- statsmodels: Fleiss' kappa takes no units with different numbers of ratings
- NLTK: alpha is 1.0 where everything has one value; it divides by zero on two empty sets
- krippendorff: an error, not "undefined", where everything has one value
- irrCAC: rounds to five decimals; takes the categories that occur for q of AC1 and
  Brennan-Prediger; an interval of zero width where there is no spread
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from themecoder.agreement import measure
from themecoder.agreement.coefficients import MANY_CODERS, cohen_kappa, scott_pi
from themecoder.agreement.ratings import MISSING
from themecoder.agreement.statistics import terms, totals

HOW_MANY = 200
NEAR = 1e-9


@dataclass(frozen=True)
class Matrix:
    """``cells`` (coders, units), -1 is missing; ``q`` categories could be chosen."""

    cells: NDArray[np.int64]
    q: int

    @property
    def rows(self) -> list[list[int | None]]:
        return [[None if v == MISSING else int(v) for v in row] for row in self.cells]

    @property
    def data(self) -> dict[str, Any]:
        return {"matrix": self.rows}

    @property
    def options(self) -> dict[str, Any]:
        return {"categories": list(range(self.q))}

    @property
    def counts(self) -> NDArray[np.int64]:
        return (self.cells[:, :, None] == np.arange(self.q)).sum(axis=0)

    @property
    def complete(self) -> bool:
        return bool((self.cells != MISSING).all())

    @property
    def pairable(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (self.cells != MISSING).sum(axis=0) >= 2
        return found

    def ours(self, name: str, **options: Any) -> float | None:
        value: float | None = measure(name, self.data, **self.options, **options).value
        return value


@cache
def matrices() -> tuple[Matrix, ...]:
    """Few to many categories, hardly to half missing, a code of 1 in 100 to one of 1 in 2."""
    found = []
    for seed in range(HOW_MANY):
        random = np.random.default_rng(seed)
        coders, units = random.integers(2, 6), random.integers(5, 61)
        q = int(random.choice([2, 2, 2, 3, 5, 8]))
        rare = random.choice([0.5, 0.2, 0.05, 0.01])
        shares = np.full(q, rare / (q - 1))
        shares[0] = 1 - rare
        truth = random.choice(q, units, p=shares)
        noise = random.random((coders, units)) < random.choice([0.0, 0.1, 0.4])
        cells = np.where(noise, random.integers(0, q, (coders, units)), truth)
        missing = random.random((coders, units)) < random.choice([0.0, 0.0, 0.2, 0.5])
        cells = np.where(missing, MISSING, cells)
        if seed % 20 == 0:
            cells[-1] = MISSING  # a coder who coded nothing
        if seed % 17 == 0:
            cells[:, : units // 3] = MISSING  # units that nobody coded
        found.append(Matrix(cells, q))
    return tuple(found)


def test_the_matrices_are_varied() -> None:
    undefined = sum(m.ours("krippendorff_alpha") is None for m in matrices())
    assert 10 < undefined < 100
    assert 50 < sum(m.complete for m in matrices()) < 150


def pairs(of: Matrix) -> Iterator[tuple[list[int], list[int]]]:
    """The first two coders' ratings of the units that both rated."""
    both = (of.cells[:2] != MISSING).all(axis=0)
    if both.any():
        yield of.cells[0, both].tolist(), of.cells[1, both].tolist()


def test_cohen_and_weighted_kappa_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import cohen_kappa_score

    compared = 0
    for one in matrices():
        for a, b in pairs(one):
            for weights in (None, "linear", "quadratic"):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    theirs = cohen_kappa_score(a, b, weights=weights, labels=list(range(one.q)))
                ours = measure(
                    "cohen_kappa", {"matrix": [a, b]}, weights=weights or "identity", **one.options
                ).value
                if np.isnan(theirs):
                    assert ours is None
                else:
                    assert ours == pytest.approx(theirs, abs=NEAR)
                    compared += 1
    assert compared > 300


def test_fleiss_kappa_is_that_of_statsmodels() -> None:
    from statsmodels.stats.inter_rater import fleiss_kappa

    compared = 0
    for one in (m for m in matrices() if m.complete):
        with np.errstate(invalid="ignore"):
            theirs = fleiss_kappa(one.counts)
        ours = one.ours("fleiss_kappa")
        if ours is None:
            assert np.isnan(theirs)
        else:
            assert ours == pytest.approx(theirs, abs=NEAR)
            compared += 1
    assert compared > 40


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_that_of_krippendorff(level: str) -> None:
    import krippendorff

    compared = 0
    for one in matrices():
        # a ratio scale begins above nothing
        cells = np.where(one.cells == MISSING, np.nan, one.cells + 1.0)
        values = [[None if np.isnan(v) else int(v) for v in row] for row in cells]
        ours = measure("krippendorff_alpha", {"matrix": values}, level=level).value
        if ours is None:
            continue
        theirs = krippendorff.alpha(reliability_data=cells, level_of_measurement=level)
        assert ours == pytest.approx(theirs, abs=NEAR)
        compared += 1
    assert compared > 120


IRRCAC = {
    "gwet_ac1": "gwet",
    "fleiss_kappa": "fleiss",
    "conger_kappa": "conger",
    "brennan_prediger": "bp",
    "krippendorff_alpha": "krippendorff",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", IRRCAC)
@pytest.mark.parametrize("weights", ["identity", "quadratic"])
def test_values_and_errors_are_those_of_irrcac(name: str, weights: str) -> None:
    values = errors = 0
    for one in matrices():
        result = measure(
            name,
            one.data,
            **one.options,
            **({"weights": weights} if weights != "identity" else {}),
        )
        cells = one.cells[(one.cells != MISSING).any(axis=1)]
        if result.value is None or len(cells) < 2:
            continue
        theirs = irrcac(name, cells, one.q, weights)
        if theirs is None:
            continue
        value, error = theirs
        assert result.value == pytest.approx(value, abs=NEAR)
        values += 1
        # two coders who rated all: ours is the table's form, which divides by n
        paired = len(cells) == 2 and not (cells == MISSING).any()
        if result.se is not None and not paired:
            assert result.se == pytest.approx(error, abs=NEAR)
            errors += 1
    assert values > 100
    assert errors > 60


def irrcac(name: str, cells: NDArray[np.int64], q: int, weights: str) -> tuple[float, float] | None:
    """irrCAC's value and error without rounding, of the units rated; None where it fails."""
    import pandas as pd
    from irrCAC.raw import CAC

    rated = cells[:, (cells != MISSING).any(axis=0)]
    frame = pd.DataFrame(np.where(rated == MISSING, np.nan, rated).T)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            cac = CAC(frame, weights=weights, categories=list(map(float, range(q))), digits=15)
            found = getattr(cac, IRRCAC[name])()["est"]
        except (ZeroDivisionError, ValueError):
            return None
    value = found["coefficient_value"]
    return None if np.isnan(value) else (value, found["se"])


@pytest.mark.parametrize("level", ["jaccard", "masi"])
def test_alpha_over_sets_is_that_of_nltk(level: str) -> None:
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import jaccard_distance, masi_distance

    theirs_of = {"jaccard": jaccard_distance, "masi": masi_distance}[level]
    compared = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        coders, units = int(random.integers(2, 5)), int(random.integers(5, 30))
        truth = random.random((units, 6)) < 0.25
        flips = random.random((coders, units, 6)) < 0.1
        codes = np.array(list("abcdef"))
        matrix = [[sorted(codes[row]) for row in truth ^ flip] for flip in flips]
        # NLTK divides by zero where both sets are empty
        matrix = [[cell or ["geen"] for cell in row] for row in matrix]
        task = AnnotationTask(
            data=[(f"c{c}", f"u{u}", frozenset(cell)) for c, row in enumerate(matrix)
                  for u, cell in enumerate(row)],
            distance=theirs_of,
        )  # fmt: skip
        ours = measure("krippendorff_alpha", {"matrix": matrix}, level=level).value
        assert ours == pytest.approx(task.alpha(), abs=NEAR)
        compared += 1
    assert compared == 60


def test_one_go_over_codes_gives_what_one_by_one_does() -> None:
    """(coders, units, codes) at once, as the study's table is measured."""
    for seed in range(HOW_MANY // 10):
        random = np.random.default_rng(seed)
        share = random.choice([0.01, 0.1, 0.4], 12)
        cells = (random.random((4, 50, 12)) < share).astype(np.int64)
        cells[random.random((4, 50)) < 0.3] = MISSING
        t = totals(terms(cells, 2))
        found = {name: of(t)[0] for name, of in MANY_CODERS.items()}
        for code in range(cells.shape[2]):
            one = Matrix(cells[:, :, code], 2)
            for name, values in found.items():
                ours = one.ours(name)
                value = None if np.isnan(values[code]) else values[code]
                assert value == (None if ours is None else pytest.approx(ours, abs=1e-12))
            first_two = {"matrix": one.rows[:2]}
            for name, of in (("cohen_kappa", cohen_kappa), ("scott_pi", scott_pi)):
                value = of(t)[0, code, 0]
                ours = measure(name, first_two, **one.options).value
                assert (None if np.isnan(value) else value) == (
                    None if ours is None else pytest.approx(ours, abs=1e-12)
                )


def test_scikit_learn_has_no_kappa_of_constant_ratings() -> None:
    from sklearn.metrics import cohen_kappa_score

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(cohen_kappa_score([1, 1, 1], [1, 1, 1], labels=[0, 1]))
    assert measure("cohen_kappa", {"matrix": [[1, 1], [1, 1]]}).undefined_because == "no_variation"


def test_statsmodels_has_no_fleiss_kappa_of_unequal_ratings() -> None:
    from statsmodels.stats.inter_rater import fleiss_kappa

    with pytest.raises(AssertionError):
        fleiss_kappa(np.array([[2, 0], [1, 0], [1, 2]]))


def test_nltk_calls_constant_ratings_perfect() -> None:
    from nltk.metrics.agreement import AnnotationTask

    same = [(coder, unit, "x") for coder in "ab" for unit in "123"]
    assert AnnotationTask(data=same).alpha() == 1.0
    assert measure("krippendorff_alpha", {"matrix": [["x"] * 3] * 2}).value is None


def test_krippendorff_raises_where_nothing_varies() -> None:
    import krippendorff

    with pytest.raises(ValueError, match="domain"):
        krippendorff.alpha(reliability_data=[[1, 1], [1, 1]], level_of_measurement="nominal")


def test_irrcac_rounds_and_counts_only_categories_that_occur() -> None:
    import pandas as pd
    from irrCAC.raw import CAC

    frame = pd.DataFrame([[1, 1], [2, 2], [1, 2], [1, 1], [2, 2], [1, 1], [2, 1]])
    rounded = CAC(frame).gwet()["est"]["coefficient_value"]
    exact = measure("gwet_ac1", {"matrix": frame.T.to_numpy().tolist()}).value
    assert rounded == round(exact, 5) != exact
    more = measure("gwet_ac1", {"matrix": frame.T.to_numpy().tolist()}, categories=[1, 2, 3]).value
    assert more > exact


def test_irrcac_gives_an_interval_of_no_width_where_nothing_varies() -> None:
    import pandas as pd
    from irrCAC.raw import CAC

    same = [[1, 1], [2, 2], [1, 1], [2, 2]]
    assert CAC(pd.DataFrame(same)).gwet()["est"]["confidence_interval"] == (1.0, 1)
    found = measure("gwet_ac1", {"matrix": [list(row) for row in zip(*same, strict=True)]})
    assert (found.value, found.ci) == (1.0, None)
    assert found.notes["no_interval"] == "no_spread"


def test_nltk_divides_by_zero_on_two_empty_sets() -> None:
    from nltk.metrics.distance import jaccard_distance

    with pytest.raises(ZeroDivisionError):
        jaccard_distance(set(), set())
    assert measure("jaccard_distance", {"a": [], "b": []}).value == 0.0
