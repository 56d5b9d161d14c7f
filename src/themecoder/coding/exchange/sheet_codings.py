"""The codings that the rows of a sheet hold, once it is known what its columns are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from themecoder.coding.exchange.cells import NO_CODE, Splitter, folded, splitter, state_of, tick
from themecoder.coding.exchange.columns import SheetColumn, Taken
from themecoder.coding.exchange.headings import ROLES, Meaning, plain
from themecoder.coding.exchange.long_rows import joined
from themecoder.coding.exchange.model import ForeignCoding, ForeignNote, ForeignQuote, Place
from themecoder.coding.exchange.quote_cell import read_quotes
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.errors import Problem
from themecoder.survey.answer_id import AnswerId
from themecoder.survey.meaning.missing import TECHNICAL

_SINGLE = tuple(role for role in ROLES if role not in ("text", "codes", "tick", "ignore"))
"""The roles of which a row has one cell at most."""
_LONG = 60
"""Characters from which a name that nobody knows is taken for an answer."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is to be read. ``rows`` (n,) are the numbers of its rows; ``coder`` and
    ``question`` hold where the row names none."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Sequence[int]
    taken: Taken
    coder: str = ""
    question: str = ""


@dataclass(slots=True)
class Found:
    """What the rows of a sheet held. ``problems`` are of whole columns; ``faults`` of single rows,
    whose codings are not among ``codings``."""

    codings: list[ForeignCoding] = field(default_factory=list)
    notes: list[ForeignNote] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    faults: list[ForeignNote] = field(default_factory=list)


def codings_of(
    sheet: Sheet, known: KnownNames, options: ReadingOptions, codes: frozenset[str]
) -> Found:
    """The codings in a sheet; ``codes``: all names of codes that are known, ``folded``."""
    found = Found()
    meanings = sheet.taken.meanings
    keys = dict.fromkeys(
        (meaning.coder, meaning.question)
        for meaning in meanings.values()
        if meaning.role in ("codes", "tick")
    )
    for coder, question in keys or (("", ""),):
        _Group(sheet, known, options, codes, coder, question, found).read()
    return found


def _is_for(meaning: Meaning, key: tuple[str, str]) -> bool:
    """Whether a column belongs to the codings of a coder and a question, as one that names neither
    does to all."""
    coder, question = key
    return meaning.coder in ("", coder) and meaning.question in ("", question)


