"""How to read an export, where it should not be found out; and the table that readers make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["csv", "xlsx", "parquet", "sav", "limesurvey", "qualtrics"]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The format options of study.toml; None = found out from the file."""

    format: Format | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    decimal: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a file holds it: ``header`` and ``rows`` of equal width, cells str or None.

    ``numbers`` says where each stands in the file as a person sees it: first the header, then the
    n rows, so n + 1 in all. 0 where a file has no row with names.
    """

    header: list[str]
    rows: list[list[str | None]]
    numbers: list[int]

    @property
    def row_numbers(self) -> list[int]:
        """(n,) the numbers of the rows, without that of the header."""
        return self.numbers[1:]
