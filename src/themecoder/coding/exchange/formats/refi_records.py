"""A REFI-QDA project as plain records; guids are bare and in capitals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from themecoder.codebook.incoming import Node
from themecoder.coding.exchange.formats.refi_counting import SourceText, Span
from themecoder.coding.exchange.model import ForeignNote


@dataclass(frozen=True, slots=True)
class QdaCoding:
    """A code that a user gave to a source or a selection; ``row``: the line in the project."""

    code: str
    user: str
    time: str
    notes: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class QdaSelection:
    """A part of a text. Times as they are written, empty where there is none."""

    guid: str
    span: Span
    user: str
    created: str
    modified: str
    memo: str
    codings: tuple[QdaCoding, ...]
    notes: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class QdaSource:
    """A text and what was done to it; ``text`` is None where the archive does not have it.

    ``others``: how many codings are on what is no text, such as a place on a page of a PDF.
    """

    guid: str
    name: str
    text: SourceText | None
    user: str
    memo: str
    selections: tuple[QdaSelection, ...]
    codings: tuple[QdaCoding, ...]
    notes: tuple[str, ...]
    values: tuple[str, ...]
    others: int
    row: int


@dataclass(frozen=True, slots=True)
class QdaNote:
    """A memo; ``selections`` are the parts that it is about, of the source that refers to it."""

    guid: str
    text: str
    user: str
    selections: tuple[QdaSelection, ...]


@dataclass(frozen=True, slots=True)
class QdaCase:
    """Somebody or something that sources and selections belong to."""

    guid: str
    name: str
    sources: tuple[str, ...]
    selections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QdaProject:
    """A project. ``users``: guid -> name. ``linked``: what a link leads to -> the notes it comes
    from. ``code_memos``: code -> the notes on it. ``sets``: code -> the set that it is in, where
    that is one. ``others``: how many sources of a kind are no text. ``memo``: on the project.
    ``faults``: selections whose positions are none."""

    origin: str
    users: Mapping[str, str]
    codes: tuple[Node, ...]
    code_memos: Mapping[str, tuple[str, ...]]
    variables: tuple[str, ...]
    cases: tuple[QdaCase, ...]
    sources: tuple[QdaSource, ...]
    notes: Mapping[str, QdaNote]
    linked: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, str]
    others: Mapping[str, int]
    memo: str = ""
    faults: tuple[ForeignNote, ...] = ()
