"""Coding as a CSV for programs: a row a coding with all that is known of it, or zeros and ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from themecoder.coding.exchange.formats.first_line import column_names, first_bytes
from themecoder.coding.exchange.model import (
    ForeignCoding,
    ForeignFile,
    ForeignNote,
    ForeignQuote,
    Place,
)
from themecoder.coding.exchange.outgoing import PARTS, Outgoing
from themecoder.coding.exchange.quote_cell import quotes_cell, read_quotes
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.model import Coding, Quote
from themecoder.storage.atomic import csv_text, no_formula
from themecoder.storage.tables import read_table
from themecoder.survey.answer_id import AnswerId

CSV_HOLDS = PARTS - {"stale"}
MATRIX_HOLDS = frozenset(("skipped",))
_ROW = ("answer_id", "question", "answer", "coder", "codebook", "state", "codes", "quotes")
_MORE = ("uncertain", "comment", "shown", "round", "created_at", "updated_at", "seconds")
_COLUMNS = (*_ROW, *_MORE)
_VALUES = "values"
"""The column of values, which is there where the codebook has codes with values."""
_BETWEEN = "; "
_NOTHING_SHOWN = "-"


def coding_csv(outgoing: Outgoing) -> str:
    """A row per coding, and one per answer that has none; below ``beside`` what else is told."""
    texts, by_answer = outgoing.texts(), outgoing.by_answer
    valued = [_VALUES] if any(code.values for code in outgoing.book.codes) else []
    rows: list[Sequence[object]] = []
    for answer in outgoing.answers:
        head = (answer.answer_id, answer.question, answer.text)
        told = [column.of.get(answer.respondent, "") for column in outgoing.beside]
        own = by_answer.get(answer.answer_id, {})
        none = ("",) * (len(_COLUMNS) + len(valued) - len(head))
        cells: list[tuple[object, ...]] = [
            (
                *_cells(own[coder], texts[answer.answer_id]),
                *(_values_cell(own[coder]) for _ in valued),
            )
            for coder in sorted(own)
        ] or [none]
        rows += [[_safe(cell) for cell in (*head, *one, *told)] for one in cells]
    return csv_text(
        (*_COLUMNS, *valued, *(_safe(column.label) for column in outgoing.beside)), rows
    )


def coding_matrix(outgoing: Outgoing) -> str:
    """A row per coding: answer_id, coder, state, then 1 or 0 for each code of the codebook that is
    not retired, empty where the answer was skipped."""
    codes = [code.id for code in outgoing.book.usable]
    rows: list[tuple[str, ...]] = [
        (
            no_formula(coding.answer_id),
            no_formula(coding.coder),
            coding.state,
            *_ticks(coding, codes),
        )
        for coding in outgoing.codings
    ]
    return csv_text(("answer_id", "coder", "state", *codes), rows)


def is_coding_csv(file: Path) -> bool:
    """Whether a file is a table with the columns of ``coding_csv``."""
    return column_names(first_bytes(file)) >= frozenset(_COLUMNS)


def read_coding_csv(file: Path, options: ReadingOptions, known: KnownNames) -> ForeignFile:
    """The codings of a file that ``coding_csv`` wrote; rows of answers without one are left out."""
    codings: list[ForeignCoding] = []
    faults: list[ForeignNote] = []
    for row, cells in read_table(file, _COLUMNS):
        if not cells["coder"]:
            continue
        place = Place(row=row)
        found = read_quotes(cells["quotes"], cells["answer"])
        faults += found.faults(place)
        codes = _list(cells["codes"])
        answer = AnswerId.parse(cells["answer_id"])
        codings.append(
            ForeignCoding(
                place,
                coder=cells["coder"],
                respondent=answer.respondent,
                question=answer.question,
                text=cells["answer"],
                codes=tuple(dict.fromkeys((*codes, *(quote.code for quote in found.quotes)))),
                quotes=found.quotes,
                skipped=cells["state"] == "skipped",
                uncertain=cells["uncertain"] == "1",
                comment=cells["comment"],
                codebook=cells["codebook"],
                shown=_list(cells["shown"]) if cells["shown"] else None,
                created_at=cells["created_at"] or None,
                updated_at=cells["updated_at"] or None,
                seconds=_number(cells["seconds"]),
                values=_said_values(cells[_VALUES]) if _VALUES in cells else None,
            )
        )
    return ForeignFile("coding_csv", tuple(codings), faults=tuple(faults))


def _cells(coding: Coding, text: str) -> tuple[object, ...]:
    shown = None if coding.shown is None else _BETWEEN.join(coding.shown) or _NOTHING_SHOWN
    quotes = quotes_cell((_foreign(quote) for quote in coding.quotes), text)
    return (
        coding.coder,
        coding.codebook,
        coding.state,
        _BETWEEN.join(coding.codes),
        quotes,
        "1" if coding.uncertain else "",
        coding.comment,
        shown,
        coding.round,
        coding.created_at,
        coding.updated_at,
        coding.seconds,
    )


def _values_cell(coding: Coding) -> str:
    """``code=value`` of each code that has one; ids have neither of the signs."""
    return _BETWEEN.join(f"{code}={value}" for code, value in sorted(coding.values.items()))


def _said_values(cell: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in _list(cell))
    return {code.strip(): value.strip() for code, _, value in pairs}


def _ticks(coding: Coding, codes: Sequence[str]) -> Iterable[str]:
    if coding.state == "skipped":
        return ("",) * len(codes)
    return ("1" if code in coding.codes else "0" for code in codes)


def _foreign(quote: Quote) -> ForeignQuote:
    return ForeignQuote(quote.start, quote.end, quote.code, quote.text)


def _safe(cell: Any) -> Any:
    return no_formula(cell) if isinstance(cell, str) else cell


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(_BETWEEN) if part not in ("", _NOTHING_SHOWN))


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None
