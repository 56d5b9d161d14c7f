"""No small count can be computed back from what is shown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from themecoder.counts.suppression import Relation, bridges, suppress, total

FIVE = 5


def shown(counts: dict[str, int], unions: list[Relation[str]], most: int = 100) -> dict[str, str]:
    return suppress(counts, dict.fromkeys(counts, most), unions, FIVE, lambda key: key == "all")


def test_a_lone_small_count_takes_the_next_smallest_with_it() -> None:
    counts = {"all": 42, "a": 3, "b": 20, "c": 19}
    assert shown(counts, [total("all", "abc")]) == {"a": "small", "c": "guard"}


def test_two_small_counts_guard_each_other() -> None:
    assert shown({"all": 25, "a": 3, "b": 2, "c": 20}, [total("all", "abc")]) == {
        "a": "small",
        "b": "small",
    }


def test_small_counts_that_must_all_be_full_are_guarded() -> None:
    counts = {"all": 28, "a": 4, "b": 4, "c": 20}
    assert shown(counts, [total("all", "abc")])["c"] == "guard"


def test_a_zero_that_follows_is_shown_and_tells_of_nobody() -> None:
    assert shown({"all": 39, "a": 0, "b": 20, "c": 19}, [total("all", "abc")]) == {}


def test_a_net_that_tells_its_only_small_code_is_hidden() -> None:
    counts = {"net": 14, "x": 10, "y": 4}
    hidden = suppress(
        counts,
        dict.fromkeys(counts, 30),
        [Relation("net", (("x", "y"),))],
        FIVE,
        lambda k: k != "net",
    )
    assert hidden == {"y": "small", "net": "guard"}


def test_a_net_that_leaves_its_small_code_open_is_shown() -> None:
    counts = {"net": 12, "x": 10, "y": 4}
    assert shown(counts, [Relation("net", (("x", "y"),))]) == {"y": "small"}


def test_a_net_of_one_code_is_hidden_with_it() -> None:
    assert shown({"net": 3, "x": 3}, [Relation("net", (("x",),))]) == {"net": "small", "x": "small"}
    counts = {"all": 26, "a": 3, "b": 23, "net_all": 26, "net_a": 3, "net_b": 23}
    unions = [
        total("all", ("a", "b")),
        total("net_all", ("net_a", "net_b")),
        *(Relation(f"net_{k}", ((k,),)) for k in ("all", "a", "b")),
    ]
    hidden = suppress(counts, dict.fromkeys(counts, 30), unions, FIVE, lambda k: k.endswith("all"))
    assert set(hidden) == {"a", "b", "net_a", "net_b"}


def test_questions_that_share_nobody_add_up() -> None:
    # of 30 in all 26 at most answered q7 or q15, so that q18 has 4 at least: it is below 5
    counts = {"pool": 30, "q7": 20, "q15": 6, "q18": 4}
    assert shown(counts, [Relation("pool", (("q7", "q15"), ("q18",)))]) == {
        "q18": "small",
        "q15": "guard",
    }


def test_a_bridge_between_rings_is_found() -> None:
    ring = {(r, c) for r in "ab" for c in "12"}
    other = {(r, c) for r in "cd" for c in "34"}
    assert bridges(ring | other) == set()
    assert bridges(ring | other | {("a", "3")}) == {("a", "3")}
    assert bridges({("a", "1")}) == {("a", "1")}


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    width = draw(st.integers(2, 5))
    row = st.lists(st.integers(0, 12), min_size=width, max_size=width)
    return draw(st.lists(row, min_size=1, max_size=5))


@settings(max_examples=200, deadline=None)
@given(tables())
def test_no_hidden_count_follows_from_row_totals(table: list[list[int]]) -> None:
    """Rows with published totals: the range of every hidden small count, by linear programming over
    the row, has more than one value or is that of nobody."""
    counts = {(r, c): n for r, row in enumerate(table) for c, n in enumerate(row)}
    counts |= {(r, -1): sum(row) for r, row in enumerate(table)}
    unions = [total((r, -1), [(r, c) for c in range(len(row))]) for r, row in enumerate(table)]
    hidden = suppress(counts, dict.fromkeys(counts, 60), unions, FIVE, lambda key: key[1] == -1)
    assert {key for key, n in counts.items() if 0 < n < FIVE} <= set(hidden)
    for r, row in enumerate(table):
        cells = [(r, c) for c in range(len(row))]
        # one equation: the cells less the total is zero; what is shown is fixed
        keys = [*cells, (r, -1)]
        bounds = [
            (counts[k], counts[k])
            if k not in hidden
            else (0, FIVE - 1 if hidden[k] == "small" else 60)
            for k in keys
        ]
        equation = [[1.0] * len(cells) + [-1.0]]
        for place, key in enumerate(keys):
            if key not in hidden or counts[key] == 0:
                continue
            aim = [0.0] * len(keys)
            aim[place] = 1.0
            low = linprog(aim, A_eq=equation, b_eq=[0], bounds=bounds)
            high = linprog([-a for a in aim], A_eq=equation, b_eq=[0], bounds=bounds)
            assert low.status == high.status == 0
            assert -high.fun - low.fun > 0.5, (table, hidden, key)
