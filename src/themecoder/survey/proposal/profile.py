"""What kind of column each column of an export is, by its cells first and its name second."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from themecoder.expressions.cells import NOT_TICKED, TICKED, is_empty, number
from themecoder.survey.export import Column, Export
from themecoder.survey.meaning.joined import JoinedAnswers, find_joined
from themecoder.survey.meaning.missing import is_missing, is_technical
from themecoder.survey.meaning.numbers import canonical_number, number_style

if TYPE_CHECKING:
    import numpy.typing as npt


Kind: TypeAlias = Literal[
    "empty",  # no cell is filled
    "constant",  # one value in every row
    "technical",  # time stamps, addresses and the like, written by the survey tool
    "status",  # how far the respondent came, written by the survey tool
    "date",
    "number",  # many different numbers
    "single",  # a closed question
    "option",  # one option of a multiple-response question
    "item",  # one row of a matrix of closed questions
    "joined",  # options of a multiple-response question, together in one cell
    "copy",  # options together in one cell that also have a column each
    "other",  # the text that goes with an option 'other, namely'
    "short",  # short texts: places, names, professions
    "open",  # an open question
]

_TECHNICAL = re.compile(
    r"(start|end|eind|submit|recorded|last|begin|complet\w*)[ _]?(date|time|datum|tijd|at|action)?"
    r"|date ?stamp|time ?stamp|.*tijdstempel|ip ?(address|adres)?|e-?mail( ?adres| ?address)?"
    r"|duration.*|duur.*|user ?agent|browser|referr?er|ref ?url|(user|start) ?language|taal"
    r"|distribution ?channel|seed|token|(location|recipient)\w*|external ?(data ?)?reference"
    r"|(group|question|interview)_?time\w*|.*_((first|last) click|page submit|click count)",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"(response|survey|enquete)?_?(status|finished|voltooid|afgerond|compleet|complete|progress"
    r"|last ?page|disposition|uitval)",
    re.IGNORECASE,
)
OTHER_TEXT = re.compile(
    r"(?:^|[\W_])(anders|other|oth|overig|namelijk|specify)\]?$|\d_te(x|ks)t$"
    r"|anders, ?namelijk|please specify",
    re.IGNORECASE,
)
_ASKS_FOR_WORDS = re.compile(
    r"toelicht|waarom|leg uit|uitleg|beschrijf|omschrijf|opmerking|vertel|in eigen woorden"
    r"|\bwhy\b|explain|describe|elaborate|comment|open[- ]ended|in your own words|tell us"
    r"|warum|weshalb|erläuter|begründ|beschreib|anmerkung|kommentar"
    r"|pourquoi|expliqu|précis|décri|commentaire",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})([T ]+\d{1,2}:\d{2}.*)?"
)
_ADDRESS = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|\d{1,3}(\.\d{1,3}){3}|https?://\S+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)
CLOSED_VALUES = 40
MANY_NUMBERS = 12


@dataclass(frozen=True, slots=True)
class Profile:
    """One column as found. ``filled`` is (n,) bool over the rows of the export."""

    column: Column
    position: int
    kind: Kind
    filled: npt.NDArray[np.bool_]
    values: tuple[str, ...]  # distinct values of closed columns: numbers by size, then text
    unique: bool  # a value without spaces of its own in every row
    cells: frozenset[str]  # distinct cells, stripped; none of a column with very many
    group: str = ""  # of options and items: the question they belong to
    numbers: tuple[float, ...] = ()  # of a column in which each row has a number of its own
    joined: JoinedAnswers | None = None  # of a cell with several options: how it is to be read

    @property
    def name(self) -> str:
        return self.column.name


def profiles(export: Export) -> list[Profile]:
    """The kind of every column, in order, each looked at by itself."""
    described = []
    for position, column in enumerate(export.columns):
        cells = export.frame[column.name].tolist()
        filled = np.array([not is_empty(cell) for cell in cells], dtype=bool)
        counts = Counter(
            str(cell).strip() for cell, keep in zip(cells, filled, strict=True) if keep
        )
        kind, joined = _kind(column, counts, len(cells), codes=export.format == "kobo")
        if kind in ("single", "number") and _numbers_the_rows(counts, len(cells)):
            kind = "technical"
        values = sorted_values(counts, column) if kind in ("single", "status", "constant") else ()
        unique = len(counts) == len(cells) > 1 and not any(" " in text for text in counts)
        few = frozenset(counts) if len(counts) <= CLOSED_VALUES else frozenset()
        described.append(
            Profile(
                column,
                position,
                kind,
                filled,
                values,
                unique,
                few,
                numbers=_all_numbers(counts) if unique else (),
                joined=joined,
            )
        )
    return described


def _kind(  # noqa: PLR0911  a kind a line
    column: Column, counts: Counter[str], rows: int, *, codes: bool
) -> tuple[Kind, JoinedAnswers | None]:
    """The kind of one column by its texts; options and items are still "single" here."""
    if not counts:
        return "empty", None
    name = column.name.strip()
    if all(map(is_technical, counts)):
        return "empty", None
    answers = Counter({text: n for text, n in counts.items() if not is_missing(text)}) or counts
    if _STATUS.fullmatch(name) or (name.endswith("_complete") and set(counts) <= set("012")):
        return "status", None  # REDCap writes 0, 1 or 2 for each form
    if _TECHNICAL.fullmatch(name) or _share(counts, _ADDRESS.fullmatch) >= 0.8:
        return "technical", None
    if _share(answers, _DATE.fullmatch) >= 0.8:
        return "date", None
    if mean_words(counts) >= 4 and _ASKS_FOR_WORDS.search(f"{name} {column.label}"):
        # the same sentence may come again and again, where a small file is or a lazy one
        return "open", None
    if len(counts) == 1 and counts.total() == rows > 1 and not is_words(counts):
        return "constant", None
    if _share(answers, _holds_number) >= 0.95:
        return ("number" if _are_amounts(answers, column) else "single"), None
    if joined := find_joined(counts, f"{name} {column.label}", codes=codes):
        return "joined", joined
    if _is_closed(column, counts):
        return "single", None
    if OTHER_TEXT.search(name) or OTHER_TEXT.search(column.label.strip()):
        return "other", None
    sentences = _share(counts, lambda text: len(text.split()) >= 5) >= 0.2
    return ("open" if sentences or mean_words(counts) >= 4 else "short"), None


def _numbers_the_rows(texts: Collection[str], rows: int) -> bool:
    """Whether a column counts the rows: 1, 2, 3 … is nobody's answer."""
    if len(texts) < max(rows, 5):
        return False
    numbers = _all_numbers(texts)
    whole = all(value.is_integer() for value in numbers)
    return len(numbers) == rows and whole and max(numbers) - min(numbers) == rows - 1


