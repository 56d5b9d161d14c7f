"""What speaks for a code in an answer: nine numbers per pair of answer and code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
from scipy import sparse

from themecoder.classifier.landmarks import Landmarks, landmarks
from themecoder.classifier.model import (
    EXCLUDES,
    Answers,
    CodebookTexts,
    Coded,
    FloatArray,
    IntArray,
    Texts,
)
from themecoder.classifier.ridge import Sums, sums, sums_by_part
from themecoder.classifier.spreading import (
    Guide,
    candidates,
    likeness,
    rank_graph,
    spread,
    standardised,
)

FEATURES = (
    "meaning of the answer",
    "meaning of its best segment",
    "words of the answer",
    "words of its best segment",
    "neighbours of its best segment",
    "neighbours of all its segments",
    "likeness of the answer",
    "likeness of its best segment",
    "how common the code is",
)
_BLOCK = 4096
_KEPT = 20_000
"""Texts of which the columns are kept: 160 MB."""
_EXCLUDED = 0.5
"""What a text of a codebook that says what does not belong weighs beside a coded answer; all other
texts of a codebook weigh as much as that."""
_AWAY = -0.5
"""What is wanted of the code that a text is said not to belong to."""
_USUAL_CODES = 1.3
"""How many codes an answer has, as long as nothing is coded."""
_NEVER = 1e-6


@dataclass(frozen=True)
class Known:
    """What does not change while people code: made once per survey and codebook."""

    answers: Answers
    book: CodebookTexts
    marks: Landmarks
    fixed: FloatArray
    """(n, C, 4): neighbours and likeness."""
    base: tuple[Sums, Sums]
    """Of the codebook's texts, by meaning and by words."""

    @cached_property
    def columns(self) -> FloatArray | None:
        """The words of all answers and segments as columns of ``marks``, where they are few enough
        to be kept: what is learned from while people code should not be made anew each time."""
        words = sparse.vstack([self.answers.whole.words, self.answers.segments.words])
        return self.marks.columns(words.tocsr()) if words.shape[0] <= _KEPT else None

    @property
    def n_codes(self) -> int:
        return len(self.book.expected)


def known(answers: Answers, book: CodebookTexts, seed: int = 0) -> Known:
    """Everything about the answers and the codebook that no coding changes."""
    texts = (answers.whole, answers.segments, book.texts)
    marks = landmarks(sparse.vstack([text.words for text in texts]).tocsr(), seed)
    wanted = np.zeros((len(book.codes), len(book.expected)))
    weights = np.ones(len(book.codes))
    for row, (code, kind, instead) in enumerate(
        zip(book.codes, book.kinds, book.instead, strict=True)
    ):
        wanted[row, code] = _AWAY if kind == EXCLUDES else 1
        if instead >= 0:
            wanted[row, instead] = 1
        if kind == EXCLUDES:
            weights[row] = _EXCLUDED
    base = (
        sums(book.texts.vectors.astype(np.float64), wanted, weights),
        sums(marks.columns(book.texts.words), wanted, weights),
    )
    return Known(answers, book, marks, _fixed(answers, book), base)


def _fixed(answers: Answers, book: CodebookTexts) -> FloatArray:
    says = np.flatnonzero(book.kinds != EXCLUDES)
    ids = tuple(str(code) for code in range(len(book.expected)))
    guide = Guide(ids, book.texts.vectors[says], book.codes[says])
    of_answers = standardised(likeness(answers.whole.vectors, guide))
    start = standardised(likeness(answers.segments.vectors, guide))
    member = np.empty_like(start)
    for question in np.unique(answers.questions):
        inside = np.flatnonzero(answers.questions[answers.owners] == question)
        if len(inside):
            _, own = np.unique(answers.owners[inside], return_inverse=True)
            graph = rank_graph(candidates(answers.segments.vectors[inside]))
            member[inside], _ = spread(start[inside], graph, own, answers.lengths[inside], 0)
    of_segment = _best(np.log(np.maximum(member, _NEVER)), answers, np.log(_NEVER))
    of_all = np.log(np.maximum(_mean(member, answers), _NEVER))
    likest = _best(start, answers, float(start.min(initial=0)))
    return np.stack([of_segment, of_all, of_answers, likest], axis=-1)


