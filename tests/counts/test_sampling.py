"""Estimates by weights, strata and clusters, held against R's survey.

The numbers are of its data set api (Lumley, survey 4.1.1), put together per cluster or stratum: an
estimate rests on these alone. R: svydesign(id = ~dnum, weights = ~pw, data = apiclus1), and for
dstrat svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat), both without fpc, since
clusters are taken with replacement here. The published results on the help pages of svymean,
svydesign and svychisq are with fpc, which in one stage of equal shares is the factor 1 - 15/757.
"""

from __future__ import annotations

import math
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.counts.intervals import effective_base, wilson
from themecoder.counts.sampling import (
    SamplingDesign,
    lonely_strata,
    mean_interval,
    rao_scott,
    share_interval,
    weighted_mean,
    weighted_median,
    weighted_share,
)

CLUSTERS = (
    (0, 0, 2, 10, 0, 1, 9372),
    (3, 0, 0, 31, 0, 0, 22508),
    (0, 0, 1, 2, 1, 0, 2077),
    (1, 0, 2, 9, 0, 1, 8593),
    (1, 0, 0, 12, 0, 3, 11369),
    (0, 0, 0, 2, 0, 0, 1116),
    (0, 0, 0, 1, 0, 0, 551),
    (0, 0, 0, 2, 1, 1, 1888),
    (0, 0, 0, 9, 1, 2, 9111),
    (1, 1, 1, 15, 1, 2, 13761),
    (1, 1, 0, 3, 3, 1, 6386),
    (0, 0, 0, 8, 1, 2, 7359),
    (5, 0, 0, 25, 3, 4, 20394),
    (0, 0, 1, 1, 0, 0, 905),
    (0, 1, 1, 2, 0, 0, 2493),
)
"""Of dclus1, per cluster: schools by stype E, H, M that are not sch.wide, then that are; the sum of
api00."""
STRATA = {
    "E": (44.2099990844727, 9, 91),
    "H": (15.1000003814697, 24, 26),
    "M": (20.3600006103516, 15, 35),
}
"""Of dstrat, per stratum: weight, schools that are not sch.wide, and that are."""
FPC = 1 - 15 / 757


def clustered() -> tuple[SamplingDesign, dict[str, str], dict[str, bool], dict[str, float]]:
    """dclus1: the design, and of each school its type, whether sch.wide, and its cluster's mean."""
    kind, wide, score, cluster = {}, {}, {}, {}
    for number, (*cells, total) in enumerate(CLUSTERS):
        for place, size in enumerate(cells):
            for n in range(size):
                school = f"{number}-{place}-{n}"
                kind[school], wide[school] = "EHM"[place % 3], place >= 3
                score[school], cluster[school] = total / sum(cells), str(number)
    weights = dict.fromkeys(kind, 33.847)
    return SamplingDesign.of(weights, None, cluster), kind, wide, score


def stratified() -> tuple[SamplingDesign, dict[str, str], set[str]]:
    strata = {f"{name}{n}": name for name, (_, no, yes) in STRATA.items() for n in range(no + yes)}
    weights = {school: STRATA[name][0] for school, name in strata.items()}
    wide = {school for school, name in strata.items() if int(school[1:]) >= STRATA[name][1]}
    return SamplingDesign.of(weights, strata), strata, wide


def test_a_clustered_mean_is_that_of_r() -> None:
    design, _, _, score = clustered()
    mean = weighted_mean(design, score)
    assert mean is not None and mean.df == 14
    assert (mean.value, math.sqrt(mean.variance)) == pytest.approx((644.1694, 23.77901), abs=5e-5)
    assert mean_interval(mean, 0.95) == pytest.approx((593.1684933, 695.1703046), abs=1e-6)
    # published, with fpc: svymean(~api00, dclus1) is 644.17, SE 23.542 (help page of svymean)
    assert math.sqrt(mean.variance * FPC) == pytest.approx(23.542, abs=5e-4)


