"""Answers of a new wave that are like none of the earlier ones: a subject nobody has a code for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import betabinom

from themecoder.classifier.model import Vectors
from themecoder.counts.holm import holm
from themecoder.counts.intervals import wilson
from themecoder.drift.codes import SURE
from themecoder.drift.separation import BoolArray, FloatArray
from themecoder.embeddings.nearest import nearest

USUAL = 0.1
"""The part of the earlier answers that passes for unlike the others: some always are."""
FEWEST = 20
"""Answers to a question that each side needs."""
NEAR = 3
"""A subject that one or two earlier answers touched is new all the same."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """One question: of ``n_new`` answers of the new wave the share that is as far from all
    ``n_old`` earlier ones as ``USUAL`` of those are from each other, with its 95 % interval;
    ``p`` that it is no more than that, ``p_holm`` over the questions. All None where one of the
    sides has too few answers."""

    question: str
    n_old: int
    n_new: int
    unlike: int = 0
    share: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    p_holm: float | None = None

    @property
    def alarms(self) -> bool:
        return self.p_holm is not None and self.p_holm < SURE


def distances(vectors: Vectors, old: BoolArray) -> FloatArray:
    """(r,) how far each of the answers to a question is from the ``NEAR`` earlier ones, ``old``
    (r,), nearest to it: 1 less the mean cosine. An answer is not its own neighbour; NaN where there
    are too few others."""
    there = np.flatnonzero(old)
    if len(there) <= NEAR:
        return np.full(len(old), np.nan)
    likeness = nearest(vectors, vectors[there], NEAR, banned=np.arange(len(old)), groups=there)[1]
    return np.asarray(1 - likeness.mean(axis=1))


def unlike(question: str, far: FloatArray, new: BoolArray) -> tuple[Unlike, BoolArray]:
    """What the distances (r,) of the answers to a question say, and which of them are unlike.

    Where both waves are alike, how many of the new answers pass the limit that ``USUAL`` of the
    earlier ones pass has a beta-binomial distribution (Wilks 1942, Ann. Math. Stat. 13, p. 400).
    """
    old_far = far[~new]
    row = Unlike(question, len(old_far), int(new.sum()))
    if min(row.n_old, row.n_new) < FEWEST:
        return row, np.zeros(len(far), dtype=bool)
    place = max(int(USUAL * row.n_old), 1)
    passed = new & (far > np.sort(old_far)[-place])
    n = int(passed.sum())
    low, high = wilson(n, row.n_new)
    p = float(betabinom.sf(n - 1, row.n_new, place, row.n_old + 1 - place))
    share = n / row.n_new
    return replace(row, unlike=n, share=share, ci_low=low, ci_high=high, p=p), passed


def adjusted(rows: list[Unlike]) -> list[Unlike]:
    """With Holm's p over the questions."""
    found = iter(holm([row.p for row in rows if row.p is not None]))
    return [row if row.p is None else replace(row, p_holm=next(found)) for row in rows]
