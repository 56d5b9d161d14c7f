"""Tests of differences between groups, held against scipy and loops over all tables."""

from __future__ import annotations

from itertools import product
from math import comb
from random import Random

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from coded_frames import CODES, question_by_chance
from themecoder.codebook.model import Code, Codebook
from themecoder.coding.coded import CodedQuestion
from themecoder.counts import table_tests
from themecoder.counts.differences import (
    CountDifference,
    count_differences,
    expected_by_chance,
    number_of_tests,
    shown_differences,
)
from themecoder.counts.layout import Breakdown
from themecoder.counts.sampling import SamplingDesign, rao_scott
from themecoder.counts.table_tests import drawn_p, exact_p, number_of_tables, table_test
from themecoder.counts.tables import open_table
from themecoder.survey.groups import Groups

BOOK = Codebook("b", "1.0.0", tuple(Code(code, code.upper()) for code in CODES))


def differences(
    coded: CodedQuestion, attribute: Groups, design: SamplingDesign | None = None
) -> list[CountDifference]:
    columns = Breakdown.of([attribute], coded.asked)
    return count_differences([open_table(coded, BOOK)], columns, design=design)


def by_loop(having: list[int], bases: list[int]) -> float:
    """Freeman and Halton's p by a loop over all tables, in whole numbers."""

    def ways(table: tuple[int, ...]) -> int:
        result = 1
        for n, base in zip(table, bases, strict=True):
            result *= comb(base, n)
        return result

    total = sum(having)
    free = product(*(range(min(b, total) + 1) for b in bases[:-1]))
    tables = [(*t, total - sum(t)) for t in free if 0 <= total - sum(t) <= bases[-1]]
    own = ways(tuple(having))
    return sum(ways(t) for t in tables if ways(t) <= own) / sum(ways(t) for t in tables)


@pytest.mark.parametrize(("people", "groups"), [(300, 2), (300, 4), (60, 4), (30, 2), (14, 2)])
def test_differences_are_those_of_scipy_corrected_as_by_statsmodels(
    people: int, groups: int
) -> None:
    kinds = set()
    for seed in range(12):
        coded, attribute, frame = question_by_chance(seed, people, groups)
        rows = {one.code: one for one in differences(coded, attribute)}
        assert list(rows) == list(CODES)
        sides = {tuple(frame[code] ^ frame[code].iloc[0]): rows[code] for code in CODES}
        tested = [one for one in sides.values() if one.p is not None]
        holm = multipletests([one.p for one in tested], method="holm")[1]
        assert [one.p_adjusted for one in tested] == pytest.approx(list(holm))
        assert {one.tested for one in tested} == {len(tested)} == {number_of_tests(rows.values())}
        for code, row in rows.items():
            table = pandas.crosstab(frame[code], frame["group"])
            kinds.add(row.test or row.not_tested)
            if len(table) < 2:
                assert row.not_tested == "same_everywhere"
                continue
            chi = stats.chi2_contingency(table, correction=False)
            expected = chi.expected_freq
            assert row.effect == pytest.approx(stats.contingency.association(table, "cramer"))
            assert row.groups == tuple(f"a={name}" for name in table.columns)
            if expected.min() >= 1 and (expected < 5).sum() <= 0.2 * expected.size:
                assert (row.test, row.df) == ("chi_square", groups - 1)
                assert (row.statistic, row.p) == pytest.approx((chi.statistic, chi.pvalue))
                continue
            assert (row.test, row.statistic) == ("fisher", None)
            if groups == 2:
                assert row.p == pytest.approx(stats.fisher_exact(table)[1])
            else:
                bases = table.sum().tolist()
                assert row.p == pytest.approx(by_loop(table.loc[1].tolist(), bases))
    assert "chi_square" in kinds if people == 300 else "fisher" in kinds


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=2, max_size=4))
@settings(deadline=None)
def test_the_exact_p_is_that_of_a_loop_over_all_tables(groups: list[tuple[int, int]]) -> None:
    bases = [base for base, _ in groups]
    having = [min(n, base) for base, n in groups]
    assert exact_p(having, bases) == pytest.approx(by_loop(having, bases))
    ways = [t for t in product(*(range(b + 1) for b in bases)) if sum(t) == sum(having)]
    assert number_of_tables(bases, sum(having)) == len(ways)


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1)), min_size=2, max_size=5), st.data())
@settings(deadline=None, max_examples=40)
def test_neither_the_order_of_groups_nor_taking_the_complement_changes_a_test(
    groups: list[tuple[int, float]], data: st.DataObject
) -> None:
    bases = [base for base, _ in groups]
    having = [round(share * base) for base, share in groups]
    if sum(having) in (0, sum(bases)):
        with pytest.raises(ValueError, match="no table"):
            table_test(having, bases, 1)
        return
    order = data.draw(st.permutations(range(len(bases))))
    one = table_test(having, bases, 1)
    moved = table_test([having[n] for n in order], [bases[n] for n in order], 1)
    other = table_test([b - n for n, b in zip(having, bases, strict=True)], bases, 1)
    assert one.test == moved.test == other.test and 0 < one.p <= 1
    assert (one.p, one.effect) == pytest.approx((moved.p, moved.effect))
    assert (one.p, one.effect) == pytest.approx((other.p, other.effect))


