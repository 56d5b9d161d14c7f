"""Answers in columns: what is looked for in them, in what order they stand, which are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from themecoder.answers_search.words import BoolArray, WordIndex

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

UNSEEN = ""
"""The state of an answer that nobody whose coding is shown has looked at."""


@dataclass(frozen=True)
class Answers:
    """n answers, each masked ``texts`` at one place in all columns.

    ``same``: the number of its text, equal for answers that say the same but for capitals and white
    space. ``attributes``: attribute -> per answer the group of its respondent, empty where it is
    not known. ``place``: the order in which they are to be coded.
    """

    ids: Sequence[str]
    questions: npt.NDArray[np.str_]
    texts: Sequence[str]
    words: WordIndex
    same: IntArray
    place: IntArray
    attributes: Mapping[str, npt.NDArray[np.str_]] = field(default_factory=dict)


@dataclass(frozen=True)
class Coded:
    """What may be seen of the coding of n answers. ``codes``: code -> who of them has it;
    ``coders``: coder -> which of them she has coded or skipped, empty where it is not shown."""

    states: npt.NDArray[np.str_]
    codes: Mapping[str, BoolArray]
    doubt: BoolArray
    coders: Mapping[str, BoolArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Machine:
    """How much the machine doubts which codes each of n answers has; NaN where that is not told.
    ``unsure``: of which it can't say of some code whether they have it."""

    doubt: FloatArray
    unsure: BoolArray


def same_texts(texts: Sequence[str]) -> IntArray:
    """(n,) the number of each text: that of the first which says the same but for capitals and
    white space."""
    numbers: dict[str, int] = {}
    found = (
        numbers.setdefault(" ".join(text.casefold().split()), n) for n, text in enumerate(texts)
    )
    return np.fromiter(found, np.int64, len(texts))