def test_a_clustered_share_is_that_of_r() -> None:
    design, kind, wide, _ = clustered()
    share = weighted_share(design, {one for one in wide if wide[one]}, kind)
    assert share is not None
    assert share.value == pytest.approx(0.87431694, abs=1e-8)
    assert share.variance == pytest.approx(0.0004228878618, abs=1e-12)


def test_a_stratified_share_is_that_of_r() -> None:
    design, strata, wide = stratified()
    share = weighted_share(design, wide, strata)
    assert share is not None and share.df == 197
    assert share.value == pytest.approx(0.82794801, abs=1e-8)
    assert share.variance == pytest.approx(0.0006128992886, abs=1e-12)


def test_a_domain_is_that_of_r() -> None:
    """svymean(~I(stype == "E"), subset(dclus1, sch.wide == "Yes"))."""
    design, kind, wide, _ = clustered()
    domain = [one for one in kind if wide[one]]
    share = weighted_share(design, [one for one in kind if kind[one] == "E"], domain)
    assert share is not None and share.df == 14
    assert share.value == pytest.approx(0.8250000000, abs=1e-8)
    assert math.sqrt(share.variance) == pytest.approx(0.0433302569, abs=1e-8)


def test_the_test_is_that_of_svychisq_at_the_observed_shares() -> None:
    design, kind, wide, _ = clustered()
    has = [one for one in wide if wide[one]]
    groups = [[one for one in kind if kind[one] == name] for name in "EHM"]
    found = rao_scott(design, has, groups, observed=True)
    assert found is not None and found.statistic is not None
    assert (found.statistic, found.df, found.df2, found.p) == pytest.approx(
        (5.09046261529, 1.49463977771, 20.92495688790, 0.02307161683), rel=1e-8
    )
    # published, with fpc: svychisq(~sch.wide + stype, dclus1) is F = 5.1934, ndf = 1.4946,
    # ddf = 20.925, p = .02175 (help page of svychisq)
    assert found.statistic / FPC == pytest.approx(5.1934, abs=5e-5)
    strata, kinds, yes = stratified()
    groups = [[one for one in kinds if kinds[one] == name] for name in "EHM"]
    found = rao_scott(strata, yes, groups, observed=True)
    assert found is not None
    assert (found.statistic, found.df, found.df2, found.p) == pytest.approx(
        (16.54638649, 1.841337628, 362.7435126, 3.402430914e-07), rel=1e-8
    )


def test_the_test_at_expected_shares_is_the_ratio_of_variances_of_two_groups() -> None:
    """With two groups the design effect is a ratio of two variances of one difference: that of the
    design, here a loop over clusters, and the binomial one at the common share."""
    chance = Random(2)
    who = [f"r{n}" for n in range(120)]
    weights = {one: chance.uniform(0.3, 3) for one in who}
    cluster = {one: str(chance.randrange(15)) for one in who}
    member = {one: chance.randrange(2) for one in who}
    has = {one: chance.random() < 0.3 for one in who}
    design = SamplingDesign.of(weights, None, cluster)
    groups = [[one for one in who if member[one] == n] for n in (0, 1)]
    found = rao_scott(design, [one for one in who if has[one]], groups)
    total = sum(weights.values())
    share = sum(weights[one] for one in who if has[one]) / total
    mass = [sum(weights[one] for one in group) / total for group in groups]
    own = {
        one: weights[one] / total * (has[one] - share) * (1, -1)[member[one]] / mass[member[one]]
        for one in who
    }
    sums = [sum(own[one] for one in who if cluster[one] == name) for name in set(cluster.values())]
    centre = sum(sums) / len(sums)
    variance = sum((one - centre) ** 2 for one in sums) * len(sums) / (len(sums) - 1)
    assert found is not None and found.df == pytest.approx(1) and found.df2 == pytest.approx(14)
    assert found.statistic == pytest.approx(sum(sums) ** 2 / variance)
    binomial = share * (1 - share) * (1 / mass[0] + 1 / mass[1])
    assert found.effect**2 == pytest.approx(sum(sums) ** 2 / binomial)