class _Group:
    """The columns of one coder and one question in a sheet, read row by row."""

    def __init__(
        self,
        sheet: Sheet,
        known: KnownNames,
        options: ReadingOptions,
        codes: frozenset[str],
        coder: str,
        question: str,
        found: Found,
    ) -> None:
        self.sheet, self.known, self.options, self.codes = sheet, known, options, codes
        self.coder, self.question, self.found = coder, question, found
        meanings = sheet.taken.meanings
        mine = {p: m for p, m in meanings.items() if _is_for(m, (coder, question))}
        own = {p: m for p, m in mine.items() if (m.coder, m.question) == (coder, question)}
        self.code_columns = [p for p, m in own.items() if m.role == "codes"]
        self.ticks = {p: m.code for p, m in own.items() if m.role == "tick"}
        self.at = {
            role: self._best([p for p, m in mine.items() if m.role == role]) for role in _SINGLE
        }
        texts = [p for p, m in meanings.items() if m.role == "text"]
        wanted = question or sheet.question
        fitting = [p for p in texts if meanings[p].question == wanted] if wanted else []
        shared = [p for p in texts if not meanings[p].question]
        self.at["text"] = next(iter(fitting or shared or texts[:1]), None)
        self.splitters: dict[int, Splitter] = {}

    def _best(self, places: Sequence[int]) -> int | None:
        """Of several columns the one that names this coder, else the first."""
        meanings = self.sheet.taken.meanings
        named = [p for p in places if meanings[p].coder and meanings[p].coder == self.coder]
        return next(iter(named or places), None)

    def read(self) -> None:
        for place in self.code_columns:
            self._find_splitter(place)
        if any(place not in self.splitters for place in self.code_columns):
            return
        codings: list[ForeignCoding] = []
        faulty: set[Place] = set()
        unseen = 0
        for index, row in enumerate(self.sheet.rows):
            faults = len(self.found.faults)
            coding = self._coding(index, row)
            if coding is not None:
                codings.append(coding)
                if len(self.found.faults) > faults:
                    faulty.add(coding.place)
            elif len(self.found.faults) == faults:
                unseen += 1
        kept, notes, doubles = joined(codings, faulty, self.options.rows)
        self.found.codings += kept
        self.found.notes += notes
        self.found.faults += doubles
        if unseen:
            params = {"n": unseen, "coder": self.coder or self.sheet.coder or "-"}
            self._note("unseen", params)

    def _find_splitter(self, place: int) -> None:
        column = self.sheet.columns[place]
        if self._holds_answers(place):
            return
        cells = [cell for cell in column.filled if folded(cell) not in NO_CODE]
        made = splitter(cells, self.codes | _value_names(column), self.options.separator)
        if isinstance(made, Splitter):
            self.splitters[place] = made
            if made.separator:
                self._note("separator", {"sign": _sign(made.separator)}, column.name)
            return
        shown = [cell for cell in dict.fromkeys(cells) if any(sign in cell for sign in made)]
        params = {
            "signs": " ".join(map(_sign, made)),
            "cells": "; ".join(f"‘{cell[:_LONG]}’" for cell in shown[:3]),
        }
        self._problem("separator", params, column=column.name)

    def _holds_answers(self, place: int) -> bool:
        """Whether a column of codes holds the answers themselves, in many rows or in some; each is
        told by its row alone, for an answer goes into no message."""
        column, text = self.sheet.columns[place], self.at["text"]
        texts = self.sheet.columns[text].cells if text is not None else ()
        wrong = []
        for index, cell in enumerate(column.cells):
            if len(cell) <= 20 or folded(cell) in self.codes or cell in column.values:
                continue
            same = bool(texts) and folded(texts[index]) == folded(cell)
            if same or (len(cell) > _LONG and not any(sign in cell for sign in ";|\n,")):
                wrong.append(self.sheet.rows[index])
        for row in wrong[:5]:
            self._problem("code_is_answer", {"n": len(wrong)}, row, column.name)
        return bool(wrong)

    def _coding(self, index: int, row: int) -> ForeignCoding | None:
        names, seen = self._codes(index, row)
        state = self._state(index, row)
        quotes = self._quotes(index, row, names)
        names = tuple(dict.fromkeys((*names, *(quote.code for quote in quotes))))
        silent = not (names or seen or state)
        if silent and not (self.options.empty == "no_code" and self._identified(index)):
            return None
        if state == "no_code" and names:
            self._fault("state_codes", {"codes": len(names)}, row)
        if state == "coded" and not names:
            self._fault("state_codes", {"codes": 0}, row)
        respondent, question = self._answer(index)
        text = self._cell("text", index)
        if not respondent and not text:
            self._fault("row_without_answer", {}, row)
            return None
        uncertain = self._cell("uncertain", index)
        if uncertain and tick(uncertain) is None:
            self._fault("yes_no", {"found": uncertain[:20]}, row, self._heading("uncertain"))
        columns = [self.sheet.columns[place].name for place in self.code_columns]
        return ForeignCoding(
            Place(self.sheet.name, row, columns[0] if len(columns) == 1 else ""),
            coder=self.coder or self._cell("coder", index) or self.sheet.coder,
            respondent=respondent,
            question=question,
            text=text,
            codes=names,
            quotes=quotes,
            skipped=state == "skipped",
            uncertain=bool(tick(uncertain)),
            comment=self._cell("comment", index),
            codebook=self._cell("codebook", index),
        )

    def _codes(self, index: int, row: int) -> tuple[tuple[str, ...], bool]:
        """The codes of a row, and whether it says that the answer was seen."""
        names: list[str] = []
        seen = False
        for place, cut in self.splitters.items():
            column = self.sheet.columns[place]
            cell = column.cells[index]
            word = folded(cell)
            if not cell or (word in TECHNICAL and word not in self.codes):
                continue
            seen = True
            if word not in NO_CODE or word in self.codes:
                names += cut.names(cell)
        for place, code in self.ticks.items():
            column = self.sheet.columns[place]
            cell = column.cells[index]
            if not cell or folded(cell) in TECHNICAL:
                continue
            given = tick(column.values.get(cell, cell))
            if given is None:
                self._fault("yes_no", {"found": cell[:20]}, row, column.name)
                continue
            seen = True
            if given:
                names.append(code)
        return tuple(dict.fromkeys(names)), seen

    def _quotes(self, index: int, row: int, names: Sequence[str]) -> tuple[ForeignQuote, ...]:
        cell = self._cell("quotes", index)
        if not cell:
            return ()
        text = self._cell("text", index)
        own = set(map(folded, names))
        named = any(folded(line.partition(":")[0]) in own for line in cell.splitlines())
        if not text and names and not named:
            # a row of a list of marked parts: where one is, the study's answer tells by its words
            return tuple(ForeignQuote(0, len(cell), name, cell) for name in names)
        if not text:
            self._fault("quotes_without_text", {}, row, self._heading("quotes"))
            return ()
        if len(names) == 1 and ":" not in cell:
            cell = f"{names[0]}: {cell}"
        read = read_quotes(cell, text)
        place = Place(self.sheet.name, row, self._heading("quotes"))
        self.found.faults += read.faults(place)
        return read.quotes

    def _state(self, index: int, row: int) -> str:
        cell = self._cell("state", index)
        state = state_of(cell) if cell else ""
        if state is None:
            self._fault("state", {"found": cell[:20]}, row, self._heading("state"))
        return state or ""

    def _answer(self, index: int) -> tuple[str, str]:
        """The respondent and the question of a row, each empty where it names none."""
        whole = self._cell("answer_id", index)
        respondent = self._cell("respondent", index)
        named = self._cell("question", index)
        question = self.known.questions.get(plain(named), named)
        text = self.at["text"]
        of_text = self.sheet.taken.meanings[text].question if text is not None else ""
        question = question or self.question or self.sheet.question or of_text
        ids = set(self.known.questions.values())
        parts = AnswerId.parse(whole or respondent)
        if whole or (parts.question in ids and respondent not in self.known.respondents):
            return (parts.respondent, parts.question) if parts.respondent else (whole, question)
        return respondent, question or self.options.question

    def _identified(self, index: int) -> bool:
        return any(self._cell(role, index) for role in ("answer_id", "respondent", "text"))

    def _cell(self, role: str, index: int) -> str:
        place = self.at[role]
        return self.sheet.columns[place].cells[index] if place is not None else ""

    def _heading(self, role: str) -> str:
        place = self.at[role]
        return self.sheet.columns[place].name if place is not None else ""

    def _note(self, key: str, params: Mapping[str, object], column: str = "") -> None:
        self.found.notes.append(ForeignNote(key, Place(self.sheet.name, None, column), params))

    def _fault(self, key: str, params: Mapping[str, object], row: int, column: str = "") -> None:
        self.found.faults.append(ForeignNote(key, Place(self.sheet.name, row, column), params))

    def _problem(
        self, key: str, params: Mapping[str, object], row: int | None = None, column: str = ""
    ) -> None:
        """A problem at a place in the sheet; the reader adds the file."""
        self.found.problems.append(
            Problem(
                f"exchange.{key}",
                {"sheet": self.sheet.name, **params},
                row=row,
                column=column or None,
            )
        )


def _value_names(column: SheetColumn) -> frozenset[str]:
    return frozenset(map(folded, column.values))


def _sign(separator: str) -> str:
    return {"\n": "⏎", " ": "␣"}.get(separator, separator)


def each_once(problems: Sequence[Problem], most: int = 10) -> Iterator[Problem]:
    """The first ``most`` problems of a kind, and how many more there are."""
    counts: dict[str, int] = {}
    for problem in problems:
        counts[problem.key] = counts.get(problem.key, 0) + 1
        if counts[problem.key] <= most:
            yield problem
    for key, n in counts.items():
        if n > most:
            first = next(problem for problem in problems if problem.key == key)
            yield Problem("exchange.more", {"n": n - most}, file=first.file, row=first.row)
