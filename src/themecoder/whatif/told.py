"""Outcomes as they are told to people, in the terminal and on the workbench alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from themecoder.codebook.model import Codebook
from themecoder.codebook.wording import in_words
from themecoder.messages import message
from themecoder.output.numbers import NO_NUMBER, decimal_text, number_text, span_text
from themecoder.survey.answer_id import AnswerId
from themecoder.whatif.model import ALL, CountMove, Outcome, Span

_SHOWN = 10
_Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldTable:
    """``numbers``: the columns that hold numbers; ``names``: those that are never broken."""

    header: Sequence[str]
    rows: Sequence[_Row]
    numbers: Sequence[int]
    names: Sequence[int]


@dataclass(frozen=True, slots=True)
class ToldOutcome:
    """What would come of ``change``: its ``counts``, ``agreement`` and single ``answers`` (None
    where there are none to tell), which share of the codings leaves, how many answers are not in
    the table, and the ``notes`` to all of it."""

    change: str
    counts: ToldTable
    agreement: ToldTable | None
    leaving: str
    answers: ToldTable | None
    left_out: str
    notes: tuple[str, ...]


def told_outcome(one: Outcome, book: Codebook, language: str) -> ToldOutcome:
    """``book``: the draft that the change is of."""
    answers = one.answers[:_SHOWN]
    left = len(one.answers) - len(answers)
    return ToldOutcome(
        in_words(one.change, book, language),
        _counts(one, language),
        _agreement(one, language) if one.agreement else None,
        _leaving(one.moving, language) if one.moving is not None else "",
        _answers(one, language) if answers else None,
        message("whatif.more_answers", language, n=left) if left else "",
        tuple(message(f"whatif.note.{note.key}", language, **note.params) for note in one.notes),
    )


def _counts(one: Outcome, language: str) -> ToldTable:
    rows = [
        (
            message("whatif.all", language) if row.question == ALL else row.question,
            row.code,
            NO_NUMBER if row.now is None else number_text(row.now, 0, language),
            *_count(row.then, language),
            *_open(row, language),
        )
        for row in one.counts
    ]
    header = message("whatif.header", language).split("|")
    return ToldTable(header, rows, range(2, 7), (1,))


def _agreement(one: Outcome, language: str) -> ToldTable:
    rows = [
        (
            row.code,
            message(f"whatif.coefficient.{row.coefficient}", language),
            NO_NUMBER if row.now is None else decimal_text(row.now, 2, language),
            *_value(row.then, language),
        )
        for row in one.agreement
    ]
    header = message("whatif.agreement", language).split("|")
    return ToldTable(header, rows, (2, 3, 4), (0,))


def _leaving(moving: Span, language: str) -> str:
    share = number_text(100 * moving.value, 0, language)
    span = span_text(100 * moving.low, 100 * moving.high, 0, language)
    return message("whatif.moving", language, share=share, span=span)


def _answers(one: Outcome, language: str) -> ToldTable:
    rows = [
        (
            AnswerId.parse(row.answer_id).respondent,
            AnswerId.parse(row.answer_id).question,
            message(f"whatif.move.{row.move}", language),
            number_text(100 * row.chance, 0, language) + "%",
        )
        for row in one.answers[:_SHOWN]
    ]
    return ToldTable(message("whatif.answers", language).split("|"), rows, (3,), (0,))


def _count(span: Span | None, language: str) -> tuple[str, str]:
    if span is None:
        return NO_NUMBER, ""
    value = number_text(span.value, 0, language)
    if span.low == span.high:
        return value, ""
    return value, span_text(span.low, span.high, 0, language)


def _open(row: CountMove, language: str) -> tuple[str, str]:
    if row.then is None or not row.open or row.uncoded is None:
        return "", ""
    value, span = _count(row.uncoded, language)
    return f"{value} / {number_text(row.open, 0, language)}", span


def _value(span: Span | None, language: str) -> tuple[str, str]:
    if span is None:
        return NO_NUMBER, ""
    value = decimal_text(span.value, 2, language)
    if span.low == span.high:
        return value, ""
    low, high = (decimal_text(end, 2, language) for end in (span.low, span.high))
    return value, message("whatif.between", language, low=low, high=high)
