"""Coding as a file of another tool has it, before anything is known of what it means here.

A reader of a format makes a ``ForeignFile`` and decides nothing: which answer is meant, which code
of the codebook and which coder is asked afterwards, the same way for every format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from themecoder.errors import Problem


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file something stands; empty or None where the format has no such thing.

    ``part``: the sheet of a workbook, the source in an archive; ``row`` counts from 1, as the
    person who opens the file sees it; ``column``: its heading.
    """

    part: str = ""
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ForeignQuote:
    """A part of ``ForeignCoding.text`` that carries a code: code points ``start`` to ``end``
    (exclusive) of that text. ``text``: its words as the file has them, empty where it has none."""

    start: int
    end: int
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ForeignCoding:
    """What one person coded of one answer, in the other tool's own names.

    ``respondent``, ``question`` and ``text`` (of the answer) say which answer is meant, each empty
    where the file does not tell. ``codes`` are names as they stand there: ids, labels or numbers;
    none of them and ``skipped`` False says that the person saw the answer and found nothing.
    ``codebook``: the version that it was made under, empty where unknown. Times are UTC texts.
    ``shown``: the codes suggested beforehand, None where blind or unknown. ``round``: None where
    unknown. ``before``: the mark of the coding that the person was given to go on with
    (``sheet_rows.coding_mark``), None where there was none or that is not known; this one takes its
    place. ``values``: name of a code -> the id or label of its value; None where the file has no
    place for values. ``changed``: False where it is as it was given. ``ids``: what identifies it in
    the other tool.
    """

    place: Place
    coder: str = ""
    respondent: str = ""
    question: str = ""
    text: str = ""
    codes: tuple[str, ...] = ()
    quotes: tuple[ForeignQuote, ...] = ()
    skipped: bool = False
    uncertain: bool = False
    comment: str = ""
    codebook: str = ""
    shown: tuple[str, ...] | None = None
    created_at: str | None = None
    updated_at: str | None = None
    seconds: float | None = None
    round: int | None = None
    before: str | None = None
    changed: bool = True
    values: Mapping[str, str] | None = None
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignCode:
    """A code as the other tool has it: its ``name`` in the codings, and what it says of it."""

    name: str
    label: str = ""
    number: str = ""
    memo: str = ""
    color: str = ""
    parent: str = ""
    """The name of the code above it, empty at the top."""


@dataclass(frozen=True, slots=True)
class ForeignNote:
    """Something in the file that has no place here, for the report: the key of a message below
    ``exchange.note.`` and its parameters."""

    key: str
    place: Place
    params: Mapping[str, object] = field(default_factory=dict)


def problem_at(key: str, params: Mapping[str, object], place: Place, file: Path) -> Problem:
    """What is wrong at a place in ``file``: ``key`` of a message below ``exchange.``."""
    where = f"{file} [{place.part}]" if place.part else file
    return Problem(f"exchange.{key}", dict(params), where, place.row, place.column or None)


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """All coding in one file of another tool.

    ``kind`` names the format, for the source of each coding: ``spreadsheet``, ``label_studio``,
    ``refi``. ``faults``: what could not be read of it, each a problem of the import: the key of a
    message below ``exchange.`` and its parameters. ``memo``: on all of it, as a project has one.
    """

    kind: str
    codings: tuple[ForeignCoding, ...]
    codes: tuple[ForeignCode, ...] = ()
    notes: tuple[ForeignNote, ...] = ()
    faults: tuple[ForeignNote, ...] = ()
    memo: str = ""
