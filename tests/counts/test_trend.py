"""Changes over waves: beside statsmodels, and by what must always hold."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, norm
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from commands import done, themecoder
from themecoder import Study
from themecoder.counts.count_rows import Count
from themecoder.counts.estimate import Share
from themecoder.counts.intervals import wilson
from themecoder.counts.trend import HIDDEN, NOBODY, SAME, STEP, WHOLE, trend, trend_p

WAVES = ("wave=1", "wave=2", "wave=3")


def count(n: int, base: int, wave: str, code: str = "a", hidden: bool = False) -> Count:
    low, high = wilson(n, base)
    shown = (None, base, None, None, None, "small") if hidden else (n, base, 100 * n / base)
    return Count("q1", code, wave, *(shown if hidden else (*shown, 100 * low, 100 * high)))  # type: ignore[arg-type]


def waves_of(*counts: tuple[int, int], code: str = "a") -> list[Count]:
    return [count(n, base, wave, code) for (n, base), wave in zip(counts, WAVES, strict=False)]


@given(
    st.lists(
        st.integers(1, 400).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))),
        min_size=2,
        max_size=2,
    )
)
def test_a_step_is_newcombes_interval_and_pearsons_test(counts: list[tuple[int, int]]) -> None:
    (n1, m1), (n2, m2) = counts
    (step,) = trend(waves_of(*counts), WAVES[:2])
    low, high = confint_proportions_2indep(n2, m2, n1, m1, method="newcomb", compare="diff")
    assert step.change == pytest.approx(100 * (n2 / m2 - n1 / m1))
    assert (step.ci_low, step.ci_high) == pytest.approx((100 * low, 100 * high), abs=1e-6)
    if n1 + n2 in (0, m1 + m2):
        assert step.p is None and step.not_tested == SAME
    else:
        table = [[n1, n2], [m1 - n1, m2 - n2]]
        # their bases come back from the intervals, not from the counts
        assert step.p == pytest.approx(chi2_contingency(table, correction=False).pvalue, rel=1e-4)


@given(
    st.lists(
        st.integers(2, 300).flatmap(lambda base: st.tuples(st.integers(1, base), st.just(base))),
        min_size=3,
        max_size=3,
    )
)
def test_the_whole_is_the_test_of_cochran_and_armitage(counts: list[tuple[int, int]]) -> None:
    whole = trend(waves_of(*counts), WAVES)[-1]
    assert (whole.kind, whole.first, whole.last) == (WHOLE, WAVES[0], WAVES[-1])
    table = np.array([[n, base - n] for n, base in counts], dtype=float)
    if not table[:, 1].sum():
        assert whole.not_tested == SAME
        return
    # statsmodels divides the variance by N - 1 where the published one has N
    found = Table(table, shift_zeros=False).test_ordinal_association(np.arange(3), np.array([1, 0]))
    n = table.sum()
    z = (found.statistic - found.null_mean) / (found.null_sd * np.sqrt((n - 1) / n))
    assert whole.p is not None
    assert np.isclose(whole.p, 2 * norm.sf(abs(z)), rtol=1e-4, atol=1e-9)


def test_what_is_hidden_tells_nothing_and_stops_the_test_of_all_waves() -> None:
    rows = [count(20, 100, WAVES[0]), count(3, 90, WAVES[1], hidden=True), count(40, 110, WAVES[2])]
    first, second, whole = trend(rows, WAVES)
    for step in (first, second):
        assert step.not_tested == HIDDEN
        assert step.change is None and step.p is None
    assert whole.not_tested == HIDDEN and whole.p is None
    # what is shown of both ends is no secret
    assert whole.change == pytest.approx(100 * (40 / 110 - 0.2))


def test_a_wave_without_respondents_is_said() -> None:
    rows = [count(20, 100, WAVES[0]), count(40, 110, WAVES[2])]
    assert [one.not_tested for one in trend(rows, WAVES)] == [NOBODY, NOBODY, NOBODY]


def test_a_weighted_share_counts_by_its_own_interval() -> None:
    """As precise as 50 respondents, whatever the number of people."""
    low, high = wilson(20, 50)
    weighted = [
        Count("q1", "a", wave, 80, 200, 40.0, 33.5, 46.9, weighted=share)
        for wave, share in (
            (WAVES[0], Share(40.0, 100 * low, 100 * high)),
            (WAVES[1], Share(60.0, 100 * (1 - wilson(20, 50)[1]), 100 * (1 - wilson(20, 50)[0]))),
        )
    ]
    (step,) = trend(weighted, WAVES[:2])
    expected = chi2_contingency([[20, 30], [30, 20]], correction=False).pvalue
    assert step.p == pytest.approx(expected, rel=1e-6)
    assert step.change == pytest.approx(20)


def test_tests_of_a_kind_are_adjusted_together() -> None:
    codes = {"a": ((10, 100), (30, 100), (50, 100)), "b": ((40, 100), (45, 100), (55, 100))}
    rows = [row for code, counts in codes.items() for row in waves_of(*counts, code=code)]
    found = trend(rows, WAVES)
    for kind, number in ((STEP, 4), (WHOLE, 2)):
        own = [one for one in found if one.kind == kind]
        assert {one.tested for one in own} == {number} and len(own) == number
        holm = multipletests([one.p for one in own], method="holm")[1]
        assert [one.p_holm for one in own] == pytest.approx(list(holm))


def test_one_wave_is_no_trend() -> None:
    with pytest.raises(ValueError, match="no waves"):
        trend([], WAVES[:1])
    assert trend_p([0, 0], [10, 10]) is None


STUDY = """
id = "tracker"
title = "Peiling"
language = "nl"
[survey]
file = "survey.csv"
id = "id"
[[closed]]
id = "kleur"
kind = "single"
values = {r = "Rood", g = "Groen"}
[[attributes]]
id = "golf"
label = "Golf: jaar"
[[attributes]]
id = "plaats"
[report]
smallest_cell = 5
"""


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """Of 10 waves, in no order in the file, 5 % more chose red in each."""
    lines = []
    for wave in (10, *range(1, 10)):
        for n in range(40):
            lines.append(f"R{wave}-{n},{'r' if n < 8 + 2 * wave else 'g'},{wave},{n % 2}")
    (tmp_path / "survey.csv").write_text("\n".join(["id,kleur,golf,plaats", *lines]), "utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def test_the_command_writes_the_changes_in_the_order_of_the_waves(tracker: Path) -> None:
    done(tracker, "counts", "--trend", "golf", "--by", "plaats", "--format", "csv")
    with (tracker / "reports" / "counts_trend.csv").open(encoding="utf-8-sig", newline="") as file:
        red = [row for row in csv.DictReader(file) if row["code"] == "r"]
    assert [(row["first"], row["last"]) for row in red] == [
        *((f"golf={n}", f"golf={n + 1}") for n in range(1, 10)),
        ("golf=1", "golf=10"),
    ]
    assert red[0]["change"] == "5.0000" and red[0]["p"] != ""
    assert float(red[0]["p"]) > 0.05 > float(red[-1]["p_holm"])
    assert red[-1]["change"] == "45.0000"

    data = json.loads(done(tracker, "counts", "--trend", "golf", "--format", "csv", "--json"))
    assert next(one["change"] for one in data["trend"] if one["code"] == "r") == pytest.approx(5)
    study = Study.open(tracker)
    assert study.trend(study.counts(by=["golf"]), "golf") == trend(
        study.counts(by=["golf"]).rows, [f"golf={n}" for n in range(1, 11)]
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--trend", "jaar"), "jaar is geen kenmerk"),
        (("--trend", "golf", "--source", "ppi"), "--source ppi"),
        (("--trend", "een: id=R1-1"), "minstens twee"),
    ],
)
def test_what_has_no_waves_is_told(tracker: Path, words: tuple[str, ...], said: str) -> None:
    found = themecoder(tracker, "counts", *words)
    assert found.returncode == 2
    assert said in found.stderr
    assert not (tracker / "reports").exists()
