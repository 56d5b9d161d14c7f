"""What speaks for a code in an answer: nine numbers per pair of answer and code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import scipy

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
    likeness,
    spread_all,
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
EXCLUDED = 0.5
"""What a text of a codebook that says what does not belong weighs beside a coded answer; all other
texts of a codebook weigh as much as that."""
AWAY = -0.5
"""What is wanted of the code that a text is said not to belong to."""
USUAL_CODES = 1.3
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
        words = scipy.sparse.vstack([self.answers.whole.words, self.answers.segments.words])
        return self.marks.columns(words.tocsr()) if words.shape[0] <= _KEPT else None

    @property
    def n_codes(self) -> int:
        return len(self.book.expected)


def known(answers: Answers, book: CodebookTexts, seed: int = 0) -> Known:
    """Everything about the answers and the codebook that no coding changes."""
    texts = (answers.whole, answers.segments, book.texts)
    marks = landmarks(scipy.sparse.vstack([text.words for text in texts]).tocsr(), seed)
    wanted = np.zeros((len(book.codes), len(book.expected)))
    weights = np.ones(len(book.codes))
    for row, (code, kind, instead) in enumerate(
        zip(book.codes, book.kinds, book.instead, strict=True)
    ):
        wanted[row, code] = AWAY if kind == EXCLUDES else 1
        if instead >= 0:
            wanted[row, instead] = 1
        if kind == EXCLUDES:
            weights[row] = EXCLUDED
    base = (
        sums(book.texts.vectors.astype(np.float64), wanted, weights),
        sums(marks.columns(book.texts.words), wanted, weights),
    )
    return Known(answers, book, marks, _fixed(answers, book, seed), base)


def guide_of(book: CodebookTexts) -> Guide:
    """What the codes are, examples among it, as far as a text can be likened to it."""
    says = np.flatnonzero(book.kinds != EXCLUDES)
    ids = tuple(str(code) for code in range(len(book.expected)))
    return Guide(ids, book.texts.vectors[says], book.codes[says])


def _fixed(answers: Answers, book: CodebookTexts, seed: int) -> FloatArray:
    guide = guide_of(book)
    of_answers = standardised(likeness(answers.whole.vectors, guide))
    start = standardised(likeness(answers.segments.vectors, guide))
    member = np.empty_like(start)
    for question in np.unique(answers.questions):
        inside = np.flatnonzero(answers.questions[answers.owners] == question)
        if len(inside):
            _, own = np.unique(answers.owners[inside], return_inverse=True)
            vectors, lengths = answers.segments.vectors[inside], answers.lengths[inside]
            member[inside] = spread_all(start[inside], vectors, own, lengths, seed)
    n = len(answers.whole)
    of_segment, of_all = memberships(member, answers.owners, answers.lengths, n)
    likest = _best(start, answers.owners, n, float(start.min(initial=0)))
    return np.stack([of_segment, of_all, of_answers, likest], axis=-1)


def memberships(
    member: FloatArray, owners: IntArray, lengths: FloatArray, n: int
) -> tuple[FloatArray, FloatArray]:
    """(n, C) the log of the best of an answer's segments' (m, C) memberships, and of their mean by
    length; ``owners`` (m,) and ``lengths`` (m,) of the segments."""
    best = _best(np.log(np.maximum(member, _NEVER)), owners, n, np.log(_NEVER))
    total = np.zeros((n, member.shape[1]))
    np.add.at(total, owners, member * lengths[:, None])
    length = np.maximum(np.bincount(owners, lengths, n), 1e-9)
    return best, np.log(np.maximum(total / length[:, None], _NEVER))


def features(known: Known, coded: Coded, parts: IntArray) -> FloatArray:
    """(n, C, 9) what speaks for each code in each answer; see ``with_segments``."""
    return with_segments(known, coded, parts)[0]


def with_segments(known: Known, coded: Coded, parts: IntArray) -> tuple[FloatArray, FloatArray]:
    """(n, C, 9) what speaks for each code in each answer, and (m, C) in each segment: its ridges by
    meaning and by words, added up.

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
    of_segments = np.empty((len(known.answers.segments), known.n_codes))

    def fill(learned: list[Sums], usual: FloatArray, rows: IntArray) -> None:
        if not len(rows):
            return  # where all is coded, what was learned of everything is for nobody
        segments = segments_of(known.answers, rows)
        ridges = _ridges(known, learned, usual, rows, segments)
        found[rows] = _scores(known, ridges, usual, rows, segments)
        of_segments[segments] = np.add(*ridges[1])

    rest = np.setdiff1d(np.arange(len(parts)), coded.answers)
    fill(totals, _usual(coded.codes, coded.weights, known.n_codes), rest)
    for part in range(n_parts):
        own = parts[coded.answers] == part
        usual = _usual(coded.codes[~own], coded.weights[~own], known.n_codes)
        without = [total - sums[part] for total, sums in zip(totals, by_part, strict=True)]
        fill(without, usual, coded.answers[own])
    return found, of_segments


