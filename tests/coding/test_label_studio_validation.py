"""What Label Studio's own kit says of pages, tasks and predictions before they are sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from themecoder.adjudication.label_studio.config import VOTES, adjudication_config
from themecoder.codebook.files.document import read_document
from themecoder.coding.label_studio.config import label_config
from themecoder.coding.label_studio.tasks import prediction, task_data
from themecoder.coding.label_studio.validation import check_page, check_prediction, check_task
from themecoder.coding.plan import Planned
from themecoder.errors import InputError
from themecoder.messages import render

ROOT = Path(__file__).parents[2]
SHIPPED = read_document(ROOT / "codebooks" / "mind-genai" / "1.0.0.yaml").codebook
PAGE, DECIDING = label_config(SHIPPED), adjudication_config(SHIPPED)
DATA = task_data(Planned("q1", "R1:q1", "a"), "Wat vindt u?", "Veel groen")


def problem(error: pytest.ExceptionInfo[InputError]) -> str:
    (found,) = error.value.problems
    for language in ("nl", "en"):
        assert render(found, language)
    return found.key


def test_the_pages_of_the_shipped_codebook_and_their_tasks_are_fine() -> None:
    suggested = [prediction([("privacy", 0.8), ("overig", 0.4)], "m")]
    for page, data in ((PAGE, DATA), (DECIDING, {**DATA, VOTES: "<b>A</b>"})):
        check_page(page)
        check_task(page, "q1", {"data": data, "predictions": suggested})


def test_a_codebook_without_a_code_to_choose_makes_no_page() -> None:
    with pytest.raises(InputError) as caught:
        check_page(label_config(replace(SHIPPED, codes=())))
    assert problem(caught) == "push.invalid_page"


def test_a_label_that_no_xml_can_hold_makes_no_page() -> None:
    code = replace(SHIPPED.codes[0], label="groen\x0b")
    with pytest.raises(InputError) as caught:
        check_page(label_config(replace(SHIPPED, codes=(code,))))
    assert problem(caught) == "push.invalid_page"


def test_a_task_that_lacks_what_the_page_shows() -> None:
    with pytest.raises(InputError) as caught:
        check_task(DECIDING, "q1", {"data": DATA})
    assert problem(caught) == "push.invalid_task"
    assert "$votes" in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        prediction([("elders", 0.8)], "m"),
        {**prediction([("privacy", 0.8)], "m"), "score": 8},
        {**prediction([("privacy", 0.8)], "m"), "result": [{"from_name": "codes"}]},
    ],
)
def test_a_prediction_that_the_page_does_not_hold(wrong: dict[str, object]) -> None:
    """The server takes it: nobody sees it, and Submit saves it."""
    with pytest.raises(InputError) as caught:
        check_task(PAGE, "q1", {"data": DATA, "predictions": [wrong]})
    assert problem(caught) == "push.invalid_task"
    with pytest.raises(InputError):
        check_prediction(PAGE, "q1", DATA, wrong)
