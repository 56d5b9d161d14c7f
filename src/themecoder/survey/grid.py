"""How to read an export, where it should not be found out; and the table that readers make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from themecoder.settings.model import Format, PluginName
from themecoder.survey.export import RowLeftOut

Tool = Literal["kobo", "redcap", "surveymonkey", "typeform", "google-forms", "microsoft-forms"]

__all__ = ["ExportOptions", "Format", "Grid", "PluginName", "Tool"]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The format options of study.toml; None = found out from the file.

    ``heading``: the number of the row with the names of the columns. ``as_typed``: columns whose
    numbers stay as they are written, such as that of the ids; ``all_as_typed``: of every column.
    """

    format: Format | PluginName | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    heading: int | None = None
    decimal: Literal[",", "."] | None = None
    as_typed: frozenset[str] = frozenset()
    all_as_typed: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a file holds it: ``header`` and ``rows`` of equal width, cells str or None.

    ``numbers`` says where each stands in the file as a person sees it: first the header, then the
    n rows, so n + 1 in all. 0 where a file has no row with names. ``left_out``: rows that are no
    part of the table.
    """

    header: list[str]
    rows: list[list[str | None]]
    numbers: list[int]
    left_out: list[RowLeftOut] = field(default_factory=list)

    @property
    def row_numbers(self) -> list[int]:
        """(n,) the numbers of the rows, without that of the header."""
        return self.numbers[1:]
