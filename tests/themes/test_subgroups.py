"""Themes by subgroup: right counts, and no small count that can be read or worked out."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.themes.subgroups import Cell, Crosstab, crosstab

SMALLEST = 5


def table(counts: list[list[int]], rest: list[int] | None = None) -> Crosstab:
    """A table of these counts per theme (row) and value (column); each answer in one theme.

    ``rest`` are the answers of each value in no theme.
    """
    values: dict[str, set[str]] = {f"v{c}": set() for c in range(len(counts[0]))}
    members: dict[int, set[str]] = {}
    for theme, row in enumerate(counts, start=1):
        members[theme] = set()
        for value, n in enumerate(row):
            own = {f"{theme}-{value}-{i}" for i in range(n)}
            values[f"v{value}"] |= own
            members[theme] |= own
    for value, n in enumerate(rest or []):
        values[f"v{value}"] |= {f"none-{value}-{i}" for i in range(n)}
    answers = set().union(*values.values())
    return crosstab("x", values, members, answers, smallest_cell=SMALLEST, unknown="onbekend")


def numbers(result: Crosstab) -> list[list[int | str | None]]:
    return [[cell.hidden or cell.n for cell in row] for row in result.rows.values()]


def test_counts_and_bases_are_those_of_the_answers_with_content() -> None:
    result = table([[10, 20], [30, 6]], rest=[60, 4])
    assert numbers(result) == [[10, 20], [30, 6]]
    assert [(column.label, column.base) for column in result.columns] == [("v0", 100), ("v1", 30)]


def test_a_small_cell_is_hidden_and_guarded_against_its_row_total() -> None:
    assert numbers(table([[3, 20, 8], [9, 9, 9]], rest=[9, 9, 9])) == [
        ["small", 20, "guard"],
        [9, 9, 9],
    ]


def test_a_lone_zero_tells_of_nobody_and_costs_no_guard() -> None:
    assert numbers(table([[0, 20, 8], [9, 9, 9]], rest=[9] * 3))[0] == ["small", 20, 8]


def test_small_cells_that_must_all_be_full_are_guarded_too() -> None:
    # 4 + 4: the sum of two hidden cells of at most 4 is 8 in one way only
    hidden = numbers(table([[4, 4, 8, 9], [9, 9, 9, 9]], rest=[9] * 4))
    assert hidden[0] == ["small", "small", "guard", 9]


def test_columns_are_guarded_where_the_themes_hold_every_answer_once() -> None:
    hidden = numbers(table([[3, 20, 8], [9, 9, 9], [9, 9, 9]]))
    assert sum(row[0] is not None and not isinstance(row[0], int) for row in hidden) == 2


def test_values_may_overlap() -> None:
    """Of a question with several options a respondent counts under each option ticked."""
    answers = {str(i) for i in range(20)}
    result = crosstab(
        "x",
        {"a": answers, "b": {str(i) for i in range(12)}},
        {1: answers},
        answers,
        smallest_cell=SMALLEST,
        unknown="onbekend",
    )
    assert numbers(result) == [[20, 12]]


def test_answers_of_no_value_have_their_own_column() -> None:
    answers = {str(i) for i in range(20)}
    result = crosstab(
        "x",
        {"a": {str(i) for i in range(9)}},
        {1: answers},
        answers,
        smallest_cell=SMALLEST,
        unknown="onbekend",
    )
    assert [(column.label, column.base) for column in result.columns] == [
        ("a", 9),
        ("onbekend", 11),
    ]


def test_a_value_without_a_count_to_show_has_no_column() -> None:
    result = table([[2, 30, 40, 3], [1, 20, 30, 4]], rest=[0, 9, 9, 0])
    assert result.left_out == ("v0", "v3")
    assert [column.label for column in result.columns] == ["v1", "v2"]


def test_deviation_is_the_adjusted_residual() -> None:
    # by hand: n = 30, expected 40 * 50 / 100 = 20, sqrt(20 * .6 * .5) = 2.4495
    cells = table([[30, 10], [20, 40]]).rows[1]
    assert [cell.deviation for cell in cells] == pytest.approx([4.0825, -4.0825], abs=1e-4)


def test_no_deviation_where_few_are_expected() -> None:
    assert table([[6, 5], [60, 5]]).rows[1][1] == Cell(5, None, None)


small_tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


@given(small_tables)
def test_no_small_count_is_shown(counts: list[list[int]]) -> None:
    for row in table(counts, rest=[1] * len(counts[0])).rows.values():
        assert all(cell.n is None or cell.n >= SMALLEST for cell in row)


@given(small_tables)
def test_a_row_total_gives_no_small_count_away(counts: list[list[int]]) -> None:
    """Whoever knows a theme's size finds two or more values for every hidden count from 1 to 4.

    Tried out by listing every row that fits what is shown. Where all cells of a row are small
    there is nothing left to guard with: the theme itself is then all there is to tell.
    """
    result = table(counts, rest=[10] * len(counts[0]))
    names = [column.label for column in result.columns]
    for row, cells in zip(counts, result.rows.values(), strict=True):
        by_name = dict(zip(names, cells, strict=True))
        shown = [by_name.get(f"v{i}", Cell(None, "small", None)) for i in range(len(row))]
        if all(cell.hidden == "small" for cell in shown):
            continue
        ranges = [
            [cell.n]
            if cell.n is not None
            else range(SMALLEST)
            if cell.hidden == "small"
            else range(SMALLEST, sum(row) + 1)
            for cell in shown
        ]
        fits = [guess for guess in product(*ranges) if sum(guess) == sum(row)]
        assert tuple(row) in fits
        for i, cell in enumerate(shown):
            if cell.hidden == "small" and row[i] > 0:
                assert len({guess[i] for guess in fits}) > 1
