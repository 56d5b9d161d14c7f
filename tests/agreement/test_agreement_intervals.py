"""Intervals of agreement: the method by hand, when there is one, and never beyond what can be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binom, t

from sample_coding import made, random_coding, tabled
from themecoder.agreement import measure
from themecoder.agreement.evidence import FEWEST
from themecoder.agreement.measures.jackknife import jackknife_error, left_out
from themecoder.agreement.measures.proportion_interval import korn_graubard
from themecoder.agreement.planning import answers_needed
from themecoder.agreement.rows import AgreementRow, agreement_rows


def row(rows: list[AgreementRow], code: str, coefficient: str) -> AgreementRow:
    (found,) = [
        r for r in rows if (r.code, r.coefficient, r.coder_pair) == (code, coefficient, "all")
    ]
    return found


@given(st.integers(1, 39))
def test_of_independent_cases_it_is_the_exact_interval_of_a_share(cases: int) -> None:
    share = np.array([cases / 40])
    low, high = korn_graubard(share, np.sqrt(share * (1 - share) / 40), 40, np.array([39.0]), 0.95)
    # as many cases or more are as probable as 2.5% at the lower end, as many or fewer at the upper
    assert binom.sf(cases - 1, 40, low[0]) == pytest.approx(0.025, abs=1e-6)
    assert binom.cdf(cases, 40, high[0]) == pytest.approx(0.025, abs=1e-6)


def test_an_error_that_rests_on_few_respondents_counts_as_fewer_cases() -> None:
    (low,), (high,) = korn_graubard(np.array([0.8]), np.array([0.1]), 100, np.array([5.0]), 0.95)
    cases = 0.16 / 0.01 * (t.ppf(0.975, 99) / t.ppf(0.975, 5)) ** 2
    assert low == pytest.approx(beta.ppf(0.025, 0.8 * cases, 0.2 * cases + 1))
    assert high == pytest.approx(beta.ppf(0.975, 0.8 * cases + 1, 0.2 * cases))


def test_the_jackknife_error_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(1).normal(size=30)
    kept = left_out(range(30))
    error = jackknife_error(kept @ values / kept.sum(axis=1))
    assert error == pytest.approx(values.std(ddof=1) / np.sqrt(30))


def test_respondents_are_left_out_one_by_one_or_dealt_over_groups() -> None:
    assert left_out(["b", "a", "b"]).tolist() == [[1, 0, 1], [0, 1, 0]]
    dealt = left_out([f"{n:03}" for n in range(25)], most=10)
    assert dealt.shape == (10, 25)
    assert (dealt == 0).sum(axis=0).tolist() == [1] * 25


@pytest.mark.parametrize("given_by_anyone", [FEWEST - 1, FEWEST])
def test_from_six_respondents_with_the_code_there_is_an_interval(given_by_anyone: int) -> None:
    anna = ["a"] * given_by_anyone + ["b"] * (60 - given_by_anyone)
    bert = ["a"] * (given_by_anyone - 2) + ["b"] * (62 - given_by_anyone)
    rows = agreement_rows(tabled(made(anna=anna, bert=bert)), "q1")
    for name in ("krippendorff_alpha", "gwet_ac1", "percent_agreement", "positive_agreement"):
        found = row(rows, "a", name)
        assert found.value is not None
        if given_by_anyone >= FEWEST:
            assert found.ci_low is not None and found.ci_low < found.value < (found.ci_high or 0)
            assert (found.no_interval_because, found.more_answers) == (None, None)
        else:
            assert (found.ci_low, found.ci_high, found.se) == (None, None, None)
            # a sixth respondent takes a fifth of the sixty that gave five
            assert (found.no_interval_because, found.more_answers) == ("too_few", 12)


def test_respondents_count_once_however_much_they_answer() -> None:
    codings = made(anna=["a"] * 10 + ["b"] * 50, bert=["a"] * 8 + ["b"] * 52)
    one_respondent = {
        name: [
            coding
            if n >= 10
            else coding.__class__(
                f"r000:q{n + 1}", coding.coder, coding.codebook, coding.state, coding.codes
            )
            for n, coding in enumerate(rows)
        ]
        for name, rows in codings.items()
    }
    assert row(agreement_rows(tabled(codings), "all"), "a", "gwet_ac1").ci_low is not None
    found = row(agreement_rows(tabled(one_respondent), "all"), "a", "gwet_ac1")
    assert found.no_interval_because == "too_few"


def test_where_all_agree_or_never_there_is_no_interval() -> None:
    same = ["a"] * 10 + ["b"] * 10
    rows = agreement_rows(tabled(made(anna=same, bert=same)), "q1")
    assert row(rows, "a", "krippendorff_alpha").no_interval_because == "no_spread"
    never = tabled(made(anna=["a"] * 10 + [""] * 30, bert=[""] * 10 + ["a"] * 10 + [""] * 20))
    assert row(agreement_rows(never, "q1"), "a", "fleiss_kappa").no_interval_because == "no_spread"


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(8, 60))
def test_an_interval_holds_its_value_and_lies_within_what_can_be(
    seed: int, coders: int, answers: int
) -> None:
    for found in agreement_rows(tabled(random_coding(seed, coders, answers)), "all"):
        if found.ci_low is not None:
            assert found.value is not None and found.ci_high is not None
            assert -1 <= found.ci_low <= found.value <= found.ci_high <= 1
        else:
            assert (found.value is None) == (found.no_interval_because is None)


@given(st.integers(0, 10**6))
def test_no_analytic_or_bootstrap_interval_is_beyond_minus_one(seed: int) -> None:
    random = np.random.default_rng(seed)
    cells = random.integers(0, 2, (3, 6)).astype(object)
    cells[random.random((3, 6)) < 0.4] = None
    for name in ("conger_kappa", "fleiss_kappa", "gwet_ac1", "brennan_prediger", "cohen_kappa"):
        matrix = cells[:2] if name == "cohen_kappa" else cells
        found = measure(name, {"matrix": matrix.tolist()}, categories=[0, 1])
        if found.ci is not None:
            assert -1 <= found.ci[0] <= found.value <= found.ci[1] <= 1
        elif found.value is not None and found.value < -1:
            assert found.notes["no_interval"] in ("out_of_range", "no_spread")
        ends = measure(
            "bootstrap_ci", {"matrix": matrix.tolist()}, statistic=name, resamples=50
        ).value
        if ends is not None:
            assert -1 <= ends[0] <= ends[1] <= 1


def test_a_plan_holds_the_right_number_in_about_four_of_five_pilots() -> None:
    """Alpha of two coders; the right number follows from its spread over all pilots."""
    random = np.random.default_rng(4)
    found = []
    for _ in range(40):
        truth = random.random((100, 5)) < 0.25
        coders = {
            name: ["".join(np.array(list("abcde"))[row]) for row in truth ^ flips]
            for name, flips in (
                (name, random.random(truth.shape) < 0.07) for name in ("anna", "bert")
            )
        }
        table = tabled(made(**coders), ("a", "b", "c", "d", "e"))  # type: ignore[arg-type]
        found += answers_needed(agreement_rows(table, "all"), 0.2, 5000, "krippendorff_alpha")
    spread = np.std([plan.value for plan in found])
    right = 100 * (2 * 1.96 * spread / 0.2) ** 2
    held = np.mean([(plan.low or 0) <= right <= (plan.high or 0) for plan in found])
    assert 0.7 <= held <= 0.95
    assert all((plan.low or 0) <= (plan.answers or 0) <= (plan.high or 0) for plan in found)


def test_a_plan_asks_for_more_first_where_too_few_have_the_code() -> None:
    rows = agreement_rows(
        tabled(made(anna=["a"] * 3 + [""] * 57, bert=["a"] * 2 + [""] * 58)), "q1"
    )
    (plan,) = [one for one in answers_needed(rows, 0.2, 500, "gwet_ac1") if one.code == "a"]
    assert (plan.answers, plan.low, plan.high) == (None, None, None)
    assert (plan.first, plan.undefined_because) == (60, "too_few")
