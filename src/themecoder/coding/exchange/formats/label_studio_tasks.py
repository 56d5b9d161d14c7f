"""Coding as tasks with annotations that any Label Studio imports, and the page to see them on.

A task per coding, as in a project of ours: who coded it stands in the task, for an annotation can
only be imported in the name of an account that is there.
"""

from __future__ import annotations

import json
from typing import Any

from themecoder.coding.exchange.outgoing import Outgoing
from themecoder.coding.label_studio.config import label_config
from themecoder.coding.label_studio.results import Result, Span, write_result
from themecoder.coding.label_studio.tasks import prediction, task_data
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned

TASKS_HOLD = frozenset(
    ("quotes", "comments", "uncertain", "skipped", "shown", "rounds", "seconds", "values")
)
_SHOWN = "shown"
"""The model that codes shown beforehand are from."""


def label_studio_tasks(outgoing: Outgoing) -> str:
    """The JSON to import; answers without coding are tasks without annotations."""
    coded: dict[str, list[Coding]] = {}
    for coding in outgoing.codings:
        coded.setdefault(coding.answer_id, []).append(coding)
    tasks: list[dict[str, Any]] = []
    for answer in outgoing.answers:
        wording = outgoing.questions[answer.question]
        for coding in coded.get(answer.answer_id, ()):
            row = Planned(answer.question, answer.answer_id, coding.coder, coding.round)
            data = task_data(row, wording, answer.text) | {"codebook": coding.codebook}
            task = {"data": data, "annotations": [_annotation(coding)]}
            if coding.shown is not None:
                task["predictions"] = [_prediction(coding.shown)]
            tasks.append(task)
        if answer.answer_id not in coded:
            data = {"answer_id": answer.answer_id, "question": wording, "text": answer.text}
            tasks.append({"data": data | {"note": ""}})
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def labelling_page(outgoing: Outgoing) -> str:
    """The labelling configuration that the tasks fit."""
    return label_config(outgoing.book) + "\n"


def _annotation(coding: Coding) -> dict[str, Any]:
    spans = tuple(Span(q.start, q.end, q.code, q.text) for q in coding.quotes)
    result = Result(coding.codes, spans, coding.uncertain, coding.comment, coding.values)
    return {
        "result": write_result(result),
        "was_cancelled": coding.state == "skipped",
        "lead_time": coding.seconds,
    }


def _prediction(shown: tuple[str, ...]) -> dict[str, Any]:
    if not shown:
        return {"model_version": _SHOWN, "score": 0.0, "result": []}
    return prediction([(code, 1.0) for code in shown], _SHOWN)