def _all_numbers(texts: Iterable[str]) -> tuple[float, ...]:
    found = [number(text) for text in texts]
    return tuple(value for value in found if value is not None) if None not in found else ()


def _holds_number(text: str) -> bool:
    return canonical_number(text, ",") is not None or canonical_number(text, ".") is not None


def _are_amounts(answers: Counter[str], column: Column) -> bool:
    """Whether numbers are amounts and no numbered answers: many, far apart, or with a part."""
    if column.values and set(answers) <= set(column.values):
        return False
    style = number_style(answers)
    decimal = style.decimal if style else None
    found = [canonical_number(text, decimal) for text in answers]
    values = np.array([float(value) for value in found if value is not None])
    if len(values) < len(found):
        return True  # 1.250: an amount, whichever way it is to be read
    parted = bool((values % 1 != 0).any())
    spread = float(np.ptp(values)) if values.size else 0.0
    return len(values) > MANY_NUMBERS or (len(values) >= 5 and (parted or spread >= 20))


def _share(counts: Counter[str], holds: Callable[[str], object]) -> float:
    """The share of the filled cells for whose text something holds."""
    return sum(count for text, count in counts.items() if holds(text)) / counts.total()


def mean_words(counts: Counter[str]) -> float:
    return sum(count * len(text.split()) for text, count in counts.items()) / counts.total()


def is_words(values: Iterable[str]) -> bool:
    return all(value.casefold() in TICKED | NOT_TICKED for value in values)


def _is_closed(column: Column, counts: Counter[str]) -> bool:
    """Whether the texts are answers to choose from: few, short or mostly repeated.

    Open answers repeat too ("nee"), but beside the repeated ones stand many that occur once.
    """
    if len(counts) > CLOSED_VALUES:
        return False
    if max(map(len, counts)) <= 3 or set(counts) <= set(column.values):
        return True
    once = sum(count == 1 for count in counts.values())
    return once <= 0.5 * len(counts) and once <= 0.4 * counts.total()


def sorted_values(counts: Iterable[str], column: Column) -> tuple[str, ...]:
    """Distinct cells: numbers by size, else as the file labels them, else text."""
    values = set(counts)
    numeric = all(number(value) is not None for value in values)
    declared = [] if numeric else [value for value in column.values if value in values]
    rest = sorted(values - set(declared), key=lambda v: (number(v) is None, number(v) or 0, v))
    return (*declared, *rest)
