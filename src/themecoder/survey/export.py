"""A survey export as read, before anything in it is interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export."""

    name: str
    label: str = ""  # the question's wording, where the file has it
    # value -> label, where the file has them
    values: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None  # name of its multiple-response set, where the file says so


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
    format: str  # "csv" | "xlsx" | "parquet" | "sav" | "limesurvey" | "qualtrics"
    details: Mapping[str, str]  # delimiter, encoding, sheet ... as found