def test_clusters_of_the_same_name_in_two_strata_are_two() -> None:
    weights = dict.fromkeys("abcd", 1.0)
    strata = {"a": "x", "b": "x", "c": "y", "d": "y"}
    clusters = {"a": "1", "b": "2", "c": "1", "d": "2"}
    design = SamplingDesign.of(weights, strata, clusters)
    assert len(design.strata) == 4 and design.df(design.places("abcd")) == 2
    assert lonely_strata(strata, clusters) == []
    assert lonely_strata(strata, {**clusters, "d": "1"}) == ["y"]
    assert lonely_strata({"a": "x", "b": "x", "c": "y"}, None) == ["y"]


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=12), st.floats(0.1, 50))
def test_with_equal_weights_all_is_as_without(values: list[int], weight: float) -> None:
    given_values = {str(n): float(value) for n, value in enumerate(values)}
    design = SamplingDesign.of(dict.fromkeys(given_values, weight))
    assert weighted_median(design, given_values) == median(values)
    mean = weighted_mean(design, given_values)
    assert mean is not None and mean.value == pytest.approx(sum(values) / len(values))
    if len(values) > 1:
        spread = sum((one - mean.value) ** 2 for one in values) / (len(values) - 1)
        assert mean.variance == pytest.approx(spread / len(values), abs=1e-12)
    else:
        assert mean_interval(mean, 0.95) is None


def test_the_weighted_median() -> None:
    """R: svyquantile(~x, svydesign(~1, weights = ~w), .5, qrule = "school")."""
    cases = (({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 1, "c": 2}, 2.5),)
    cases += (({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 1, "c": 3}, 3.0),)
    cases += (({"a": 1, "b": 2, "c": 3}, {"a": 3, "b": 0, "c": 3}, 2.0),)
    for values, weights, expected in cases:
        assert weighted_median(SamplingDesign.of(weights), values) == expected
    assert weighted_median(SamplingDesign.of({"a": 0}), {"a": 1}) is None


def test_the_interval_takes_the_smaller_effective_base() -> None:
    design, kind, wide, _ = clustered()
    having = [one for one in wide if wide[one]]
    share = weighted_share(design, having, kind)
    assert share is not None
    # 183 schools with equal weights; R: qt(.975, 182) = 1.973084, qt(.975, 14) = 2.144787
    base = share.value * (1 - share.value) / share.variance * (1.973084 / 2.144787) ** 2
    assert share_interval(design, share, kind, 0.95) == pytest.approx(
        wilson(share.value * min(base, 183), min(base, 183)), abs=1e-5
    )
    nobody = weighted_share(design, [], kind)
    assert nobody is not None and nobody.variance == 0
    low, high = share_interval(design, nobody, kind, 0.95) or (1, 0)
    assert low == 0 and high == pytest.approx(wilson(0, 183 * (1.973084 / 2.144787) ** 2)[1], 1e-4)
    uneven = SamplingDesign.of({str(n): 1.0 + 4 * (n % 5 == 0) for n in range(60)})
    rare = weighted_share(uneven, ["1"], uneven.place)
    assert rare is not None
    size = effective_base(uneven.weights.tolist())
    assert rare.value * (1 - rare.value) / rare.variance > size
    assert share_interval(uneven, rare, uneven.place, 0.95) == wilson(rare.value * size, size)


def test_nobody_with_weight_has_no_estimate() -> None:
    design = SamplingDesign.of({"a": 0.0, "b": 0.0, "c": 1.0})
    assert weighted_share(design, ["a"], ["a", "b"]) is None
    assert weighted_mean(design, {"a": 1.0}) is None
    assert rao_scott(design, ["a"], [["a"], ["b"]]) is None
