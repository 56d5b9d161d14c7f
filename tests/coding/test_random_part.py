"""Which coded answers are a random part, by the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.coding.plan import RANDOM, TEACH, Planned, plan
from themecoder.coding.random_part import RandomPart, random_part
from themecoder.coding.replanning import in_order

SEED = 7
ANSWERS = [f"r{n:03}:q1" for n in range(200)]
CODERS = ["anna", "bram"]


def planned(answers: list[str] = ANSWERS, known: tuple[Planned, ...] = ()) -> tuple[Planned, ...]:
    return plan({"q1": answers}, CODERS, 0.2, 0.2, SEED, known)


def rows_of(rows: tuple[Planned, ...], coder: str) -> list[str]:
    own = sorted((row for row in rows if row.coder == coder), key=lambda row: row.place)
    return [row.answer_id for row in own]


def part(rows: tuple[Planned, ...], seen: dict[str, list[str]]) -> RandomPart:
    return random_part(rows, {row.answer_id for row in rows}, seen, SEED)


def test_who_codes_from_the_top_codes_a_random_part() -> None:
    rows = planned()
    seen = {"anna": rows_of(rows, "anna")[:20], "bram": rows_of(rows, "bram")[:5]}
    found = part(rows, seen)
    assert found.drawn == {*seen["anna"], *seen["bram"]}
    assert found.ahead == 0 and not found.other_order
    assert set(found.waves.values()) == {0} and found.waves.keys() == set(ANSWERS)


def test_what_is_coded_behind_many_that_are_not_does_not_belong_to_it() -> None:
    rows = planned()
    own = rows_of(rows, "anna")
    found = part(rows, {"anna": [*own[:10], *own[15:31]]})
    assert found.drawn == set(own[:10]) and found.ahead == 16
    assert found.picked == set(own[15:31]) and not found.in_order
    closed = part(rows, {"anna": own[:31]})
    assert closed.drawn == set(own[:31]) and closed.ahead == 0 and closed.in_order


def test_an_answer_that_one_coder_reached_belongs_to_it_wherever_another_stands() -> None:
    rows = planned()
    own = rows_of(rows, "anna")
    both = next(a for a in own if a in rows_of(rows, "bram")[30:])
    found = part(rows, {"anna": own, "bram": [both]})
    assert both in found.drawn and found.ahead == 0


def test_an_order_that_chance_did_not_draw_is_named() -> None:
    rows = planned()
    by_id = {row.key: n for n, row in enumerate(sorted(rows, key=lambda row: row.answer_id), 1)}
    chosen = tuple(
        replace(row, place=by_id[row.key]) if row.coder == "anna" else row for row in rows
    )
    assert part(chosen, {"anna": rows_of(chosen, "anna")[:40]}).other_order == ("anna",)
    # drawn by another seed it is another order too
    assert random_part(rows, set(ANSWERS), {}, SEED + 1).other_order == ("anna", "bram")


def test_answers_that_came_in_later_are_a_wave_of_their_own() -> None:
    later = [f"s{n:03}:q1" for n in range(60)]
    rows = planned([*ANSWERS, *later], planned())
    found = part(rows, {coder: rows_of(rows, coder) for coder in CODERS})
    assert {found.waves[answer] for answer in ANSWERS} == {0}
    assert {found.waves[answer] for answer in later} == {1}
    assert not found.other_order


def test_coding_again_in_a_later_round_is_no_part_of_it() -> None:
    rows = planned()
    again = tuple(replace(row, round=2) for row in rows if row.coder == "anna")
    found = part((*rows, *again), {"anna": rows_of(rows, "anna")[:9]})
    assert len(found.drawn) == 9


def test_every_answer_is_as_often_in_the_part_as_any_other() -> None:
    """Over many seeds; half of each coder's row is coded. Doubly coded answers are drawn too."""
    times = np.zeros(len(ANSWERS))
    draws = 300
    for seed in range(draws):
        rows = plan({"q1": ANSWERS}, CODERS, 0.2, 0.0, seed)
        seen = {coder: rows_of(rows, coder)[:30] for coder in CODERS}
        reached = random_part(rows, set(ANSWERS), seen, seed).drawn
        times += [answer in reached for answer in ANSWERS]
    share = times.mean() / draws
    spread = np.sqrt(share * (1 - share) / draws)
    off = np.abs(times / draws - share) / spread
    assert off.max() < 4.5 and 0.8 < times.std() / (spread * draws) < 1.2


