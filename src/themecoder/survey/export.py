"""A survey export as read, before anything in it is interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export.

    ``name`` is unique: a heading that several columns share, or none, has the column's place
    behind it (``Waarom? [5]``, ``[4]``). ``heading`` is what the file says.
    """

    name: str
    label: str = ""  # the question's wording, where the file has it
    # value -> label, where the file has them
    values: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None  # name of its multiple-response set, where the file says so


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """Columns that together hold the answers to one question, as a file declares it.

    ``kind``: "options" for a column per option, in which ``counted`` (where it is given) says that
    the option was chosen; "mentions" for a first answer, a second answer and so on, whose cells are
    the options.
    """

    name: str
    columns: tuple[str, ...]
    label: str = ""
    kind: Literal["options", "mentions"] = "options"
    counted: str = ""


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A row of the file that is no respondent. ``reason``: "heading", "totals" or "title"."""

    number: int
    reason: Literal["heading", "totals", "title"]
    text: str  # how it begins


@dataclass(frozen=True, slots=True)
class Export:
    """A survey export as read: text as typed (NFC only), nothing interpreted.

    ``frame`` holds ``str`` or None only: None is an empty cell, that is not asked or not answered;
    numbers are canonical (``"5"``, ``"3.5"``). Row i of the frame stands at ``row_numbers[i]`` in
    the file as a person sees it (the header of a plain csv is row 1).
    """

    columns: tuple[Column, ...]
    frame: pandas.DataFrame
    row_numbers: tuple[int, ...]
    source: str  # file name
    format: str  # "csv", "xlsx", "sav", "qualtrics" …: ``settings.model.Format``
    details: Mapping[str, str]  # delimiter, encoding, sheet ... as found
    sets: tuple[ResponseSet, ...] = ()
    left_out: tuple[RowLeftOut, ...] = ()
    # column -> cells that can be read as two numbers (1.250), where nothing tells which
    unclear_numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
