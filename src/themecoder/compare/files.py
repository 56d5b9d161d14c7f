"""Changes of counts as CSV tables: a row per count, or per answer and code."""

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


def answer_rows(changes: CountChanges) -> list[AnswerRow]:
    """Every answer that moved, once per code, sorted; ``code`` is the id in the state in which the
    answer is counted."""
    return sorted(
        AnswerRow(
            answer,
            row.question,
            row.code if mover.joined else row.was,
            JOINED if mover.joined else LEFT,
            mover.reasons,
            mover.by,
        )
        for row in changes.rows
        if row.kind == CODE and row.question != ALL_QUESTIONS
        for mover in row.movers
        for answer in mover.answers
    )


def counts_text(changes: CountChanges, decimals: int) -> str:
    """A row per count that differs. Percents have ``decimals`` decimals and a point; ``why`` has
    the reasons and how many joined and left for them: ``coding +3 -1; codebook coding -4``."""
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
                _totals_text(row.why),
            )
            for row in changes.rows
        ),
    )


def answers_text(changes: CountChanges) -> str:
    """A row per answer and code that moved."""
    return csv_text(
        AnswerRow._fields,
        (
            (*row[:4], " ".join(row.reasons), no_formula("; ".join(row.by)))
            for row in answer_rows(changes)
        ),
    )


def _totals_text(totals: Iterable[ReasonTotal]) -> str:
    parts = []
    for total in totals:
        numbers = [f"+{total.joined}"] * bool(total.joined) + [f"-{total.left}"] * bool(total.left)
        parts.append(" ".join([*total.reasons, *numbers]))
    return "; ".join(parts)
