"""Answers with one code divided over its parts, by the parts' texts and by examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themecoder.classifier.model import EXCLUDES, Answers, CodebookTexts, IntArray
from themecoder.whatif.text_scores import likened, stacked

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Division:
    """Which part each answer is taken for, one of K.

    ``taken`` (n, K): by all that is known; ``held`` (e, K): each example, by what is known without
    the examples of its respondent. ``margin``: by how much the likeliest part is ahead of the next,
    on average. It says how hard the parts are to tell apart: over pairs of codes of the shipped
    study it goes with the share that is divided rightly (rank correlation .68).
    """

    taken: BoolArray
    held: BoolArray
    margin: float


def pieces_of(book: CodebookTexts, code: int) -> IntArray:
    """The texts that say what a code is, its label first."""
    return np.flatnonzero((book.codes == code) & (book.kinds != EXCLUDES))


def divide(
    answers: Answers,
    book: CodebookTexts,
    parts: IntArray,
    rows: IntArray,
    examples: IntArray,
    belongs: BoolArray,
    pieces: int | None = None,
) -> Division:
    """The answers ``rows`` (ascending) over the ``parts``, columns of ``book``.

    ``examples`` (e,): which of ``rows`` are known to belong (e, K) to which parts. ``pieces``: so
    many texts of each part are used at most.
    """
    says = np.sort(np.concatenate([pieces_of(book, int(part))[:pieces] for part in parts]))
    beside = likened(answers, rows, stacked(book.texts[says], answers.whole[rows[examples]]))
    own = book.codes[says][:, None] == parts
    wanted = np.where(np.vstack([own, belongs]), 1.0, -1.0)
    weights = np.ones(len(wanted))
    people = answers.respondents[rows[examples]]
    held = np.zeros(belongs.shape, dtype=bool)
    for person in np.unique(people):
        theirs = people == person
        weights[len(says) :] = ~theirs
        scores = beside.scores(wanted, weights)
        held[theirs] = _best(scores[examples[theirs]])
    weights[len(says) :] = 1
    scores = beside.scores(wanted, weights)
    first = np.sort(scores, axis=1)[:, -2:]
    return Division(_best(scores), held, float((first[:, 1] - first[:, 0]).mean()))


def _best(scores: npt.NDArray[np.float64]) -> BoolArray:
    return np.asarray(scores.argmax(axis=1)[:, None] == np.arange(scores.shape[1]))