def features(known: Known, coded: Coded, parts: IntArray) -> FloatArray:
    """(n, C, 9) what speaks for each code in each answer.

    In a coded answer it is by what was learned without its own part, one of 0, 1, ... in ``parts``
    (n,): the calibration needs scores that did not learn from the answer, and no coder may be shown
    what another said of the same answer.
    """
    wanted = np.vstack([coded.codes, coded.segment_codes])
    weights = np.concatenate([coded.weights, coded.segment_weights])
    of_row = np.concatenate([parts[coded.answers], parts[known.answers.owners[coded.segments]]])
    n_parts = int(of_row.max(initial=-1)) + 1
    by_part = [
        sums_by_part(rows, wanted, weights, of_row, n_parts) for rows in _coded_rows(known, coded)
    ]
    totals = [
        reduce(Sums.__add__, own, base) for base, own in zip(known.base, by_part, strict=True)
    ]
    found = np.empty((len(parts), known.n_codes, len(FEATURES)))
    rest = np.setdiff1d(np.arange(len(parts)), coded.answers)
    found[rest] = _scores(known, totals, _usual(coded.codes, coded.weights, known.n_codes), rest)
    for part in range(n_parts):
        own = parts[coded.answers] == part
        usual = _usual(coded.codes[~own], coded.weights[~own], known.n_codes)
        without = [total - sums[part] for total, sums in zip(totals, by_part, strict=True)]
        found[coded.answers[own]] = _scores(known, without, usual, coded.answers[own])
    return found


def _coded_rows(known: Known, coded: Coded) -> tuple[FloatArray, FloatArray]:
    """The coded answers and segments by meaning, and by words."""
    whole, segments = known.answers.whole, known.answers.segments
    meaning = np.vstack([whole.vectors[coded.answers], segments.vectors[coded.segments]])
    if known.columns is not None:
        rows = np.concatenate([coded.answers, len(whole) + coded.segments])
        return meaning.astype(np.float64), known.columns[rows]
    words = sparse.vstack([whole.words[coded.answers], segments.words[coded.segments]])
    return meaning.astype(np.float64), known.marks.columns(words.tocsr())


def _usual(codes: FloatArray, weights: FloatArray, n_codes: int) -> FloatArray:
    """(C,) the share of answers with each code, as far as they are coded."""
    if not len(codes):
        return np.full(n_codes, _USUAL_CODES / n_codes)
    return np.asarray((weights @ codes + 0.5) / (weights.sum() + 1))


def _scores(known: Known, learned: list[Sums], usual: FloatArray, rows: IntArray) -> FloatArray:
    """(rows, C, 9) of the answers ``rows`` (ascending)."""
    answers = known.answers
    inside = np.zeros(len(answers.whole), dtype=bool)
    inside[rows] = True
    segments = np.flatnonzero(inside[answers.owners])
    meaning, words = (one.weights(usual) for one in learned)
    found: list[FloatArray] = []
    for scores, weights in ((_by_meaning, meaning), (_by_words, known.marks.weights(words))):
        whole = scores(answers.whole, rows, weights) + usual
        best = np.full((len(inside), known.n_codes), -np.inf)
        np.maximum.at(
            best, answers.owners[segments], scores(answers.segments, segments, weights) + usual
        )
        found += [whole, np.where(np.isfinite(best[rows]), best[rows], whole)]
    common = np.broadcast_to(np.log(usual), found[0].shape)
    return np.concatenate(
        [np.stack(found, axis=-1), known.fixed[rows], common[:, :, None]], axis=-1
    )


def _by_meaning(texts: Texts, rows: IntArray, weights: FloatArray) -> FloatArray:
    """(rows, C), in double precision: single precision would differ with the number of threads."""
    found = np.empty((len(rows), weights.shape[1]))
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        found[part] = texts.vectors[rows[part]].astype(np.float64) @ weights
    return found


def _by_words(texts: Texts, rows: IntArray, weights: FloatArray) -> FloatArray:
    """(rows, C)"""
    return np.asarray(texts.words[rows] @ weights)


def _best(of_segments: FloatArray, answers: Answers, without: float) -> FloatArray:
    """(n, C) the highest of an answer's segments; ``without`` where it has none."""
    best = np.full((len(answers.whole), of_segments.shape[1]), -np.inf)
    np.maximum.at(best, answers.owners, of_segments)
    return np.where(np.isfinite(best), best, without)


def _mean(of_segments: FloatArray, answers: Answers) -> FloatArray:
    """(n, C) the mean of an answer's segments by their length; 0 where it has none."""
    total = np.zeros((len(answers.whole), of_segments.shape[1]))
    np.add.at(total, answers.owners, of_segments * answers.lengths[:, None])
    length = np.bincount(answers.owners, answers.lengths, len(answers.whole))
    return np.asarray(total / np.maximum(length, 1e-9)[:, None])
