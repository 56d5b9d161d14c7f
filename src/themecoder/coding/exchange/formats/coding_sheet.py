"""A coder's workbook as it comes back: what she coded, and what is no longer as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from themecoder.coding.exchange.formats.coding_sheet_workbook import KIND, TICK, seal_of
from themecoder.coding.exchange.formats.marked_workbook import (
    MarkedRow,
    MarkedWorkbook,
    marked_kind,
    read_marked,
)
from themecoder.coding.exchange.model import ForeignCoding, ForeignFile, ForeignNote, Place
from themecoder.coding.exchange.quote_cell import read_quotes
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.exchange.sheet_rows import (
    WORKBOOK,
    RowKey,
    cells_mark,
    read_key,
    text_mark,
)
from themecoder.coding.exchange.shown_names import NamesOfCodes, NamesOfValues
from themecoder.errors import InputError
from themecoder.expressions.cells import ticked
from themecoder.survey.answer_id import AnswerId

_LISTED = 5
_TICKS = ("no_code", "skipped", "uncertain")


def is_coding_sheet(file: Path) -> bool:
    """Whether a file is a workbook to code in, by its hidden sheet."""
    return marked_kind(file) == KIND


def is_untouched(file: Path) -> bool:
    """Whether nobody has worked in a coding sheet since it was written."""
    if not is_coding_sheet(file):
        return False
    try:
        found = read_coding_sheet(file, ReadingOptions(), KnownNames())
    except InputError:
        return False
    told = found.notes or found.faults
    return not told and not any(coding.changed for coding in found.codings)


def read_coding_sheet(file: Path, options: ReadingOptions, known: KnownNames) -> ForeignFile:
    """The codings in a coder's workbook, whatever a spreadsheet made of it.

    An empty row is an answer that she has not seen. A row is at fault where its answer or its key
    was changed, where it is there twice and says two things, and where it says both a code and that
    none applies.
    """
    found = read_marked(file)
    reading = _Reading(found)
    for row in found.rows:
        reading.read(row)
    reading.tell_of_missing()
    return ForeignFile(
        KIND, tuple(reading.codings.values()), (), tuple(reading.notes), tuple(reading.faults)
    )


@dataclass(slots=True)
class _Reading:
    """The rows as they are read, by answer."""

    book: MarkedWorkbook
    codings: dict[str, ForeignCoding] = field(default_factory=dict)
    notes: list[ForeignNote] = field(default_factory=list)
    faults: list[ForeignNote] = field(default_factory=list)
    _said: dict[str, tuple[str, Place]] = field(default_factory=dict)
    _names: NamesOfCodes = field(init=False)
    _values: NamesOfValues = field(init=False)
    _seal: str = field(init=False)

    def __post_init__(self) -> None:
        names = {code: shown for code, shown, *_ in self.book.all("code")}
        self._names = NamesOfCodes(names)
        facts = self.book.all("value")
        self._values = NamesOfValues((fact[0], fact[1], fact[2]) for fact in facts)
        self._seal = seal_of(*(self.book.one(name) for name in ("study", "coder", "codebook")))

    def read(self, row: MarkedRow) -> None:
        """Take a row, or tell why not."""
        place = Place(row.sheet, row.number)
        key = read_key(row.cells.get("key", ""), self._seal)
        if key is None:
            self._refuse("sheet_key", place)
            return
        filled = _filled(row)
        texts = (cell for role, cell in row.cells.items() if role.startswith("answer@"))
        text = next(filter(None, texts), "")
        mark = cells_mark(filled)
        if key.answer_id in self._said:
            self._twice(key, mark, place)
            return
        self._said[key.answer_id] = (mark, place)
        if text_mark(text) != key.text:
            self._refuse("sheet_text", place, answer=key.answer_id)
            return
        coding = self._coding(key, filled, text, place)
        if coding is not None:
            self.codings[key.answer_id] = replace(coding, changed=mark != key.cells)
        elif not filled and key.cells != cells_mark({}):
            self._tell("sheet_emptied", place, answer=key.answer_id)

    def _twice(self, key: RowKey, mark: str, place: Place) -> None:
        """A row that is there again: it is told, and what says two things is not taken."""
        before, first = self._said[key.answer_id]
        params = {"answer": key.answer_id, "first": first.row}
        if before == mark:
            self._tell("sheet_twice_same", place, **params)
        else:
            self._refuse("sheet_twice", place, **params)
            self.codings.pop(key.answer_id, None)

    def _coding(
        self, key: RowKey, filled: Mapping[str, str], text: str, place: Place
    ) -> ForeignCoding | None:
        names = self._names
        quotes = read_quotes(filled.get("quotes", ""), text)
        self.faults += quotes.faults(place)
        named = tuple(sorted(replace(q, code=names.code(q.code)) for q in quotes.quotes))
        codes = [names.code(c) for role, c in filled.items() if role.startswith("code:")]
        codes += [role.partition(":")[2] for role in filled if role.startswith("tick:")]
        codes = list(dict.fromkeys((*codes, *(quote.code for quote in named))))
        none, skipped = "no_code" in filled, "skipped" in filled
        if none and (codes or skipped):
            self._refuse("sheet_both", place, answer=key.answer_id)
            return None
        if not (codes or none or skipped):
            if filled:
                self._refuse("sheet_unsaid", place, answer=key.answer_id)
            return None
        answer = AnswerId.parse(key.answer_id)
        return ForeignCoding(
            place,
            coder=self.book.one("coder"),
            respondent=answer.respondent,
            question=answer.question,
            text=text,
            codes=tuple(codes),
            quotes=named,
            skipped=skipped,
            uncertain="uncertain" in filled,
            comment=filled.get("comment", ""),
            codebook=self.book.one("codebook"),
            shown=key.shown,
            round=key.round,
            before=key.before,
            values=self._said_values(filled) if self._values.facts else None,
            ids={WORKBOOK: self.book.one(WORKBOOK)},
        )

    def _said_values(self, filled: Mapping[str, str]) -> dict[str, str]:
        """code -> its value; that the code is filled in too is asked where all is taken over."""
        return {
            code: self._values.value(code, filled[f"value:{code}"])
            for code in self._values.lists
            if f"value:{code}" in filled
        }

    def tell_of_missing(self) -> None:
        """Tell which rows the workbook had and has no longer."""
        gone = [answer for answer, *_ in self.book.all("row") if answer not in self._said]
        if gone:
            more = " …" if len(gone) > _LISTED else ""
            self._tell("sheet_gone", Place(), n=len(gone), answers=", ".join(gone[:_LISTED]) + more)

    def _refuse(self, key: str, place: Place, **params: object) -> None:
        self.faults.append(ForeignNote(key, place, params))

    def _tell(self, key: str, place: Place, **params: object) -> None:
        self.notes.append(ForeignNote(key, place, params))


def _filled(row: MarkedRow) -> dict[str, str]:
    """What a coder filled in, by role; a tick says no more than that it is there."""
    found: dict[str, str] = {}
    for role, cell in row.cells.items():
        kind = role.partition(":")[0]
        if kind == "tick" or role in _TICKS:
            if ticked(cell):
                found[role] = TICK
        elif (kind in ("code", "value") or role in ("quotes", "comment")) and cell.strip():
            found[role] = cell.strip()
    return found