@given(st.integers(0, 60), st.integers(0, 60))
def test_who_keeps_to_the_order_draws_by_chance(anna: int, bram: int) -> None:
    rows = planned()
    done = {"anna": rows_of(rows, "anna")[:anna], "bram": rows_of(rows, "bram")[:bram]}
    found = part(rows, done)
    assert found.drawn == found.of_left == {*done["anna"], *done["bram"]}
    assert not found.picked and not found.passed_over and found.in_order
    assert found.left == set(ANSWERS) - found.drawn


@pytest.mark.parametrize("missed", [0, 1, 2])
def test_few_left_out_do_not_end_the_order(missed: int) -> None:
    rows = planned()
    own = rows_of(rows, "anna")
    found = part(rows, {"anna": own[missed:50]})
    alone = set(own[:missed]) - set(rows_of(rows, "bram"))
    assert found.drawn == set(own[missed:50]) and alone <= found.passed_over
    assert not alone & found.left


def test_somebody_without_tasks_picks() -> None:
    found = part(planned(), {"cor": ANSWERS[:30]})
    assert not found.drawn and found.picked == set(ANSWERS[:30]) and not found.in_order


def ordered(rows: tuple[Planned, ...], done: set[str], n: int) -> tuple[Planned, ...]:
    """The next of anna's tasks are those with the highest ids."""
    chosen = sorted(set(ANSWERS) - done, reverse=True)[:n]
    keys = {(answer, "anna") for answer in done}
    return in_order(rows, {"q1": chosen}, TEACH, SEED, keys)


def alone(answers: list[str] = ANSWERS) -> tuple[Planned, ...]:
    return plan({"q1": answers}, ["anna"], 0.0, 0.0, SEED)


def test_what_was_chosen_belongs_to_it_as_soon_as_chance_comes_there() -> None:
    first = alone()
    drawn = rows_of(first, "anna")
    rows = ordered(first, set(drawn[:10]), 60)
    by = {row.answer_id: row.by for row in rows}
    row = rows_of(rows, "anna")
    assert row[:10] == drawn[:10]
    done = set(row[:60])
    found = part(rows, {"anna": list(done)})
    # the drawn order up to the last turn of chance, with what was chosen on the way
    last = max(n for n, answer in enumerate(drawn) if answer in done and by[answer] == RANDOM)
    assert found.drawn == set(drawn[: last + 1]) and len(found.drawn) > 20
    assert {by[answer] for answer in found.drawn} == {RANDOM, TEACH}
    assert found.ahead == len(done - found.drawn) > 0


def test_what_was_drawn_before_a_choice_does_not_stand_for_what_is_left() -> None:
    first = alone()
    drawn = rows_of(first, "anna")
    rows = ordered(first, set(drawn[:30]), 40)
    done = rows_of(rows, "anna")[:110]
    found = part(rows, {"anna": done})
    chosen = {row.answer_id: row.place for row in rows if row.by == TEACH}
    last = max(chosen.values())
    behind = {row.answer_id for row in rows if row.place > last}
    assert found.of_left <= found.drawn and found.in_order and len(found.picked) <= 4
    # hardly any answer was chosen after these were drawn
    assert not set(drawn[:30]) & found.of_left and len(found.of_left & behind) >= 20
    assert len(found.of_left - behind) <= 5
    assert found.left == set(ANSWERS) - set(done)


def test_a_chosen_order_draws_every_other_answer_as_often_as_the_next() -> None:
    """Half of the answers are never chosen; over many seeds chance takes each as often."""
    times = np.zeros(len(ANSWERS))
    draws = 400
    for seed in range(draws):
        rows = plan({"q1": ANSWERS}, ["anna"], 0.0, 0.0, seed)
        done: set[str] = set(rows_of(rows, "anna")[:20])
        for _ in range(3):
            keys = {(answer, "anna") for answer in done}
            chosen = [answer for answer in ANSWERS[100:] if answer not in done][:20]
            rows = in_order(rows, {"q1": chosen}, TEACH, seed, keys)
            done |= set([one for one in rows_of(rows, "anna") if one not in done][:25])
        found = random_part(rows, set(ANSWERS), {"anna": done}, seed).drawn
        times += [answer in found for answer in ANSWERS]
    chosen_half, other_half = times[100:].mean() / draws, times[:100].mean() / draws
    assert abs(chosen_half - other_half) < 0.02
    for half in (times[:100], times[100:]):
        share = half.mean() / draws
        assert np.abs(half / draws - share).max() < 4.5 * np.sqrt(share * (1 - share) / draws)
