"""Which column of a sheet is what: by its heading, else by what stands in it.

Nothing is taken for anything in silence: what was decided, and by what, comes with it; where two
columns would do, a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from themecoder.coding.exchange.cells import document_name, folded, tick
from themecoder.coding.exchange.headings import HeadingReader, Meaning, plain, stated
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.errors import Problem

_PROSE = 40
"""Characters of a usual cell from which it is an answer rather than names of codes."""
_IDENTITY = ("answer_id", "respondent", "text")
_GIVES_CODES = ("codes", "tick")
_SIGNS = re.compile(r"[;|\n,/]")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet: ``cells`` (n,) as typed, empty where there is nothing; ``label`` and
    ``values`` (cell -> its label) where the file has them, as SPSS does."""

    name: str
    cells: tuple[str, ...]
    label: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]


@dataclass(frozen=True, slots=True)
class Taken:
    """What the columns of a sheet were taken for, by their place; ``by``: stated, heading or
    content. ``labels``: the place of a column of numbers of codes -> that of their labels.
    ``unclear``: headings that are a code beside others, and a column of the survey too."""

    meanings: Mapping[int, Meaning]
    by: Mapping[int, str]
    labels: Mapping[int, int] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()

    def places(self, role: str) -> list[int]:
        return [place for place, meaning in self.meanings.items() if meaning.role == role]

    @property
    def is_coding(self) -> bool:
        """Whether the sheet says of answers which codes they have."""
        roles = {meaning.role for meaning in self.meanings.values()}
        return bool(roles & {*_GIVES_CODES, "state"}) and bool(roles & set(_IDENTITY))


def taken_for(
    columns: Sequence[SheetColumn],
    known: KnownNames,
    options: ReadingOptions,
    codes: Iterable[str] = (),
) -> Taken:
    """What each of ``columns`` is. ``codes``: names of codes that the file itself lists.

    Raises InputError for columns that are stated and not there.
    """
    names = [column.name for column in columns]
    given = {
        names.index(heading): stated(heading, text)
        for heading, text in options.columns.items()
        if heading in names
    }
    everywhere = replace(known, columns=frozenset())
    if not _is_export(names, known):
        known = everywhere
    coders = _coders_named(columns, known)
    reader = HeadingReader(known, codes, coders)
    meanings, by = dict(given), dict.fromkeys(given, "stated")
    for place, column in enumerate(columns):
        if place in meanings:
            continue
        found = reader.read(column.name)
        if found is None and column.label and column.name not in known.columns:
            found = reader.read(column.label)
        if found is not None and not _impossible(found, column):
            meanings[place], by[place] = found, "heading"
    of_headings = {plain(column.name): place for place, column in enumerate(columns)}
    if {"document", "content"} <= set(of_headings):
        # as Taguette calls what was marked in a document; elsewhere it may be anything
        meanings.setdefault(of_headings["content"], Meaning("quotes"))
        by.setdefault(of_headings["content"], "heading")
    _only_one_identity(meanings, by, columns, known)
    taken = _Finder(columns, known, meanings, by, {folded(name) for name in (*known.codes, *codes)})
    taken.find()
    kept = {p: m for p, m in sorted(taken.meanings.items()) if m.role != "ignore"}
    labels = _labels_of_numbers(kept, columns)
    unclear: tuple[str, ...] = ()
    if any(meaning.role == "tick" for meaning in kept.values()):
        of_codes = HeadingReader(everywhere, codes, coders)
        unclear = tuple(
            column.name
            for place, column in enumerate(columns)
            if place not in taken.meanings and _is_tick(of_codes.read(column.name))
        )
    return Taken(
        {p: m for p, m in kept.items() if p not in labels.values()}, taken.by, labels, unclear
    )


def _is_tick(meaning: Meaning | None) -> bool:
    return meaning is not None and meaning.role == "tick"


def _is_export(headings: Sequence[str], known: KnownNames) -> bool:
    """Whether a sheet is the survey's export with columns added, so that its other columns are
    questions of the survey."""
    shared = known.columns.intersection(headings)
    return len(shared) > max(2, len(known.columns) / 2)


