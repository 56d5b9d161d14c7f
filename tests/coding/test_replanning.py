"""A plan that is changed: what is coded stays, the rest is dealt anew."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.coding.plan import CLAIMS, RANDOM, RECHECK, TEACH, Planned, plan
from themecoder.coding.plan_file import HEADER, read_plan, write_plan
from themecoder.coding.random_part import random_part
from themecoder.coding.replanning import (
    CHANCE_OF,
    in_order,
    with_blind_share,
    with_double_share,
    with_rechecks,
)
from themecoder.errors import InputError

SEED = 7
ANSWERS = [f"r{n:03}:q1" for n in range(100)]
CODERS = ["anna", "bram", "cor"]
Done = set[tuple[str, str]]


def planned(double: float = 0.2, blind: float = 0.2) -> tuple[Planned, ...]:
    return plan({"q1": ANSWERS}, CODERS, double, blind, SEED)


def row_of(rows: tuple[Planned, ...], coder: str) -> list[Planned]:
    return sorted((row for row in rows if row.coder == coder), key=lambda row: row.place)


def coded(rows: tuple[Planned, ...], n: int) -> Done:
    return {row.key[:2] for coder in CODERS for row in row_of(rows, coder)[:n]}


def doubles(rows: tuple[Planned, ...]) -> list[str]:
    return [answer for answer, n in Counter(row.answer_id for row in rows).items() if n > 1]


@given(st.integers(0, 25), st.sampled_from([0.0, 0.1, 0.2, 0.3, 1.0]))
def test_another_double_share_holds_for_the_whole_plan_or_is_refused(n: int, share: float) -> None:
    rows = planned()
    done = coded(rows, n)
    twice = sum(sum(key[0] == answer for key in done) > 1 for answer in ANSWERS)
    if twice > round(100 * share):
        with pytest.raises(InputError) as caught:
            with_double_share(rows, CODERS, share, SEED, done)
        assert caught.value.problems[0].key == "plan.coded_twice"
        assert caught.value.problems[0].params["n"] == twice
        return
    found = with_double_share(rows, CODERS, share, SEED, done)
    assert len(doubles(found)) == round(100 * share)
    assert {row.answer_id for row in found} == set(ANSWERS)
    assert done <= {row.key[:2] for row in found}
    before = {row.key: row for row in rows}
    assert all(before[row.key].place == row.place for row in found if row.key[:2] in done)
    for coder in CODERS:
        places = [row.place for row in row_of(found, coder)]
        assert len(set(places)) == len(places)
    handled = {coder: [a for a, who in done if who == coder] for coder in CODERS}
    part = random_part(found, set(ANSWERS), handled, SEED)
    assert not part.other_order and set(part.waves.values()) == {0}


def test_more_doubles_are_those_that_a_larger_share_would_have_had() -> None:
    assert set(doubles(with_double_share(planned(), CODERS, 0.4, SEED, set()))) == set(
        doubles(planned(0.4))
    )
    less = with_double_share(planned(0.4), CODERS, 0.2, SEED, set())
    assert set(doubles(less)) == set(doubles(planned()))


def test_pairs_stay_balanced() -> None:
    found = with_double_share(planned(0.0), CODERS, 0.6, SEED, set())
    pairs = Counter(
        tuple(sorted(row.coder for row in found if row.answer_id == answer))
        for answer in doubles(found)
    )
    assert set(pairs.values()) == {20}


@given(st.integers(0, 30), st.sampled_from([0.0, 0.5, 1.0]))
def test_another_blind_share_holds_for_what_is_not_done(n: int, share: float) -> None:
    rows = planned()
    done = coded(rows, n)
    found = with_blind_share(rows, share, SEED, done)
    before = {row.key: row.blind for row in rows}
    for coder in CODERS:
        left = [row for row in row_of(found, coder) if row.key[:2] not in done]
        assert sum(row.blind for row in left) == round(share * len(left))
    assert all(row.blind == before[row.key] for row in found if row.key[:2] in done)
    assert with_blind_share(found, share, SEED, done) == found


@pytest.mark.parametrize("by", [TEACH, CLAIMS])
def test_a_chosen_order_takes_turns_with_chance(by: str) -> None:
    rows = planned()
    done = coded(rows, 5)
    twice = set(doubles(rows))
    chosen = ANSWERS[::-1]
    found = in_order(rows, {"q1": chosen}, by, SEED, done)
    for coder in CODERS:
        before = [row for row in row_of(rows, coder) if row.key[:2] not in done]
        after = [row for row in row_of(found, coder) if row.key[:2] not in done]
        assert {row.key for row in before} == {row.key for row in after}
        turns = [row.by for row in after]
        assert turns[0] == RANDOM and turns[1 : CHANCE_OF[by]] == [by] * (CHANCE_OF[by] - 1)
        # chance goes on in its own order, passing over what was chosen
        by_chance = [row.answer_id for row in after if row.by == RANDOM]
        assert by_chance == [r.answer_id for r in before if r.answer_id in set(by_chance)]
        ahead = [row.answer_id for row in after if row.by == by]
        assert ahead == [answer for answer in chosen if answer in set(ahead)]
        assert not twice & set(ahead)
    again = in_order(found, {}, RANDOM, SEED, done)
    assert [row.key for c in CODERS for row in row_of(again, c)] == [
        row.key for c in CODERS for row in row_of(rows, c)
    ]


def test_another_share_leaves_a_chosen_order_its_turns() -> None:
    done = coded(planned(), 5)
    found = in_order(planned(), {"q1": ANSWERS[:30]}, TEACH, SEED, done)
    more = with_double_share(found, CODERS, 0.3, SEED, done)
    assert [r.answer_id for r in row_of(found, "anna") if r.by == TEACH] == [
        r.answer_id for r in row_of(more, "anna") if r.by == TEACH
    ]


def test_a_recheck_is_a_blind_task_of_another_coder_and_comes_first() -> None:
    rows = planned(double=0.0)
    done = coded(rows, 10)
    likely = sorted(answer for answer, _ in done)
    found = with_rechecks(rows, [ANSWERS[-1], *likely], 6, CODERS, SEED, done)
    added = [row for row in found if row.by == RECHECK]
    first = dict(done)
    assert len(added) == 6 and all(row.blind for row in added)
    assert all(first[row.answer_id] != row.coder for row in added)
    for row in added:
        open_rows = [one for one in row_of(found, row.coder) if one.key[:2] not in done]
        assert row in open_rows[:6]
    # it is no part of what chance drew
    handled = {coder: [a for a, who in done if who == coder] for coder in CODERS}
    assert random_part(found, set(ANSWERS), handled, SEED).drawn == set(likely)
    with pytest.raises(InputError):
        with_rechecks(rows, likely, 1, ["anna"], SEED, done)


def test_a_plan_of_an_earlier_version_is_read_and_written_with_its_waves(tmp_path: Path) -> None:
    later = [f"s{n:03}:q1" for n in range(20)]
    rows = plan({"q1": [*ANSWERS, *later]}, CODERS, 0.2, 0.2, SEED, planned())
    file = tmp_path / "plan.csv"
    write_plan(file, rows)
    assert read_plan(file) == rows
    lines = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == list(HEADER)
    old = "".join(",".join(cells[:-2]) + "\n" for cells in lines)
    file.write_text(old, encoding="utf-8")
    read = read_plan(file)
    assert {(row.by, row.wave) for row in read} == {(RANDOM, None)}
    # nothing new to plan: the waves are what the places said
    assert plan({"q1": [*ANSWERS, *later]}, CODERS, 0.2, 0.2, SEED, read) == rows


def test_an_order_that_is_none_is_told_with_row_and_column(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    write_plan(file, planned())
    text = file.read_text(encoding="utf-8").replace("random,0", "guess,-1", 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(file)
    assert {(one.row, one.column) for one in caught.value.problems} == {(2, "by"), (2, "wave")}


def test_a_plan_that_somebody_changed_is_read_anew_whatever_its_time_says(tmp_path: Path) -> None:
    """What was read is kept by what stood in the file, which a time can hide."""
    file = tmp_path / "plan.csv"
    write_plan(file, planned())
    before = read_plan(file)
    state = file.stat()
    other = tuple(row for row in before if row.coder != "cor")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(",cor,", ",dor,"), encoding="utf-8")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert {row.coder for row in read_plan(file)} == {"anna", "bram", "dor"}
    file.write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(InputError):
        read_plan(file)
    write_plan(file, other)
    assert read_plan(file) == other
