"""Vectors of texts: what an encoder gives, and how several encoders' vectors become one space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
_ROWS = 4096


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
    def of(cls, blocks: Sequence[Vectors]) -> Space:
        """The space of a corpus: ``blocks`` hold (n, d_i) vectors, one block an encoder."""
        return cls(
            tuple(block.mean(axis=0, dtype=np.float64).astype(np.float32) for block in blocks)
        )

    def place(self, blocks: Sequence[Vectors]) -> Vectors:
        """(m, sum of d_i) vectors of m texts from their blocks, in the encoders' order."""
        if len(blocks) != len(self.means):
            raise ValueError(f"{len(blocks)} blocks of vectors, {len(self.means)} encoders")
        widths = [len(mean) for mean in self.means]
        placed = np.empty((len(blocks[0]), sum(widths)), dtype=np.float32)
        ends = np.cumsum(widths)
        # a part of the rows at a time: copies of them all would be gigabytes
        for start in range(0, len(placed), _ROWS):
            rows = slice(start, start + _ROWS)
            for block, mean, end in zip(blocks, self.means, ends, strict=True):
                placed[rows, end - len(mean) : end] = normalised(block[rows] - mean)
            placed[rows] = normalised(placed[rows])
        return placed


def combine(blocks: Sequence[Vectors]) -> Vectors:
    """The vectors of a corpus in its own space; see ``Space``."""
    return Space.of(blocks).place(blocks)