def check_stated(headings: Iterable[str], options: ReadingOptions) -> list[Problem]:
    """The problems of columns that ``--column`` names and no sheet has."""
    there = list(dict.fromkeys(headings))
    return [
        Problem("exchange.no_column", {"column": name, "known": ", ".join(there[:12])})
        for name in options.columns
        if name not in there
    ]


def _coders_named(columns: Sequence[SheetColumn], known: KnownNames) -> list[str]:
    """Names beside a word for codes, where two columns or more have one: ``codes anna``."""
    reader = HeadingReader(known)
    names = [
        name
        for column in columns
        if reader.read(column.name) is None and (name := reader.coder_in(column.name))
    ]
    return names if len({plain(name) for name in names}) > 1 else []


def _impossible(meaning: Meaning, column: SheetColumn) -> bool:
    """Whether the cells can't be what the heading says: a column 'thema' full of answers is told
    as such later, but a column 'privacy' with other words is no tick."""
    if meaning.role != "tick":
        return False
    cells = {column.values.get(cell, cell) for cell in column.filled}
    return sum(tick(cell) is None for cell in cells) > len(cells) / 2


def _only_one_identity(
    meanings: dict[int, Meaning],
    by: dict[int, str],
    columns: Sequence[SheetColumn],
    known: KnownNames,
) -> None:
    """Of several columns that could hold the respondent's id, the one that a person stated, or
    whose cells are ids of the survey; a running number beside it is none. Where two are, and say
    other things, all stay, and it is asked."""
    places = [place for place, meaning in meanings.items() if meaning.role == "respondent"]
    if len(places) < 2:
        return
    stated_ones = [place for place in places if by[place] == "stated"]
    ids = [place for place in places if _are_ids(columns[place], known)]
    counted = [place for place in ids if not _is_running(columns[place])]
    sure = stated_ones or (counted if len(ids) > 1 else ()) or ids
    named = [place for place in places if plain(columns[place].name).startswith("resp")]
    if len({columns[place].cells for place in sure}) > 1:
        sure = [place for place in named if place in sure]
    chosen = (sure or (() if ids else named))[:1]
    for place in places:
        if chosen and place != chosen[0]:
            del meanings[place], by[place]


def _are_ids(column: SheetColumn, known: KnownNames) -> bool:
    names = set(column.filled)
    return bool(names) and (
        names <= known.respondents or set(map(document_name, names)) <= known.respondents
    )


def _is_running(column: SheetColumn) -> bool:
    """Whether the cells only count the rows."""
    return list(column.cells) == [str(n) for n in range(1, len(column.cells) + 1)]


@dataclass(slots=True)
class _Finder:
    """Finds by content what no heading says."""

    columns: Sequence[SheetColumn]
    known: KnownNames
    meanings: dict[int, Meaning]
    by: dict[int, str]
    codes: set[str]

    def find(self) -> None:
        roles = {meaning.role for meaning in self.meanings.values()}
        if not roles & {"respondent", "answer_id"}:
            self._take(self._ids(), Meaning("respondent"))
        if "text" not in roles:
            prose = self._prose()
            if len(prose) == 1:
                self._take(prose, Meaning("text"))
        if roles & {*_GIVES_CODES, "state"}:
            return
        for place in self._open():
            cells = self.columns[place].filled
            if sum(map(self._names_codes, cells)) >= 0.8 * len(cells):
                self._take([place], Meaning("codes"))
        if {meaning.role for meaning in self.meanings.values()} & set(_GIVES_CODES):
            return
        ticks = [place for place in self._open() if self._is_tick(place)]
        if len(ticks) > 1:
            for place in ticks:
                column = self.columns[place]
                self._take([place], Meaning("tick", code=column.label or column.name))
            return
        self._columns_of_coders()

    def _open(self) -> list[int]:
        return [
            place
            for place, column in enumerate(self.columns)
            if place not in self.meanings
            and column.filled
            and column.name not in self.known.columns
        ]

    def _take(self, places: Iterable[int], meaning: Meaning) -> None:
        for place in places:
            self.meanings[place], self.by[place] = meaning, "content"

    def _ids(self) -> list[int]:
        """The first column whose cells are ids of the survey's respondents."""
        found = [
            place
            for place in self._open()
            if (cells := set(self.columns[place].filled)) and cells <= self.known.respondents
        ]
        return found[:1]

    def _prose(self) -> list[int]:
        """The columns of answers: long cells, most of them different."""
        return [
            place
            for place in self._open()
            if median(map(len, cells := self.columns[place].filled)) > _PROSE
            and len(set(cells)) > len(cells) / 2
        ]

    def _names_codes(self, cell: str) -> bool:
        return any(folded(part) in self.codes for part in _SIGNS.split(cell))

    def _is_tick(self, place: int) -> bool:
        column = self.columns[place]
        cells = {column.values.get(cell, cell) for cell in column.filled}
        return all(tick(cell) is not None for cell in cells)

    def _columns_of_coders(self) -> None:
        """Without a codebook: columns with few different cells each hold the codes of a coder, or
        of the only one."""
        if self.known.codes:
            return
        few = [
            place
            for place in self._open()
            if median(map(len, cells := self.columns[place].filled)) <= _PROSE
            and len(set(cells)) <= max(2, len(cells) / 2)
        ]
        for place in few:
            coder = self.columns[place].name if len(few) > 1 else ""
            self._take([place], Meaning("codes", coder=coder))


