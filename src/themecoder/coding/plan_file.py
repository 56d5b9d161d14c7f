"""``annotations/plan.csv``: who codes which answers, in which round and order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from themecoder.coding.plan import ORDERS, RANDOM, RECHECK, Planned
from themecoder.errors import Problem
from themecoder.storage import atomic as files
from themecoder.storage.tables import (
    FreeText,
    TableRow,
    Whole,
    WholeOrNone,
    YesNo,
    one_of,
    read_rows,
)
from themecoder.storage.validation import refusal
from themecoder.survey.answer_id import AnswerId

_YES, _NO = "1", "0"


class PlanRow(TableRow):
    question: str
    answer_id: str
    coder: str = Field(min_length=1, description="coder_a, …")
    round: Annotated[Whole, Field(ge=1, description="1, 2, …")]
    blind: YesNo
    place: Annotated[Whole, Field(ge=0, description="1, 2, …")]
    note: FreeText = ""
    by: Annotated[str, one_of(*ORDERS, RECHECK)] = RANDOM
    wave: WholeOrNone = Field(default=None, ge=0, description="0, 1, …")

    @model_validator(mode="before")
    @classmethod
    def _has_no_order(cls, cells: dict[str, str]) -> dict[str, str]:
        """Plans of earlier versions say neither; chance ordered them."""
        return cells if cells["by"].strip() else {**cells, "by": RANDOM}

    @model_validator(mode="after")
    def _is_of_question(self) -> Self:
        if AnswerId.parse(self.answer_id).question != self.question:
            params = {"answer": self.answer_id, "question": self.question}
            raise refusal(Problem("plan.other_question", params, column="answer_id"))
        return self


HEADER = tuple(PlanRow.model_fields)
_ADDED = ("by", "wave")
"""Columns that plans of earlier versions don't have."""


def read_plan(file: Path) -> tuple[Planned, ...]:
    """The plan, sorted; empty where there is none. Raises InputError with the problems of all
    rows."""
    if not file.is_file():
        return ()
    content = _digest(file)
    known = _READ.get((str(file), content))
    if known is not None:
        return known
    key = ("answer_id", "coder", "round")
    rows = tuple(sorted(read_rows(file, PlanRow, Planned, "plan", key, _ADDED)))
    if _digest(file) == content:  # nobody wrote it meanwhile
        _READ.clear()
        _READ[str(file), content] = rows
    return rows


_READ: dict[tuple[str, str], tuple[Planned, ...]] = {}
"""The plan read last, by its file and what stood in it: who codes a long one on the page has it
looked at with every key."""


def _digest(file: Path) -> str:
    return files.sha256(file.read_bytes())


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
                r.by,
                "" if r.wave is None else r.wave,
            )
            for r in sorted(rows)
        ),
    )