@pytest.mark.parametrize(
    ("having", "bases"),
    [([2, 20, 3, 0], [172, 22, 95, 5]), ([8, 3, 2, 1], [60, 20, 40, 9]), ([4, 1, 0], [30, 30, 4])],
)
def test_the_drawn_p_is_the_exact_one_within_what_chance_allows(
    having: list[int], bases: list[int]
) -> None:
    """5 standard errors, and never below one in all that were drawn."""
    exact = exact_p(having, bases)
    drawn = table_tests.DRAWN
    assert drawn_p(having, bases, 3) == drawn_p(having, bases, 3) >= 1 / (1 + drawn)
    size = table_tests.DRAWN_FIRST if exact > table_tests.CLEARLY_LARGE else drawn
    error = (exact * (1 - exact) / size) ** 0.5
    assert drawn_p(having, bases, 3) == pytest.approx(exact, abs=5 * error + 1 / (1 + drawn))


def test_where_there_are_too_many_tables_they_are_drawn() -> None:
    having, bases = [60, 14, 3, 2, 0, 1], [200, 190, 140, 130, 5, 9]
    found = table_test(having, bases, 7)
    assert number_of_tables(bases, sum(having)) > table_tests.MOST_TABLES
    assert (found.test, found.p, found.statistic) == ("monte_carlo", 1 / 100_000, None)


def test_a_strong_difference_is_tested_though_its_groups_are_not_shown() -> None:
    """20 of 22 against 2 of 172, 3 of 95 and 0 of 5: with fewer than 5 hidden one group is left."""
    sizes, having = {"a": 172, "b": 22, "c": 95, "d": 5}, {"a": 2, "b": 20, "c": 3, "d": 0}
    of = {f"{name}{n}": name for name, size in sizes.items() for n in range(size)}
    codes = {who: frozenset(["c0"] if int(who[1:]) < having[who[0]] else []) for who in of}
    coded = CodedQuestion("q", tuple(of), frozenset(of), codes)
    (row, *_) = differences(coded, Groups("g", "G", {name: name for name in sizes}, of))
    assert (row.test, row.groups) == ("fisher", ("g=a", "g=b", "g=c", "g=d"))
    assert row.p is not None and row.p < 1e-20


def test_a_question_and_its_complement_are_one_test() -> None:
    """Yes and no divide the same respondents; a third row that is in neither is another test."""
    coded, attribute, _ = question_by_chance(3, 200, 3)
    codes = {who: own & {"c0", "c2"} for who, own in coded.codes.items()}
    codes = {who: own | (frozenset() if "c0" in own else {"c1"}) for who, own in codes.items()}
    two_sided = CodedQuestion("q", coded.asked, coded.content, codes)
    yes, no, third, *_ = differences(two_sided, attribute)
    assert (yes.p, yes.p_adjusted, yes.effect) == (no.p, no.p_adjusted, no.effect)
    assert yes.tested == third.tested == 2
    assert (yes.code, no.code) == ("c0", "c1")
    holm = multipletests([yes.p, third.p], method="holm")[1]
    assert [yes.p_adjusted, third.p_adjusted] == pytest.approx(list(holm))
    assert number_of_tests([yes, no, third]) == 2 and expected_by_chance(2) == pytest.approx(0.1)


def test_those_without_a_value_are_no_group() -> None:
    coded, attribute, _ = question_by_chance(5, 80, 2)
    known = dict(list(attribute.of.items())[:60])
    rows = differences(coded, Groups("a", "A", attribute.labels, known))
    assert {row.groups for row in rows} == {("a=0", "a=1")}


def test_one_group_is_no_difference() -> None:
    coded, attribute, _ = question_by_chance(5, 40, 1)
    assert {row.not_tested for row in differences(coded, attribute)} == {"one_group"}
    assert number_of_tests(differences(coded, attribute)) == 0


def test_what_gives_a_hidden_count_away_is_not_shown_but_is_among_the_tests() -> None:
    """With hidden counts a p is rough, and withheld where a hidden count follows from it."""
    coded, attribute, _ = question_by_chance(1, 300, 3)
    rows = differences(coded, attribute)
    n = {(row.question, row.code, group): 40 for row in rows for group in row.groups}
    bases = {(row.question, group): 100 for row in rows for group in row.groups}
    hidden = {("q", "c0", "a=1"), ("q", "c0", "a=2"), ("q", "c1", "a=0")}
    n |= {("q", "c0", "a=1"): 2, ("q", "c0", "a=2"): 0, ("q", "c1", "a=0"): 2}
    first, second, *others = shown_differences(rows, n, bases, hidden, 5)
    assert others == rows[2:]
    assert rows[0].p is not None and rows[0].p < 0.001
    assert (first.p_is, first.p, first.p_adjusted_is, first.p_adjusted) == ("below", 0.001) * 2
    assert (first.test, first.not_tested) == (rows[0].test, None)
    assert (first.statistic, first.effect, first.df, first.df2) == (None,) * 4
    # one hidden count alone follows from the total: then not even a rough p is shown
    assert (second.p, second.p_adjusted, second.test) == (None, None, None)
    assert (second.not_tested, second.tested) == ("withheld", rows[1].tested)
    assert number_of_tests([first, second, *others]) == number_of_tests(rows)


def test_a_weighted_study_is_tested_by_its_design() -> None:
    coded, attribute, frame = question_by_chance(2, 200, 3)
    chance = Random(4)
    weights = {who: chance.uniform(0.5, 2) for who in coded.asked}
    clusters = {who: str(chance.randrange(25)) for who in coded.asked}
    design = SamplingDesign.of(weights, None, clusters)
    for row in differences(coded, attribute, design):
        groups = [frame.index[frame["group"] == name].tolist() for name in "012"]
        expected = rao_scott(design, frame.index[frame[row.code] == 1].tolist(), groups)
        assert expected is not None
        assert (row.test, row.p, row.df2) == ("rao_scott", expected.p, expected.df2)
    one_cluster = SamplingDesign.of(weights, None, dict.fromkeys(weights, "x"))
    found = {row.not_tested for row in differences(coded, attribute, one_cluster)}
    assert found == {"no_variance"}
