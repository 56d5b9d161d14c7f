"""What people coded, as the classifier learns from it: answers, and segments by their quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.classifier.model import Coded, FloatArray
from themecoder.codebook.model import Codebook
from themecoder.coding.cases import counts_at, decided_by_person
from themecoder.coding.model import Coding
from themecoder.masking.model import MaskedText
from themecoder.themes.known import KnownStudy
from themecoder.themes.segments import Segment

_DECIDED, _BLIND, _PROMPTED = 1.0, 0.9, 0.6
"""What an answer weighs: decided by a person, coded without seeing suggestions, coded with them."""
_SEGMENT = 0.5
"""What a segment weighs beside its answer."""
_ADOPTED = 0.25
"""What a segment weighs whose candidate theme was adopted into a code, fully in that theme."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A segment whose candidate theme was adopted into ``code``, with its ``strength`` there."""

    segment: int
    code: str
    strength: float


def coded_answers(
    known: KnownStudy,
    by_coder: Mapping[str, Iterable[Coding]],
    decisions: Iterable[Coding],
    masked: Mapping[str, MaskedText],
    adopted: Sequence[Adopted],
    book: Codebook,
) -> Coded:
    """All that is known from people of the answers with content.

    A person's decision stands for its answer; else all codings of it count, the blind ones more.
    Codings that wait to be recoded and skipped answers teach nothing. ``masked``: by answer_id.
    """
    rows = known.places
    column = {code: place for place, code in enumerate(known.codes)}
    votes, decided = codings_of_answers(by_coder, decisions, book.version)
    answers = sorted((answer for answer in votes if answer in rows), key=rows.__getitem__)
    codes = np.zeros((len(answers), len(column)))
    weights = np.zeros(len(answers))
    of_answer: dict[str, list[int]] = {}
    for place, segment in enumerate(known.segments):
        of_answer.setdefault(segment.answer_id, []).append(place)
    segments: list[int] = []
    segment_codes: list[FloatArray] = []
    segment_weights: list[float] = []
    for row, answer in enumerate(answers):
        trust = [_trust(coding, answer in decided) for coding in votes[answer]]
        own = of_answer.get(answer, [])
        of_segments = np.zeros((len(own), len(column)))
        told = 0.0
        for coding, share in zip(votes[answer], trust, strict=True):
            given = [column[code] for code in coding.codes if code in column]
            codes[row, given] += share / sum(trust)
            places = [known.segments[place] for place in own]
            by_segment = _by_segment(coding, places, masked[answer], column)
            if by_segment is not None:
                of_segments += share * by_segment
                told += share
        weights[row] = max(trust)
        if told:
            segments += own
            segment_codes += list(of_segments / told)
            segment_weights += [_SEGMENT * weights[row]] * len(own)
    for one in adopted:
        if one.code in column:
            segments.append(one.segment)
            segment_codes.append(np.eye(len(column))[column[one.code]])
            segment_weights.append(_ADOPTED * min(max(one.strength, 0.0), 1.0))
    return Coded(
        np.array([rows[answer] for answer in answers], dtype=np.int64),
        codes,
        weights,
        np.array(segments, dtype=np.int64),
        np.array(segment_codes).reshape(len(segments), len(column)),
        np.array(segment_weights, dtype=np.float64),
    )


def codings_of_answers(
    by_coder: Mapping[str, Iterable[Coding]], decisions: Iterable[Coding], version: str
) -> tuple[dict[str, list[Coding]], frozenset[str]]:
    """answer_id -> what counts of it under ``version``: a person's decision alone, else the coding
    of each coder; and the answers that a person decided on."""
    votes = {
        one.answer_id: [one]
        for one in decisions
        if decided_by_person(one) and counts_at(one, version)
    }
    decided = frozenset(votes)
    for coder in sorted(by_coder):
        for coding in by_coder[coder]:
            if coding.answer_id not in decided and counts_at(coding, version):
                votes.setdefault(coding.answer_id, []).append(coding)
    return votes, decided


def _trust(coding: Coding, decided: bool) -> float:
    if decided:
        return _DECIDED
    return _BLIND if coding.shown is None else _PROMPTED


def _by_segment(
    coding: Coding, segments: Sequence[Segment], answer: MaskedText, column: Mapping[str, int]
) -> FloatArray | None:
    """(segments, C) the codes of each segment; None where the coding does not tell.

    A code is where most of a quote of it is. Without a quote for each of the codes it is not known
    which segment carries them, unless there is one only.
    """
    found = np.zeros((len(segments), len(column)))
    given = {code for code in coding.codes if code in column}
    if len(segments) == 1:
        found[0, [column[code] for code in given]] = 1
        return found
    if not given <= {quote.code for quote in coding.quotes}:
        return None
    for quote in coding.quotes:
        if quote.code not in given:
            continue
        start, end = answer.to_masked(quote.start, quote.end)
        for place, segment in enumerate(segments):
            shared = min(end, segment.end) - max(start, segment.start)
            if 2 * shared > end - start:
                found[place, column[quote.code]] = 1
    return found
