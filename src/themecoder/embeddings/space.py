"""Vectors of texts: what an encoder gives, and how several encoders' vectors become one space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
_ROWS = 4096
_SUMMED = 65_536


class Encoder(Protocol):
    """Turns texts into vectors. ``revision`` changes whenever the vectors of a text would."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) float32, rows of length one, aligned to ``texts``."""


def normalised(rows: Vectors) -> Vectors:
    """Rows of length one; a row of zeros stays as it is."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1), dtype=np.float32)


@dataclass(frozen=True)
class Space:
    """The common space of several encoders' vectors over one corpus.

    Small encoders squeeze all cosines into a narrow band (.8 to .9 for multilingual E5), so each
    encoder's block is centred on the corpus mean first; then every encoder counts alike: rows of
    length one per block, blocks side by side, rows of length one again. Texts that are not of the
    corpus, such as a codebook's, are placed by the corpus' own means.
    """

    means: tuple[Vectors, ...]

    @classmethod
    def of(cls, blocks: Sequence[Vectors], rows: Rows | None = None) -> Space:
        """The space of a corpus: ``blocks`` hold (n, d_i) vectors, one block an encoder; ``rows``
        (m,) which of them are the corpus, all by default."""
        return cls(tuple(_mean(block, rows) for block in blocks))

    @property
    def width(self) -> int:
        """The sum of d_i."""
        return sum(len(mean) for mean in self.means)

    def place(
        self, blocks: Sequence[Vectors], rows: Rows | None = None, into: Vectors | None = None
    ) -> Vectors:
        """(m, sum of d_i) vectors of m texts from the ``rows`` of their blocks (all by default), in
        the encoders' order; written ``into`` a table where one is given."""
        if len(blocks) != len(self.means):
            raise ValueError(f"{len(blocks)} blocks of vectors, {len(self.means)} encoders")
        n = len(blocks[0]) if rows is None else len(rows)
        placed = np.empty((n, self.width), dtype=np.float32) if into is None else into
        ends = np.cumsum([len(mean) for mean in self.means])
        # a part of the rows at a time: copies of them all would be gigabytes
        for start in range(0, n, _ROWS):
            own = slice(start, start + _ROWS)
            wanted = own if rows is None else rows[own]
            for block, mean, end in zip(blocks, self.means, ends, strict=True):
                placed[own, end - len(mean) : end] = normalised(block[wanted] - mean)
            placed[own] = normalised(placed[own])
        return placed


def _mean(block: Vectors, rows: Rows | None) -> Vectors:
    """(d,) the mean of the rows, added up in one go as far as that takes little memory."""
    n = len(block) if rows is None else len(rows)
    if not n:
        return np.zeros(block.shape[1], dtype=np.float32)
    total = np.zeros(block.shape[1])
    for start in range(0, n, _SUMMED):
        own = slice(start, start + _SUMMED)
        total = total + block[own if rows is None else rows[own]].sum(axis=0, dtype=np.float64)
    return np.asarray(total / n, dtype=np.float32)


def combine(blocks: Sequence[Vectors]) -> Vectors:
    """The vectors of a corpus in its own space; see ``Space``."""
    return Space.of(blocks).place(blocks)
