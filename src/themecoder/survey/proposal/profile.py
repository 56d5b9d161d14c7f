"""What kind of column each column of an export is, by its cells first and its name second."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from themecoder.expressions.cells import NOT_TICKED, TICKED, is_empty, number
from themecoder.survey.export import Column, Export

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
_OTHER = re.compile(
    r"(?:^|[\W_])(anders|other|oth|overig|namelijk|specify)\]?$|\d_te(x|ks)t$"
    r"|anders, ?namelijk|please specify",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})([T ]+\d{1,2}:\d{2}.*)?"
)
_ADDRESS = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|\d{1,3}(\.\d{1,3}){3}|https?://\S+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)
# The last part of a name tells options and items of one question apart: q4_a, Q4_1, q4[SQ01], V3b.
_STEM = re.compile(r"(?P<stem>.+?)(?:[_.:\- ]+\w{1,8}|\s*\[[^\[\]]*\]|(?<=\d)[a-z])", re.IGNORECASE)

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
    group: str = ""  # of options and items: the question they belong to

    @property
    def name(self) -> str:
        return self.column.name


def profiles(export: Export) -> list[Profile]:
    """The kind of every column, in order; options and items with the question they belong to."""
    described = []
    for position, column in enumerate(export.columns):
        cells = export.frame[column.name].tolist()
        filled = np.array([not is_empty(cell) for cell in cells], dtype=bool)
        counts = Counter(
            str(cell).strip() for cell, keep in zip(cells, filled, strict=True) if keep
        )
        kind = _kind(column, counts, len(cells))
        values = _sorted_values(set(counts)) if kind in ("single", "status", "constant") else ()
        unique = len(counts) == len(cells) > 1 and not any(" " in text for text in counts)
        described.append(Profile(column, position, kind, filled, values, unique))
    return _mark_other_texts(_group_options(described), export)


def _kind(column: Column, counts: Counter[str], rows: int) -> Kind:
    """The kind of one column by its texts; options and items are still "single" here."""
    if not counts:
        return "empty"
    name = column.name.strip()
    kind: Kind
    if _STATUS.fullmatch(name):
        kind = "status"
    elif _TECHNICAL.fullmatch(name) or _share(counts, _ADDRESS.fullmatch) >= 0.8:
        kind = "technical"
    elif _share(counts, _DATE.fullmatch) >= 0.8:
        kind = "date"
    elif len(counts) == 1 and counts.total() == rows > 1 and not _is_words(counts):
        kind = "constant"
    elif _share(counts, lambda text: number(text) is not None) >= 0.95:
        kind = "number" if len(counts) > MANY_NUMBERS else "single"
    elif _is_joined(counts):
        kind = "joined"
    elif _is_closed(column, counts):
        kind = "single"
    elif _OTHER.search(name) or _OTHER.search(column.label.strip()):
        kind = "other"
    else:
        sentences = _share(counts, lambda text: len(text.split()) >= 5) >= 0.2
        kind = "open" if sentences or _mean_words(counts) >= 4 else "short"
    return kind


def _share(counts: Counter[str], holds: Callable[[str], object]) -> float:
    """The share of the filled cells for whose text something holds."""
    return sum(count for text, count in counts.items() if holds(text)) / counts.total()


def _mean_words(counts: Counter[str]) -> float:
    return sum(count * len(text.split()) for text, count in counts.items()) / counts.total()


def _is_words(values: Iterable[str]) -> bool:
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


def _is_joined(counts: Counter[str]) -> bool:
    """Whether the cells are lists of the same few options, as form builders export them.

    There are then fewer options than there are lists of them; of texts with a comma in them there
    are more pieces than texts.
    """
    for separator in (";", ", ", " | "):
        lists = Counter({text: n for text, n in counts.items() if separator in text.rstrip("; ")})
        if lists.total() < 0.1 * counts.total():
            continue
        parts: Counter[str] = Counter()
        for text, count in counts.items():
            for part in text.split(separator):
                parts[part.strip()] += count
        del parts[""]
        once = sum(count == 1 for count in parts.values())
        if len(parts) <= CLOSED_VALUES and len(parts) < len(counts) and once <= 0.2 * len(parts):
            return True
    return False


def _sorted_values(values: set[str]) -> tuple[str, ...]:
    def key(value: str) -> tuple[bool, float, str]:
        numeric = number(value)
        return numeric is None, numeric or 0, value

    return tuple(sorted(values, key=key))


def _stem(profile: Profile) -> str:
    if profile.column.group:
        return profile.column.group
    match = _STEM.fullmatch(profile.name)
    return match.group("stem") if match else ""


def _group_options(described: list[Profile]) -> list[Profile]:
    """Closed columns that stand together and share the first part of their name, as one question.

    They are options where the file says so, or each says yes or no or holds one text; items where
    they share answers. Other-texts may stand in between.
    """
    result = list(described)
    closed = [p for p in described if p.kind in ("single", "constant", "empty", "short")]
    for stem, members in groupby(closed, key=_stem):
        block = [p for p in members if p.kind == "single"]
        if not stem or len(block) < 2:
            continue
        values = [set(p.values) for p in block]
        kind: Kind | None = None
        declared = all(p.column.group for p in block)
        if declared or all(_is_words(v) or len(v) == 1 for v in values):
            kind = "option"
        elif len(set[str]().union(*values)) <= 12 and all(
            len(v & set[str]().union(*values[:i], *values[i + 1 :])) >= 0.5 * len(v)
            for i, v in enumerate(values)
        ):
            kind = "item"
        if kind:
            for profile in block:
                result[profile.position] = replace(profile, kind=kind, group=stem)
    return result


def _mark_other_texts(described: list[Profile], export: Export) -> list[Profile]:
    """Short texts that are only there where the option beside them is chosen are its other-text."""
    result = list(described)
    for profile in described:
        if profile.kind not in ("open", "short") or not profile.filled.any():
            continue
        beside = [
            described[i]
            for i in (profile.position - 1, profile.position + 1)
            if 0 <= i < len(described) and described[i].kind in ("option", "single")
        ]
        texts = export.frame[profile.name].tolist()
        words = _mean_words(Counter(text for text in texts if not is_empty(text)))
        for neighbour in beside:
            cells = np.array(export.frame[neighbour.name].tolist(), dtype=object)[profile.filled]
            chosen = {"" if is_empty(cell) else cell.strip() for cell in cells}
            ticked = len(chosen) == 1 and not chosen & {"", *NOT_TICKED}
            option = neighbour.kind == "option" or _is_words(neighbour.values)
            if ticked and words < (6 if option else 3):
                result[profile.position] = replace(profile, kind="other")
    return result
