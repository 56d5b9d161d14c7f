"""Which coded answers were drawn by chance, by the plan."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.autocoding.coded_by_chance import coded_by_chance
from themecoder.coding.plan import Planned, plan

SEED = 7
ANSWERS = [f"r{n:03}:q1" for n in range(120)]


def planned(answers: list[str] = ANSWERS, known: tuple[Planned, ...] = ()) -> tuple[Planned, ...]:
    return plan({"q1": answers}, ["anna", "bram"], 0.2, 0.0, SEED, known)


def in_order(rows: tuple[Planned, ...], coder: str) -> list[str]:
    own = sorted((row for row in rows if row.coder == coder), key=lambda row: row.place)
    return [row.answer_id for row in own]


@given(st.integers(0, 60), st.integers(0, 60))
def test_who_keeps_to_the_order_draws_by_chance(anna: int, bram: int) -> None:
    rows = planned()
    done = {"anna": in_order(rows, "anna")[:anna], "bram": in_order(rows, "bram")[:bram]}
    found = coded_by_chance(rows, done, SEED)
    assert found.drawn == {*done["anna"], *done["bram"]}
    assert not found.picked and not found.passed_over and not found.later and found.in_order
    assert found.left == set(ANSWERS) - found.drawn


def test_an_answer_that_was_passed_over_is_left_to_people() -> None:
    rows = planned()
    order = in_order(rows, "anna")
    # one that only she codes
    late = next(a for a in order[10:] if a not in in_order(rows, "bram"))
    found = coded_by_chance(rows, {"anna": [a for a in order[:40] if a != late]}, SEED)
    assert found.passed_over == {late} and late not in found.left and len(found.drawn) == 39


def test_who_picks_answers_does_not_draw_them() -> None:
    rows = planned()
    order = in_order(rows, "anna")
    found = coded_by_chance(rows, {"anna": [*order[:20], *order[40:60]]}, SEED)
    assert found.drawn == set(order[:20]) and found.picked == set(order[40:60])
    assert not found.in_order


def test_somebody_without_tasks_picks() -> None:
    rows = planned()
    found = coded_by_chance(rows, {"cor": ANSWERS[:30]}, SEED)
    assert not found.drawn and found.picked == set(ANSWERS[:30])


def test_an_order_that_is_not_the_one_of_chance_is_none() -> None:
    by_id = {row.answer_id: place for place, row in enumerate(sorted(planned()), start=1)}
    rows = tuple(replace(row, place=by_id[row.answer_id]) for row in planned())
    found = coded_by_chance(rows, {"anna": in_order(rows, "anna")}, SEED)
    assert len(found.drawn) < 10
    assert (
        len(coded_by_chance(planned(), {"anna": in_order(planned(), "anna")}, SEED + 1).drawn) < 10
    )


def test_answers_that_came_in_later_are_not_stood_for() -> None:
    first = planned(ANSWERS[:90])
    rows = planned(ANSWERS, first)
    found = coded_by_chance(rows, {"anna": in_order(rows, "anna")[:30]}, SEED)
    assert len(found.drawn) == 30
    assert found.later >= set(ANSWERS[90:]) - found.left and len(found.later) > 25
    assert not found.left & found.later


@pytest.mark.parametrize("missed", [0, 1, 2])
def test_few_left_out_do_not_end_the_order(missed: int) -> None:
    rows = planned()
    order = in_order(rows, "anna")
    found = coded_by_chance(rows, {"anna": [*order[missed:50]]}, SEED)
    assert len(found.drawn) == 50 - missed
