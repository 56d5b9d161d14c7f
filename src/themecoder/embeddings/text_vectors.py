"""The vectors of texts by the texts themselves, as several encoders gave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from themecoder.embeddings.space import Rows, Space, Vectors
from themecoder.embeddings.vector_table import vector_table


@dataclass(frozen=True)
class TextVectors:
    """``places``: text -> its row in the ``blocks``, one an encoder. ``folder`` is where tables are
    kept that are too large for memory."""

    places: Mapping[str, int]
    blocks: Sequence[Vectors]
    folder: Path | None = None

    def space(self, texts: Sequence[str]) -> Space:
        """The space of a corpus of these texts. Raises KeyError for one that has no vectors."""
        return Space.of(self.blocks, self._rows(texts))

    def placed(self, texts: Sequence[str], space: Space) -> Vectors:
        """(n, d) the vectors of n texts in ``space``."""
        table = vector_table(len(texts), space.width, self.folder)
        return space.place(self.blocks, self._rows(texts), table)

    def _rows(self, texts: Sequence[str]) -> Rows:
        return np.fromiter((self.places[text] for text in texts), np.int64, len(texts))
