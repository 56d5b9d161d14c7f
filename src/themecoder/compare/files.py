"""What moved, as tables: a row per count, or per answer and code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from themecoder.compare.count_changes import CountChanges, ReasonTotal
from themecoder.compare.items import CODE
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.output.numbers import percentage
from themecoder.storage.atomic import csv_text, no_formula

COUNTS = (
    "question",
    "kind",
    "code_before",
    "code_after",
    "n_before",
    "base_before",
    "percent_before",
    "n_after",
    "base_after",
    "percent_after",
    "joined",
    "left",
    "why",
)
JOINED, LEFT = "joined", "left"


class AnswerRow(NamedTuple):
    """An answer that joined or left the count of a code of its question."""

    answer_id: str
    question: str
    code: str
    way: str
    reasons: tuple[str, ...]
    by: tuple[str, ...]


def answer_rows(found: CountChanges) -> list[AnswerRow]:
    """Every answer that moved, once per code, sorted; the code by the id that it has there."""
    return sorted(
        AnswerRow(
            answer,
            row.question,
            row.code if mover.joined else row.was,
            JOINED if mover.joined else LEFT,
            mover.reasons,
            mover.by,
        )
        for row in found.rows
        if row.kind == CODE and row.question != ALL_QUESTIONS
        for mover in row.movers
        for answer in mover.answers
    )


def counts_text(found: CountChanges, decimals: int) -> str:
    """A row per count that differs. Percents have ``decimals`` and a point; ``why`` names reasons
    with who joined and left by them: ``coding +3 -1; codebook coding -4``."""
    return csv_text(
        COUNTS,
        (
            (
                row.question,
                row.kind,
                row.was,
                row.code,
                row.n[0],
                row.base[0],
                percentage(row.n[0], row.base[0], decimals),
                row.n[1],
                row.base[1],
                percentage(row.n[1], row.base[1], decimals),
                sum(mover.joined for mover in row.movers),
                sum(not mover.joined for mover in row.movers),
                _why(row.why),
            )
            for row in found.rows
        ),
    )


def answers_text(found: CountChanges) -> str:
    """A row per answer and code that moved."""
    return csv_text(
        AnswerRow._fields,
        (
            (*row[:4], " ".join(row.reasons), no_formula("; ".join(row.by)))
            for row in answer_rows(found)
        ),
    )


def _why(tallies: Iterable[ReasonTotal]) -> str:
    told = []
    for one in tallies:
        numbers = [f"+{one.joined}"] * bool(one.joined) + [f"-{one.left}"] * bool(one.left)
        told.append(" ".join([*one.reasons, *numbers]))
    return "; ".join(told)
