"""The cells that a condition looks at, and what survey tools write in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas

Truth: TypeAlias = "npt.NDArray[np.int8]"  # (n,): 1 true, 0 unknown, -1 false

# How survey tools write the cell of an option of a multiple-response question.
TICKED = (
    frozenset(("1", "true", "waar", "ja", "yes", "y", "j", "x", "✓", "✔", "☑"))
    | {"checked", "selected", "quoted", "mentioned", "ticked", "marked"}
    | {"aangevinkt", "geselecteerd", "gekozen", "genoemd", "aangekruist", "wel genoemd"}
    | {"wahr", "ausgewählt", "gewählt", "genannt", "angekreuzt"}
    | {"oui", "vrai", "coché", "sélectionné", "cité", "choisi"}
)
NOT_TICKED = (
    frozenset(("0", "false", "onwaar", "nee", "no", "n", "-", "☐"))
    | {"unchecked", "not selected", "not quoted", "not mentioned", "unselected", "not ticked"}
    | {"not checked", "unmarked", "not marked"}
    | {"niet aangevinkt", "niet geselecteerd", "niet gekozen", "niet genoemd"}
    | {"niet aangekruist"}
    | {"nein", "falsch", "nicht ausgewählt", "nicht gewählt", "nicht genannt"}
    | {"nicht angekreuzt"}
    | {"non", "faux", "non coché", "non sélectionné", "pas coché", "non cité", "pas sélectionné"}
)

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


def is_empty(cell: object) -> bool:
    """Whether a cell holds nothing: no text, or white space only."""
    return not isinstance(cell, str) or not cell.strip()


def number(cell: str) -> float | None:
    """The number that a cell holds, decimal point or comma; None where it holds none."""
    cell = cell.strip()
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def ticked(cell: str) -> bool:
    """Whether a multiple-response cell says that the option was chosen.

    A cell with neither a word for yes nor one for no holds the option's own text, as some tools
    export it, and is a tick. An empty cell is none.
    """
    return bool(cell.strip()) and cell.strip().casefold() not in NOT_TICKED


class Table:
    """The columns that a condition looks at: cells as text, None where empty."""

    def __init__(self, source: pandas.DataFrame | Mapping[str, str | None]) -> None:
        self._cells: dict[str, list[str | None]] = {}
        self._source = source
        self.rows = 1 if isinstance(source, Mapping) else len(source)

    @property
    def names(self) -> list[str]:
        """The names of all columns, in order."""
        return [str(name) for name in self._source]

    def has(self, column: str) -> bool:
        """Whether there is a column of this name."""
        return column in self._source

    def cells(self, column: str) -> list[str | None]:
        """The column's cells; a cell of white space only is empty."""
        if column not in self._cells:
            source = self._source
            raw = [source[column]] if isinstance(source, Mapping) else source[column].tolist()
            self._cells[column] = [None if is_empty(cell) else cell for cell in raw]
        return self._cells[column]

    def where(self, column: str, holds: Callable[[str], bool | None]) -> Truth:
        """The truth of ``holds`` per row; unknown where the cell is empty or it says None."""
        known: dict[str | None, int] = {None: 0}
        truths = np.empty(self.rows, dtype=np.int8)
        for row, cell in enumerate(self.cells(column)):
            if cell is not None and cell not in known:
                known[cell] = {True: 1, False: -1, None: 0}[holds(cell)]
            truths[row] = known[cell]
        return truths
