"""Coding as a workbook for people: a sheet per question, a row per answer, columns per coder.

It comes back as it went: a hidden sheet says which column is whose, and which code a label is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from themecoder.coding.exchange.formats.marked_workbook import (
    MarkedRow,
    different_headings,
    mark_sheet,
    marked_kind,
    read_marked,
)
from themecoder.coding.exchange.model import (
    ForeignCoding,
    ForeignFile,
    ForeignNote,
    ForeignQuote,
    Place,
)
from themecoder.coding.exchange.outgoing import Outgoing
from themecoder.coding.exchange.quote_cell import quotes_cell, read_quotes
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.exchange.shown_names import (
    BETWEEN,
    NamesOfCodes,
    NamesOfValues,
    names_of_values,
    shown_names,
)
from themecoder.coding.model import STATES, Coding
from themecoder.messages import message
from themecoder.output.excel import Sheet, workbook
from themecoder.survey.answer_id import AnswerId

KIND = "coding"
WORKBOOK_HOLDS = frozenset(("quotes", "comments", "uncertain", "skipped", "values", "beside"))
_OWN = ("codes", "quotes", "uncertain", "comment", "codebook")
"""The columns of a coder."""
_WIDTHS = {"answer_id": 16, "answer": 60, "codes": 32, "quotes": 40, "comment": 30}
_TICK = "x"


def people_workbook(outgoing: Outgoing) -> bytes:
    """The workbook: the same coding gives the same bytes."""
    language = outgoing.language
    words = {state: message(f"outgoing.state.{state}", language) for state in STATES[1:]}
    names = shown_names(outgoing.book)
    headings = {
        name: message(f"outgoing.heading.{name}", language) for name in ("answer_id", "answer")
    }
    told = {f"beside:{column.name}": column for column in outgoing.beside}
    headings |= {role: column.label for role, column in told.items()}
    values = names_of_values(outgoing.book)
    for coder in outgoing.coders:
        for part in _OWN:
            text = message(f"outgoing.heading.{part}", language)
            headings[f"{part}:{coder}"] = f"{coder}: {text}"
        for code in values.lists:
            text = message("outgoing.heading.value", language, code=names.of(code))
            headings[f"{_value_role(code)}:{coder}"] = f"{coder}: {text}"
    headings = different_headings(headings)
    by_answer = outgoing.by_answer
    sheets = []
    for question in outgoing.questions:
        rows = []
        for answer in outgoing.answers:
            if answer.question != question:
                continue
            cells: dict[str, str] = {"answer_id": answer.answer_id, "answer": answer.text}
            for role, column in told.items():
                cells[role] = column.of.get(answer.respondent, "")
            for coder, coding in by_answer.get(answer.answer_id, {}).items():
                own = _cells(coding, answer.text, names, values, words)
                cells |= {f"{part}:{coder}": cell for part, cell in own.items()}
            rows.append([cells.get(role, "") for role in headings])
        widths = [_WIDTHS.get(role.partition(":")[0], 14) for role in headings]
        sheets.append(Sheet(question, tuple(headings.values()), rows, widths))
    facts = [
        ("format", "1"),
        ("study", outgoing.study),
        *(("state", state, word) for state, word in words.items()),
        *(("code", code, shown) for code, shown in names.shown.items()),
        *(("value", *fact) for fact in values.facts),
    ]
    return workbook([*sheets, mark_sheet(KIND, facts, headings)])


def is_people_workbook(file: Path) -> bool:
    """Whether a file is a workbook that ``people_workbook`` made."""
    return marked_kind(file) == KIND


def read_people_workbook(file: Path, options: ReadingOptions, known: KnownNames) -> ForeignFile:
    """The codings in a workbook that ``people_workbook`` made, whatever people did with it."""
    found = read_marked(file)
    names = NamesOfCodes({code: shown for code, shown, *_ in found.all("code")})
    words = {word.casefold(): state for state, word in found.all("state")}
    values = NamesOfValues((fact[0], fact[1], fact[2]) for fact in found.all("value"))
    coders = [role.partition(":")[2] for role in found.headings if role.startswith("codes:")]
    codings: list[ForeignCoding] = []
    faults: list[ForeignNote] = []
    for row in found.rows:
        for coder in coders:
            parts = (*_OWN, *map(_value_role, values.lists))
            own = {part: row.cells[f"{part}:{coder}"] for part in parts}
            if any(own.values()):
                place = Place(row.sheet, row.number, found.headings[f"codes:{coder}"])
                coding, wrong = _coding(row, coder, own, place, names, words)
                if values.facts:
                    cells = {code: own[_value_role(code)].strip() for code in values.lists}
                    said = {code: values.value(code, cell) for code, cell in cells.items() if cell}
                    coding = replace(coding, values=said)
                codings.append(coding)
                faults += wrong
    return ForeignFile(KIND, tuple(codings), faults=tuple(faults))


def _value_role(code: str) -> str:
    """What the column of the value of a code is, of a coder."""
    return f"value@{code}"


def _cells(
    coding: Coding,
    text: str,
    names: NamesOfCodes,
    values: NamesOfValues,
    words: Mapping[str, str],
) -> dict[str, str]:
    """The cells of a coder, by ``_OWN`` and the codes with values."""
    state = [words[coding.state]] if coding.state in words else []
    quotes = (ForeignQuote(q.start, q.end, q.code, q.text) for q in coding.quotes)
    return {
        "codes": BETWEEN.join([*state, *map(names.of, coding.codes)]),
        "quotes": quotes_cell(quotes, text, names.of),
        "uncertain": _TICK if coding.uncertain else "",
        "comment": coding.comment,
        "codebook": coding.codebook,
        **{_value_role(code): values.of(code, value) for code, value in coding.values.items()},
    }


def _coding(
    row: MarkedRow,
    coder: str,
    own: Mapping[str, str],
    place: Place,
    names: NamesOfCodes,
    words: Mapping[str, str],
) -> tuple[ForeignCoding, list[ForeignNote]]:
    parts = names.split(own["codes"])
    states = {words[part.casefold()] for part in parts if part.casefold() in words}
    quotes = read_quotes(own["quotes"], row.cells["answer"])
    named = tuple(replace(quote, code=names.code(quote.code)) for quote in quotes.quotes)
    codes = (*(p for p in parts if p.casefold() not in words), *(quote.code for quote in named))
    answer = AnswerId.parse(row.cells["answer_id"])
    coding = ForeignCoding(
        place,
        coder,
        answer.respondent,
        answer.question,
        row.cells["answer"],
        tuple(dict.fromkeys(codes)),
        tuple(sorted(named)),
        skipped="skipped" in states,
        uncertain=bool(own["uncertain"].strip()),
        comment=own["comment"],
        codebook=own["codebook"],
    )
    return coding, quotes.faults(place)
