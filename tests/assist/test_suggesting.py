"""What is suggested for a task: what the plan allows, of what was learned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from themecoder.assist.suggest import Suggesting
from themecoder.coding.label_studio.results import Result, Span, read_result
from themecoder.coding.label_studio.tasks import task_data
from themecoder.coding.plan import Planned
from themecoder.coding.suggestions.study_suggestions import LearnedCodes
from themecoder.themes.segments import Segment

TWO = "Veel groen. De buren zijn aardig."
ONE = "Last van geluid"
CODES = ("buren", "geluid", "groen")
LEARNED = LearnedCodes(
    answers=("R1:q1", "R2:q1"),
    codes=CODES,
    probabilities=np.array([[0.8, 0.1, 0.6], [0.3, 0.9, 0.39]]),
    segments=(
        Segment("R1:q1", 0, 11, TWO[:11]),
        Segment("R1:q1", 12, 33, TWO[12:]),
        Segment("R2:q1", 0, 15, ONE),
    ),
    of_segments=np.array([[0.1, 0.2, 0.9], [0.7, 0.3, 0.2], [0.2, 0.9, 0.1]]),
    learned_from=0,
)
ROWS = [
    Planned("q1", "R1:q1", "anna", place=1),
    Planned("q1", "R2:q1", "anna", place=2),
    Planned("q1", "R1:q1", "bert", place=1, blind=True),
    Planned("q1", "R3:q1", "anna", place=3),
]
NOW = Suggesting(
    LEARNED,
    {row.key: row for row in ROWS},
    {"R1:q1": TWO, "R2:q1": ONE, "R3:q1": "-"},
    {"q1": frozenset(CODES)},
)


def task(row: Planned, text: str, **other: Any) -> dict[str, Any]:
    return {"id": 5, "data": task_data(row, "Wat vindt u?", text) | other}


def said(now: Suggesting, one: dict[str, Any]) -> Result:
    (found,) = now.predictions(one)
    return read_result(found["result"], one["data"]["text"], CODES)


def test_likely_codes_are_ticked_and_marked_in_the_segment_that_carries_them() -> None:
    (found,) = NOW.predictions(task(ROWS[0], TWO))
    assert (found["score"], found["model_version"]) == (0.8, NOW.version)
    assert said(NOW, task(ROWS[0], TWO)) == Result(
        ("buren", "groen"), (Span(0, 11, "groen", TWO[:11]), Span(12, 33, "buren", TWO[12:]))
    )


def test_an_answer_of_one_segment_is_ticked_and_not_marked() -> None:
    assert said(NOW, task(ROWS[1], ONE)) == Result(("geluid",))


def test_where_nothing_is_likely_it_is_said_that_nothing_is() -> None:
    # so that it is known what was shown, also where something was pushed before
    assert said(NOW, task(ROWS[3], "-")) == Result()
    unlikely = replace(NOW, learned=replace(LEARNED, probabilities=np.full((2, 3), 0.2)))
    assert said(unlikely, task(ROWS[0], TWO)) == Result()


@pytest.mark.parametrize(
    "asked",
    [
        task(ROWS[2], TWO),
        task(ROWS[2], TWO, blind=False, predictions=[]),
        task(replace(ROWS[0], coder="carla"), TWO),
        task(replace(ROWS[0], round=2), TWO),
        task(replace(ROWS[0], answer_id="R9:q1"), TWO),
        task(ROWS[0], "een andere tekst"),
        task(ROWS[0], TWO, answer_id=None),
        task(ROWS[0], TWO, round="1"),
        {"id": 5, "data": None},
        {"id": 5},
    ],
)
def test_what_is_blind_or_not_planned_so_gets_nothing_at_all(asked: dict[str, Any]) -> None:
    assert NOW.predictions(asked) == []


def test_a_code_that_the_page_does_not_have_is_not_suggested() -> None:
    without = replace(NOW, usable={"q1": frozenset({"buren"})})
    assert said(without, task(ROWS[0], TWO)).codes == ("buren",)
    assert said(replace(NOW, usable={}), task(ROWS[0], TWO)) == Result()


def test_the_version_is_another_one_whenever_suggestions_may_be() -> None:
    others = [
        replace(NOW, learned=replace(LEARNED, probabilities=LEARNED.probabilities + 0.001)),
        replace(NOW, learned=replace(LEARNED, of_segments=LEARNED.of_segments[::-1])),
        replace(NOW, usable={"q1": frozenset({"buren"})}),
    ]
    assert len({NOW.version, *(one.version for one in others)}) == 4
    assert replace(NOW, learned=replace(LEARNED, learned_from=3)).version == NOW.version
    assert NOW.version.startswith("learned-2 ")
