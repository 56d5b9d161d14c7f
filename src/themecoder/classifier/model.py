"""What the classifier takes and gives: arrays, no files and no texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Texts:
    """n texts in the two ways that the classifier sees them.

    ``vectors`` (n, d): what they mean, rows of length one. ``words`` (n, f): how they are written.
    """

    vectors: Vectors
    words: scipy.sparse.csr_matrix

    def __getitem__(self, rows: IntArray) -> Texts:
        return Texts(self.vectors[rows], self.words[rows])

    def __len__(self) -> int:
        return len(self.vectors)


@dataclass(frozen=True, slots=True)
class Answers:
    """n answers and their m segments.

    ``owners`` (m,): the answer of each segment; ``lengths`` (m,): how long a segment is, its weight
    in that answer; ``questions`` (n,): a number per question; ``respondents`` (n,): one per person,
    whose answers are never split over what is learned from and what is tested on.
    """

    whole: Texts
    segments: Texts
    owners: IntArray
    lengths: FloatArray
    questions: IntArray
    respondents: IntArray


@dataclass(frozen=True, slots=True)
class CodebookTexts:
    """k pieces of text of a codebook's C codes.

    ``codes`` (k,): the code that a piece is of. ``kinds`` (k,): one of ``SAYS``, ``EXAMPLE`` and
    ``EXCLUDES``. ``instead`` (k,): the code that an excluding piece names, else -1. ``expected``
    (C, questions): where each code is expected at all.
    """

    texts: Texts
    codes: IntArray
    kinds: IntArray
    instead: IntArray
    expected: npt.NDArray[np.bool_]

    @property
    def bare(self) -> bool:
        """Whether the codes say little more than their label: fewer than two pieces a code."""
        return int((self.kinds != EXCLUDES).sum()) < 2 * len(self.expected)


SAYS, EXAMPLE, EXCLUDES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Coded:
    """Codes that people gave to r answers, and what is known of s segments.

    ``answers`` (r,): which, ascending; ``codes`` (r, C): the share of the codings of an answer that
    gave the code (0-1); ``weights`` (r,): how much an answer counts. ``segments`` (s,), of any
    answers; ``segment_codes`` (s, C) and ``segment_weights`` (s,) alike.
    """

    answers: IntArray
    codes: FloatArray
    weights: FloatArray
    segments: IntArray
    segment_codes: FloatArray
    segment_weights: FloatArray