def _labels_of_numbers(
    meanings: Mapping[int, Meaning], columns: Sequence[SheetColumn]
) -> dict[int, int]:
    """Two columns of codes that say the same, a number and its label: {place of numbers: of
    labels}."""
    places = [
        place
        for place, meaning in meanings.items()
        if meaning == Meaning("codes") and not _is_slot(columns[place].name)
    ]
    if len(places) != 2:
        return {}
    first, second = (columns[place].cells for place in places)
    pairs = set(zip(first, second, strict=True))
    names = {one for one, _ in pairs}, {other for _, other in pairs}
    if len(pairs) < 2 or any(len(side) < len(pairs) for side in names):
        return {}
    one, other = places
    numbers = [all(map(str.isdigit, columns[place].filled)) for place in places]
    return {other: one} if numbers == [False, True] else {one: other}


def _is_slot(heading: str) -> bool:
    return plain(heading)[-1:].isdigit()


def doubts(
    taken: Taken, columns: Sequence[SheetColumn], sheet: str, question: str = ""
) -> list[Problem]:
    """Columns that can't be told apart: two of a kind where one was to be expected.

    ``question``: that of columns that name none, where a person stated it.
    """
    problems = []
    groups: dict[Meaning, list[int]] = {}
    for place, meaning in taken.meanings.items():
        single = meaning.role not in ("tick", "codes", "comment")
        if single or (meaning.role == "codes" and not _is_slot(columns[place].name)):
            groups.setdefault(replace(meaning, code=""), []).append(place)
        elif meaning.role == "tick":
            groups.setdefault(meaning, []).append(place)
    for meaning, places in groups.items():
        if len(places) > 1:
            params = {
                "role": meaning.role,
                "columns": ", ".join(f"‘{columns[place].name}’" for place in places),
                "first": columns[places[0]].name,
                "sheet": sheet,
            }
            problems.append(Problem("exchange.several_columns", params))
    if taken.unclear:
        params = {"columns": ", ".join(f"‘{name}’" for name in taken.unclear), "sheet": sheet}
        problems.append(Problem("exchange.survey_or_code", {**params, "first": taken.unclear[0]}))
    texts = {m.question for p in taken.places("text") if (m := taken.meanings[p]).question}
    if len(texts) > 1 and not question:
        unclear = [
            columns[place].name
            for place, meaning in taken.meanings.items()
            if meaning.role in _GIVES_CODES and not meaning.question
        ]
        if unclear:
            params = {
                "columns": ", ".join(f"‘{name}’" for name in unclear[:6]),
                "first": unclear[0],
                "questions": ", ".join(sorted(texts)),
                "sheet": sheet,
            }
            problems.append(Problem("exchange.codes_of_which_question", params))
    return problems
