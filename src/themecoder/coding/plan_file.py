"""``annotations/plan.csv``: who codes which answers, in which round and order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from themecoder.coding.plan import Planned
from themecoder.errors import Problem
from themecoder.storage import atomic as files
from themecoder.storage.tables import FreeText, TableRow, Whole, YesNo, read_rows
from themecoder.storage.validation import refusal
from themecoder.survey.answer_id import AnswerId

_YES, _NO = "1", "0"


class _Row(TableRow):
    question: str
    answer_id: str
    coder: str = Field(min_length=1, description="coder_a, …")
    round: Annotated[Whole, Field(ge=1, description="1, 2, …")]
    blind: YesNo
    place: Annotated[Whole, Field(ge=0, description="1, 2, …")]
    note: FreeText = ""

    @model_validator(mode="after")
    def _is_of_question(self) -> Self:
        if AnswerId.parse(self.answer_id).question != self.question:
            params = {"answer": self.answer_id, "question": self.question}
            raise refusal(Problem("plan.other_question", params, column="answer_id"))
        return self


HEADER = tuple(_Row.model_fields)


def read_plan(file: Path) -> tuple[Planned, ...]:
    """The plan, sorted; empty where there is none. Raises InputError with the problems of all
    rows."""
    if not file.is_file():
        return ()
    return tuple(sorted(read_rows(file, _Row, Planned, "plan", ("answer_id", "coder", "round"))))


def write_plan(file: Path, rows: Iterable[Planned]) -> None:
    """Replace the plan; the same plan changes no byte."""
    files.write_csv(
        file,
        HEADER,
        (
            (
                r.question,
                r.answer_id,
                r.coder,
                r.round,
                _YES if r.blind else _NO,
                r.place,
                files.no_formula(r.note),
            )
            for r in sorted(rows)
        ),
    )
