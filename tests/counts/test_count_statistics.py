"""Intervals, tests, pairs and numbers beside counts, held against what others compute."""

from __future__ import annotations

from random import Random

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from coded_frames import CODES, question_by_chance
from themecoder.codebook.model import Code, Codebook
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.counts.intervals import effective_base, wilson
from themecoder.counts.layout import Breakdown
from themecoder.counts.numbers import NumberSummary, number_summaries
from themecoder.counts.pairs import pairs
from themecoder.survey.groups import Groups

BOOK = Codebook("b", "1.0.0", tuple(Code(code, code.upper()) for code in CODES))


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_is_that_of_statsmodels(n: int, base: int, level: float) -> None:
    if n > base:
        with pytest.raises(ValueError, match="no share"):
            wilson(n, base, level)
        return
    expected = proportion_confint(n, base, alpha=1 - level, method="wilson")
    found = wilson(n, base, level)
    assert found == pytest.approx(expected, abs=1e-12)
    assert 0 <= found[0] <= n / base <= found[1] <= 1


def test_the_published_example_of_the_interval() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263, 15 of 148, 0 of 20,
    1 of 29."""
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (n, base), bounds in published.items():
        assert tuple(round(one, 4) for one in wilson(n, base)) == bounds


def test_the_effective_base() -> None:
    assert effective_base([1, 1, 1, 1]) == 4
    assert effective_base([2, 2, 2]) == 3  # weights tell of each other only
    assert effective_base([3, 1]) == pytest.approx(16 / 10)
    assert effective_base([0, 0]) == effective_base([]) == 0


def test_pairs_are_those_of_pandas_and_small_ones_are_hidden() -> None:
    """The reasons are given, in the order to show; of 20 respondents who are hidden with them and
    not in the base a number may be small that was not."""
    coded, _, frame = question_by_chance(1, 200, 2)
    joint = frame[list(CODES)].T @ frame[list(CODES)]
    listed = [(a, b) for n, a in enumerate(CODES) for b in CODES[n + 1 :] if joint.loc[a, b]]
    why = {("q", a, b): "guard" if "c5" in (a, b) else None for a, b in listed}
    base = coded.asked[20:]
    found = pairs(coded, {("r", "c0", "c1"): None, **why}, frozenset(base), smallest=5)
    mine = frame.loc[list(base)]
    joint = mine[list(CODES)].T @ mine[list(CODES)]
    assert [(one.code_a, one.code_b) for one in found] == listed
    for one in found:
        n = int(joint.loc[one.code_a, one.code_b])
        if n < 5 or "c5" in (one.code_a, one.code_b):
            assert (one.n, one.expected, one.jaccard) == (None, None, None)
            assert one.suppressed == ("guard" if "c5" in (one.code_a, one.code_b) else "small")
            continue
        a, b = (int(joint.loc[code, code]) for code in (one.code_a, one.code_b))
        assert (one.n, one.suppressed) == (n, None)
        assert (one.expected, one.jaccard) == pytest.approx((a * b / 180, n / (a + b - n)))
    assert {one.suppressed for one in found} == {None, "small", "guard"}


def test_numbers_are_those_of_pandas_with_students_interval() -> None:
    chance = Random(8)
    asked = [f"R{n}" for n in range(90)]
    values = {who: float(chance.randrange(18, 90)) for who in asked if chance.random() < 0.9}
    of = {who: chance.choice(["x", "y", "y", "z"]) for who in asked}
    columns = Breakdown.of([Groups("a", "A", {one: one for one in "xyz"}, of)], asked)
    rows = number_summaries("q", values, asked, columns, smallest=5, level=0.9)
    series = pandas.Series(values).reindex(asked)
    for row in rows:
        mine = series[[row.subgroup in ("all", f"a={of[who]}") for who in asked]]
        given = mine.dropna()
        assert (row.n, row.base_n) == (len(given), len(mine))
        assert (row.mean, row.sd, row.median) == pytest.approx(
            (given.mean(), given.std(), given.median())
        )
        bounds = stats.t.interval(0.9, len(given) - 1, given.mean(), stats.sem(given))
        assert (row.ci_low, row.ci_high) == pytest.approx(bounds)
    assert [row.subgroup for row in rows] == ["all", "a=x", "a=y", "a=z"]


def rows_of(sizes: dict[str, int], smallest: int = 5) -> dict[str, NumberSummary]:
    """Of groups of these sizes, everyone with a number of their own."""
    of = {f"{name}{n}": name for name, size in sizes.items() for n in range(size)}
    values = {who: float(n) for n, who in enumerate(of)}
    columns = Breakdown.of([Groups("a", "A", {name: name for name in sizes}, of)], of)
    found = number_summaries("q", values, list(of), columns, smallest=smallest, level=0.95)
    return {row.subgroup: row for row in found}


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"x": 3, "y": 11, "z": 16}, "xy"),  # y, so that x is not all less y and z
        ({"x": 3, "y": 4, "z": 16}, "xy"),  # of seven: nobody's own
        ({"x": 1, "y": 2, "z": 6, "w": 9}, "xyz"),
        ({"x": 5, "y": 11}, ""),
        ({"x": 2, "y": 30}, "xy"),
    ],
)
def test_a_mean_of_few_and_what_would_give_it_are_not_shown(
    sizes: dict[str, int], hidden: str
) -> None:
    rows = rows_of(sizes)
    assert {name for name, row in rows.items() if row.suppressed} == {f"a={one}" for one in hidden}
    for name in hidden:
        row = rows[f"a={name}"]
        assert row.base_n == sizes[name]
        assert (row.n, row.mean, row.sd, row.median, row.ci_low) == (None,) * 5


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6), st.integers(0, 6))
def test_what_all_less_the_shown_leaves_is_of_nobody_or_of_enough(
    sizes: list[int], smallest: int
) -> None:
    rows = rows_of({f"g{n}_": size for n, size in enumerate(sizes)}, smallest)
    whole = rows.pop("all")
    assert whole.suppressed == (sum(sizes) < smallest)
    left = sum(row.base_n for row in rows.values() if row.suppressed)
    assert left == 0 or left >= smallest or whole.suppressed
    # no more than need be: the largest is hidden only where the others are too few without it
    large = [row for row in rows.values() if row.suppressed and row.base_n >= smallest]
    if large:
        assert left - max(row.base_n for row in large) < smallest


def test_one_number_has_no_spread() -> None:
    (one,) = number_summaries(
        "q", {"R0": 7.0}, ["R0"], Breakdown.of([], ["R0"]), smallest=0, level=0.95
    )
    assert (one.n, one.mean, one.sd, one.ci_low) == (1, 7.0, None, None)


def test_questions_together_count_each_respondent_once() -> None:
    one = CodedQuestion(
        "q1", ("a", "b"), frozenset("a"), {"a": frozenset(["x"]), "b": frozenset(["y"])}
    )
    two = CodedQuestion("q2", ("b", "c"), frozenset("bc"), {"b": frozenset("x"), "c": frozenset()})
    whole = pool([one, two], "all")
    assert (whole.asked, whole.content) == (("a", "b", "c"), frozenset("abc"))
    assert whole.having(["x"]) == {"a", "b"} and whole.having(["x", "y"]) == {"a", "b"}
    # b said nothing with content at q1: what was coded there does not count of the content
    assert pool([one, two], "all", of_content=True).having(["y"]) == frozenset()