def _coded_rows(known: Known, coded: Coded) -> tuple[FloatArray, FloatArray]:
    """The coded answers and segments by meaning, and by words."""
    whole, segments = known.answers.whole, known.answers.segments
    meaning = np.vstack([whole.vectors[coded.answers], segments.vectors[coded.segments]])
    if known.columns is not None:
        rows = np.concatenate([coded.answers, len(whole) + coded.segments])
        return meaning.astype(np.float64), known.columns[rows]
    words = scipy.sparse.vstack([whole.words[coded.answers], segments.words[coded.segments]])
    return meaning.astype(np.float64), known.marks.columns(words.tocsr())


def _usual(codes: FloatArray, weights: FloatArray, n_codes: int) -> FloatArray:
    """(C,) the share of answers with each code, as far as they are coded."""
    if not len(codes):
        return np.full(n_codes, USUAL_CODES / n_codes)
    return np.asarray((weights @ codes + 0.5) / (weights.sum() + 1))


def without_coding(known: Known, rows: IntArray) -> tuple[FloatArray, FloatArray]:
    """(rows, C, 9) what the codebook alone says of the answers ``rows`` (ascending), and (s, C, 2)
    what it says of their segments by meaning and by words."""
    usual = _usual(np.zeros((0, known.n_codes)), np.zeros(0), known.n_codes)
    segments = segments_of(known.answers, rows)
    ridges = _ridges(known, list(known.base), usual, rows, segments)
    return _scores(known, ridges, usual, rows, segments), np.stack(ridges[1], axis=-1)


def segments_of(answers: Answers, rows: IntArray) -> IntArray:
    """(s,) the segments of some answers, ascending."""
    inside = np.zeros(len(answers.whole), dtype=bool)
    inside[rows] = True
    return np.flatnonzero(inside[answers.owners])


def _ridges(
    known: Known, learned: list[Sums], usual: FloatArray, rows: IntArray, segments: IntArray
) -> tuple[list[FloatArray], list[FloatArray]]:
    """(rows, C) of whole answers and (s, C) of segments, each by meaning and by words."""
    answers = known.answers
    meaning, words = (one.weights(usual) for one in learned)
    words_of_answers, words_of_segments = _by_words(known, rows, segments, words)
    of_answers = [_by_meaning(answers.whole, rows, meaning) + usual, words_of_answers + usual]
    of_segments = [
        _by_meaning(answers.segments, segments, meaning) + usual,
        words_of_segments + usual,
    ]
    return of_answers, of_segments


def _scores(
    known: Known,
    ridges: tuple[list[FloatArray], list[FloatArray]],
    usual: FloatArray,
    rows: IntArray,
    segments: IntArray,
) -> FloatArray:
    """(rows, C, 9) of the answers ``rows`` (ascending) with their ``segments``."""
    answers = known.answers
    found: list[FloatArray] = []
    for whole, of_segments in zip(*ridges, strict=True):
        best = np.full((len(answers.whole), known.n_codes), -np.inf)
        np.maximum.at(best, answers.owners[segments], of_segments)
        found += [whole, np.where(np.isfinite(best[rows]), best[rows], whole)]
    common = np.broadcast_to(np.log(usual), found[0].shape)
    return np.stack([*found, *np.moveaxis(known.fixed[rows], 2, 0), common], axis=-1)


def _by_meaning(texts: Texts, rows: IntArray, weights: FloatArray) -> FloatArray:
    """(rows, C), in double precision: single precision would differ with the number of threads."""
    found = np.empty((len(rows), weights.shape[1]))
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        found[part] = texts.vectors[rows[part]].astype(np.float64) @ weights
    return found


def _by_words(
    known: Known, rows: IntArray, segments: IntArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(rows, C) and (s, C) from the (d, C) ``weights`` of the columns of words; where the columns
    are not kept, from those of the words themselves, which is the same."""
    answers = known.answers
    if known.columns is not None:
        of_segments = known.columns[len(answers.whole) + segments]
        return known.columns[rows] @ weights, of_segments @ weights
    each = known.marks.weights(weights)
    return (
        np.asarray(answers.whole.words[rows] @ each),
        np.asarray(answers.segments.words[segments] @ each),
    )


def _best(of_segments: FloatArray, owners: IntArray, n: int, without: float) -> FloatArray:
    """(n, C) the highest of an answer's segments; ``without`` where it has none."""
    best = np.full((n, of_segments.shape[1]), -np.inf)
    np.maximum.at(best, owners, of_segments)
    return np.where(np.isfinite(best), best, without)
