"""The columns of an export while they are read: some are replaced, some are added."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

Cells = list[str | None]


class ReadColumns:
    """The columns of a frame, some of them replaced or added. Cells are str or None."""

    def __init__(self, frame: pandas.DataFrame) -> None:
        self._frame = frame
        self._made: dict[str, Cells] = {}
        self.rows = len(frame)

    def __getitem__(self, column: str) -> Cells:
        if column not in self._made:
            cells: Cells = self._frame[column].tolist()
            return cells
        return self._made[column]

    def __setitem__(self, column: str, cells: Cells) -> None:
        self._made[column] = cells

    def frame(self) -> pandas.DataFrame:
        """The frame with what was made, the columns of the export in their order."""
        import pandas as pd

        index = self._frame.index
        made = pd.DataFrame(
            {name: pd.Series(own, index, dtype=object) for name, own in self._made.items()},
            index=index,
        )
        kept = self._frame.drop(columns=[name for name in self._made if name in self._frame])
        order = [*self._frame.columns, *(name for name in made if name not in self._frame)]
        return pd.concat([kept, made], axis="columns")[order]
