"""Which coded answers are a random part, by the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from themecoder.coding.plan import Planned, plan
from themecoder.coding.random_part import RandomPart, random_part

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
    assert found.reached == {*seen["anna"], *seen["bram"]}
    assert found.behind == 0 and not found.other_order
    assert set(found.waves.values()) == {0} and found.waves.keys() == set(ANSWERS)


def test_what_is_coded_behind_an_answer_that_is_not_does_not_belong_to_it() -> None:
    rows = planned()
    own = rows_of(rows, "anna")
    found = part(rows, {"anna": [*own[:10], *own[11:31]]})
    assert found.reached == set(own[:10]) and found.behind == 20
    closed = part(rows, {"anna": own[:31]})
    assert closed.reached == set(own[:31]) and closed.behind == 0


def test_an_answer_that_one_coder_reached_belongs_to_it_wherever_another_stands() -> None:
    rows = planned()
    own = rows_of(rows, "anna")
    both = next(a for a in own if a in rows_of(rows, "bram")[30:])
    found = part(rows, {"anna": own, "bram": [both]})
    assert both in found.reached and found.behind == 0


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
    assert len(found.reached) == 9


def test_every_answer_is_as_often_in_the_part_as_any_other() -> None:
    """Over many seeds; half of each coder's row is coded. Doubly coded answers are drawn too."""
    times = np.zeros(len(ANSWERS))
    draws = 300
    for seed in range(draws):
        rows = plan({"q1": ANSWERS}, CODERS, 0.2, 0.0, seed)
        seen = {coder: rows_of(rows, coder)[:30] for coder in CODERS}
        reached = random_part(rows, set(ANSWERS), seen, seed).reached
        times += [answer in reached for answer in ANSWERS]
    share = times.mean() / draws
    spread = np.sqrt(share * (1 - share) / draws)
    off = np.abs(times / draws - share) / spread
    assert off.max() < 4.5 and 0.8 < times.std() / (spread * draws) < 1.2
