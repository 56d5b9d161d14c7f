"""The space that themes were found in, kept so that answers which were not there can be placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.themes.model import Array
from themecoder.themes.prepare import (
    SPELLING_SHARE,
    LengthFit,
    Matrix,
    SpellingFit,
    length_fit,
    spelling_fit,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What ``prepare`` learned from the texts of a sample: of their spelling, and of the vectors of
    whole answers and of pieces of answers apart."""

    spelling: SpellingFit | None
    whole: LengthFit
    pieces: LengthFit

    def place_whole(self, vectors: Array, texts: Sequence[str]) -> Matrix:
        """(n, d') vectors of whole answers, as ``prepare`` would make them beside the sample."""
        return self._place(self.whole, vectors, texts)

    def place_pieces(self, vectors: Array, texts: Sequence[str]) -> Matrix:
        """(n, d') vectors of pieces of answers."""
        return self._place(self.pieces, vectors, texts)

    def _place(self, fit: LengthFit, vectors: Array, texts: Sequence[str]) -> Matrix:
        lengths = np.array([len(text) for text in texts])
        said = fit.without_length(vectors, lengths) * np.float32(np.sqrt(1 - SPELLING_SHARE))
        spelled: Matrix = np.zeros((len(texts), 1), dtype=np.float32)
        if self.spelling is not None:
            spelled = self.spelling.place(texts) * np.float32(np.sqrt(SPELLING_SHARE))
        return np.hstack([said, spelled])


def frame(
    answers: Array, answer_texts: Sequence[str], pieces: Array, piece_texts: Sequence[str]
) -> Frame:
    """The frame of a sample: (m, d) ``answers`` and the (n, d) ``pieces`` that they were cut in."""
    return Frame(
        spelling_fit(answer_texts),
        length_fit(answers, np.array([len(text) for text in answer_texts])),
        length_fit(pieces, np.array([len(text) for text in piece_texts])),
    )
