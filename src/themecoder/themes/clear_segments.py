"""The few short segments that together say what a theme is about, and no other theme."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themecoder.themes.model import FloatArray, IntArray
from themecoder.themes.prepare import unit_vectors
from themecoder.themes.segments import Segment

SEGMENTS = 2  # per theme
_FEWEST, _MOST = 3, 12  # words of a segment that is read at a glance
_APART = 0.5  # how much nearness to the next theme counts against nearness to the own one
_WHOLE = 0.05  # what it counts that a segment is a sentence of its own and no clause of another
_LOOKED_AT = 30  # the best segments, of which those are chosen that say the most together
_SENTENCE_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*$|[\r\n]\s*$")
_MASK = re.compile(r"\[[^\W\d_]+(?:[ -][^\W\d_]+)*\]")


def clear_segments(
    segments: Sequence[Segment],
    vectors: npt.NDArray[np.floating],
    labels: IntArray,
    centres: FloatArray,
    texts: Sequence[str],
    *,
    top: int = SEGMENTS,
) -> list[list[int]]:
    """Rows of at most ``top`` segments for each theme 0..k-1, best first.

    ``segments`` (n,) with ``vectors`` (n, d), ``labels`` (n,) and ``texts`` (n,), the whole answer
    that each was cut from; ``centres`` (k, d): unit vectors of the themes. The first segment is
    near the theme's centre and far from the next theme's; each further one brings the mean of those
    taken nearest to it, so that they complete each other instead of saying the same. Only segments
    of a few words without a mask serve; a theme without any has none. The same words are taken
    once.
    """
    serves = np.array([_serves(segment.text) for segment in segments], dtype=bool)
    whole = np.array([_is_whole(s, text) for s, text in zip(segments, texts, strict=True)])
    result = []
    for theme in range(len(centres)):
        rows = np.flatnonzero((labels == theme) & serves)
        words = [_folded(segments[row].text) for row in rows]
        chosen = _choose(
            unit_vectors(vectors[rows]), words, _WHOLE * whole[rows], centres, theme, top
        )
        result.append([int(rows[place]) for place in chosen])
    return result


def _choose(
    vectors: FloatArray,
    words: Sequence[str],
    bonus: FloatArray,
    centres: FloatArray,
    theme: int,
    top: int,
) -> list[int]:
    first = _apart(vectors, centres, theme) + bonus
    order = np.argsort(-np.round(first, 9), kind="stable")[:_LOOKED_AT]
    taken: list[int] = []
    said = np.zeros(vectors.shape[1])
    while len(taken) < top:
        used = {words[place] for place in taken}
        free = [int(place) for place in order if words[place] not in used]
        if not free:
            break
        together = _apart(unit_vectors(said + vectors[free]), centres, theme) + bonus[free]
        choice = free[int(np.argmax(np.round(together, 9)))]
        taken.append(choice)
        said = said + vectors[choice]
    return taken


def _apart(rows: FloatArray, centres: FloatArray, theme: int) -> FloatArray:
    """How near (m, d) ``rows`` are to the theme's centre, less half their nearness to the next."""
    near = rows @ centres.T
    others = np.delete(near, theme, axis=1)
    rival = others.max(axis=1) if others.shape[1] else np.zeros(len(rows))
    return np.asarray(near[:, theme] - _APART * rival)


def _serves(text: str) -> bool:
    return _FEWEST <= len(text.split()) <= _MOST and not _MASK.search(text)


def _is_whole(segment: Segment, answer: str) -> bool:
    """Whether a segment begins and ends where a sentence of the answer does."""
    before, after = answer[: segment.start], answer[segment.end :]
    begins = not before.strip() or _SENTENCE_ENDS.search(before.rstrip(" \t")) is not None
    ends = not after.strip() or after.lstrip(" \t").startswith(("\n", "\r"))
    return begins and (ends or _SENTENCE_ENDS.search(segment.text) is not None)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
