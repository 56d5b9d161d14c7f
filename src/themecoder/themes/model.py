"""The results of mining: the clustering of the pure core, and the themes of a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
"""An array of any numbers, as functions accept it before they convert it."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """The result of the pure core on n segments in k themes.

    Themes are numbered by falling number of answers. ``merges`` is a scipy linkage matrix of the
    themes (average linkage, cosine distance between theme centroids).
    """

    labels: IntArray
    """(n,) theme of each segment, 0..k-1; -1 = in no theme."""
    strength: FloatArray
    """(n,) how firmly the segment sits in its theme, 0..1."""
    stability: FloatArray
    """(k,) how well the theme comes back when a part of the answers is left out, 0..1."""
    merges: FloatArray
    """(k-1, 4) scipy linkage of the themes; empty with fewer than two."""
    xy: FloatArray
    """(n, 2) map of the segments, -1..1 on both axes."""
    main: IntArray | None = None
    """(m,) the one theme of each whole answer, where whole answers were clustered; -1 = none."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A piece of an answer in a theme; offsets count code points of the answer as imported."""

    answer_id: str
    theme: int | None
    strength: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A stretch of an answer; offsets count code points of the answer as imported."""

    answer_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Theme:
    """A candidate theme: what a person looks at, renames, merges or rejects."""

    id: int
    label: str
    keywords: tuple[tuple[str, float], ...]
    size: int
    stability: float
    representatives: tuple[str, ...]
    nearest_codes: tuple[tuple[str, float], ...]
    uncovered: bool = False
    """Whether the themes started from a codebook and none of its codes explains this one."""
    segments: tuple[AnswerPart, ...] = ()
    """The few short segments that say best what the theme is about."""


@dataclass(frozen=True, slots=True)
class QuestionThemes:
    """The candidate themes of one question.

    ``merges`` is the hierarchy as (node a, node b, distance): leaves are theme ids, merge i makes
    node -(i+1). ``xy`` places every answer on the map.
    """

    question: str
    themes: tuple[Theme, ...]
    assignments: tuple[Assignment, ...]
    merges: tuple[tuple[int, int, float], ...]
    xy: Mapping[str, tuple[float, float]]
