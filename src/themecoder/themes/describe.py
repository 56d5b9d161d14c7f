"""From a clustering to themes that a person can read: the step that follows the mining core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from themecoder.language import words as word_lists
from themecoder.language.tokens import Token
from themecoder.themes import keywords as keyword_stage
from themecoder.themes import labels as label_stage
from themecoder.themes import lineage as lineage_stage
from themecoder.themes.clear_segments import clear_segments
from themecoder.themes.model import (
    AnswerPart,
    Assignment,
    Clustering,
    FloatArray,
    IntArray,
    QuestionThemes,
    Theme,
)
from themecoder.themes.nearest import nearest_codes
from themecoder.themes.representatives import representatives
from themecoder.themes.segments import Segment

_LEAST_WORDS = 3  # of a quote that serves as a label


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes to compare with: ``vectors`` (m, d) of their texts, ``ids`` (m,) whose text it is.

    The vectors lie in the space of the corpus (``Space.place``).
    """

    ids: tuple[str, ...]
    vectors: npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Previous:
    """The run before, for lineage. ``centroids`` (k, d) are aligned with ``themes.themes``."""

    themes: QuestionThemes
    next_id: int
    lineage: tuple[Mapping[str, Any], ...] = ()
    centroids: npt.NDArray[np.floating] | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """The themes of a question, and what the next run needs to find them again."""

    themes: QuestionThemes
    next_id: int
    lineage: tuple[Mapping[str, Any], ...]
    centroids: FloatArray = field(repr=False)
    """(k, d) unit vectors, aligned with ``themes.themes``."""


@dataclass(frozen=True, slots=True)
class _Read:
    """The (s,) segments whose words are read, with their themes and the answers that own them."""

    segments: Sequence[Segment]
    labels: IntArray
    strength: FloatArray
    owners: IntArray


def describe(
    question: str,
    segments: Sequence[Segment],
    clustering: Clustering,
    vectors: npt.NDArray[np.floating],
    *,
    tokens: Sequence[Sequence[Token]],
    texts: Mapping[str, str],
    language: str = "nl",
    asked: Sequence[Token] = (),
    codes: Codes | None = None,
    previous: Previous | None = None,
    names: Mapping[int, str] | None = None,
    uncovered: Set[int] = frozenset(),
    speaking: IntArray | None = None,
) -> Description:
    """Name, count and quote the themes of one question; pure and deterministic.

    ``segments`` (n,) with their places in ``clustering``, ``vectors`` (n, d) and ``tokens`` (n,);
    their offsets go into the assignments as they are. ``texts``: answer id -> masked text of the
    whole answer, for representatives and labels. ``asked``: tokens of the question and of what it
    refers to; their words count less as keywords. ``names``: cluster -> a label already known (a
    code's); ``uncovered``: clusters that no code explains. Themes that are those of the
    ``previous`` run keep their id, and their label unless they have a name. ``speaking``: the
    segments that speak for all, of which ``vectors`` and ``tokens`` are; all where none are given.

    Raises ValueError where the lengths differ.
    """
    n = len(segments)
    speakers_of_all = n if speaking is None else len(speaking)
    if not (len(tokens) == len(vectors) == speakers_of_all and len(clustering.labels) == n):
        raise ValueError(
            f"{n} segments, but {len(clustering.labels)} labels; of {speakers_of_all} that speak "
            f"{len(tokens)} token lists and {len(vectors)} vectors"
        )
    answers = sorted({segment.answer_id for segment in segments})
    place = {answer: i for i, answer in enumerate(answers)}
    owners = np.array([place[segment.answer_id] for segment in segments], dtype=np.int64)
    labels, strength = clustering.labels, clustering.strength
    k = int(labels.max(initial=-1)) + 1
    read = _Read(segments, labels, strength, owners)
    if speaking is not None:
        read = _Read(
            [segments[i] for i in speaking], labels[speaking], strength[speaking], owners[speaking]
        )
    vocabulary = keyword_stage.vocabulary(
        tokens, word_lists.load(language), {token.key for token in asked}
    )
    keywords = keyword_stage.keywords(vocabulary, read.labels, read.strength, vectors)
    held = [frozenset(answers[i] for i in np.unique(owners[labels == theme])) for theme in range(k)]
    centroids = _centroids(vectors, read.labels, read.strength, k)
    traced = lineage_stage.trace(
        _themes_before(previous),
        [
            lineage_stage.Known(held[t], tuple(w.form for w in keywords[t]), centroids[t])
            for t in range(k)
        ],
        next_id=previous.next_id if previous else 1,
    )
    ids = traced.ids
    speakers = representatives(
        vectors, read.labels, read.strength, read.owners, [texts[answer] for answer in answers]
    )
    clear = clear_segments(
        read.segments,
        vectors,
        read.labels,
        centroids,
        [texts[segment.answer_id] for segment in read.segments],
    )
    nearest = (
        nearest_codes(vectors, read.labels, read.strength, codes.vectors, codes.ids)
        if codes
        else [() for _ in range(k)]
    )
    kept = {theme.id: theme.label for theme in previous.themes.themes} if previous else {}
    fixed = _fixed_labels(ids, names or {}, kept)
    quotes = [
        ""
        if label_stage.coverage(keywords[t], vocabulary, read.labels == t) >= label_stage.WEAK
        else _quote_for_label(read, t, speakers[t])
        for t in range(k)
    ]
    theme_labels = _labels(keywords, fixed, quotes)
    themes = [
        Theme(
            id=ids[t],
            label=theme_labels[t],
            keywords=tuple((word.form, word.weight) for word in keywords[t]),
            size=len(held[t]),
            stability=float(clustering.stability[t]),
            representatives=tuple(answers[i] for i in speakers[t]),
            nearest_codes=tuple(nearest[t]),
            uncovered=t in uncovered,
            segments=tuple(
                AnswerPart(part.answer_id, part.start, part.end)
                for part in (read.segments[i] for i in clear[t])
            ),
        )
        for t in range(k)
    ]
    order = sorted(range(k), key=lambda t: (-themes[t].size, themes[t].id))
    result = QuestionThemes(
        question=question,
        themes=tuple(themes[t] for t in order),
        assignments=_assignments(segments, labels, strength, ids),
        merges=_merges(clustering.merges, ids),
        xy=_map_positions(segments, clustering, answers, owners),
    )
    events: tuple[Mapping[str, Any], ...] = tuple(event.record() for event in traced.events)
    if previous and previous.lineage and _same_assignments(previous.themes, result):
        # Nothing changed, so the events on record still are the last that happened.
        events = previous.lineage
    return Description(result, traced.next_id, events, centroids[order])


def _fixed_labels(
    ids: Sequence[int], names: Mapping[int, str], kept: Mapping[int, str]
) -> list[str]:
    """The label that each theme has already: its name if it has one, else its earlier label.

    It is "" for a theme without either, and where the earlier label now names another theme.
    """
    named = {name.casefold() for name in names.values()}
    labels = []
    for theme, identity in enumerate(ids):
        before = kept.get(identity, "")
        labels.append(names.get(theme, "") or ("" if before.casefold() in named else before))
    return labels


def _labels(
    keywords: Sequence[Sequence[keyword_stage.Keyword]], fixed: Sequence[str], quotes: Sequence[str]
) -> list[str]:
    """The ``fixed`` labels, with new ones that differ from them for the themes that have none."""
    free = [t for t, label in enumerate(fixed) if not label]
    fresh = label_stage.labels(
        [keywords[t] for t in free],
        [label for label in fixed if label],
        quotes=[quotes[t] for t in free],
    )
    new_labels = dict(zip(free, fresh, strict=True))
    return [new_labels.get(t, label) for t, label in enumerate(fixed)]


def _themes_before(previous: Previous | None) -> dict[int, lineage_stage.Known]:
    if previous is None:
        return {}
    held: dict[int, set[str]] = {theme.id: set() for theme in previous.themes.themes}
    for assignment in previous.themes.assignments:
        if assignment.theme is not None:
            held.setdefault(assignment.theme, set()).add(assignment.answer_id)
    return {
        theme.id: lineage_stage.Known(
            frozenset(held[theme.id]),
            tuple(word for word, _ in theme.keywords),
            None if previous.centroids is None else previous.centroids[i],
        )
        for i, theme in enumerate(previous.themes.themes)
    }


def _centroids(
    vectors: npt.NDArray[np.floating], labels: IntArray, strength: FloatArray, k: int
) -> FloatArray:
    centroids = np.zeros((k, vectors.shape[1]))
    for theme in range(k):
        inside = labels == theme
        centre = np.maximum(strength[inside], 1e-3) @ vectors[inside]
        centroids[theme] = centre / max(float(np.linalg.norm(centre)), 1e-12)
    return centroids


def _assignments(
    segments: Sequence[Segment], labels: IntArray, strength: FloatArray, ids: Sequence[int]
) -> tuple[Assignment, ...]:
    """Segments in themes; neighbours of one theme become one piece, as strong as the stronger.

    An answer none of whose segments is in a theme has one assignment to no theme, over all of it;
    loose segments of other answers have none.
    """
    order = sorted(
        range(len(segments)),
        key=lambda i: (segments[i].answer_id, segments[i].start, int(labels[i])),
    )
    starts = {(segment.answer_id, segment.start) for segment in segments}
    place = {start: number for number, start in enumerate(sorted(starts))}
    pieces_of_answer: dict[str, list[Assignment]] = {}
    # theme of an answer -> its last piece, and the number of the segment in which that ends; a
    # segment may be in several themes
    last: dict[tuple[str, int | None], tuple[int, int]] = {}
    for i in order:
        segment, label = segments[i], int(labels[i])
        theme = ids[label] if label >= 0 else None
        piece = Assignment(
            segment.answer_id,
            theme,
            float(strength[i]) if label >= 0 else 0.0,
            segment.start,
            segment.end,
        )
        pieces = pieces_of_answer.setdefault(segment.answer_id, [])
        number = place[segment.answer_id, segment.start]
        at, ended = last.get((segment.answer_id, theme), (-1, -1))
        if ended == number - 1 >= 0:
            before = pieces[at]
            pieces[at] = replace(
                before, strength=max(before.strength, piece.strength), end=piece.end
            )
        else:
            at = len(pieces)
            pieces.append(piece)
        last[segment.answer_id, theme] = at, number
    assignments: list[Assignment] = []
    for pieces in pieces_of_answer.values():
        assignments += [piece for piece in pieces if piece.theme is not None] or pieces
    return tuple(assignments)


def _merges(linkage: FloatArray, ids: Sequence[int]) -> tuple[tuple[int, int, float], ...]:
    """The hierarchy by theme ids: a node of the linkage that is itself merge i becomes -(i + 1)."""
    k = len(ids)

    def node(number: float) -> int:
        return ids[int(number)] if number < k else -(int(number) - k + 1)

    return tuple((node(row[0]), node(row[1]), float(row[2])) for row in linkage)


def _map_positions(
    segments: Sequence[Segment],
    clustering: Clustering,
    answers: Sequence[str],
    owners: IntArray,
) -> dict[str, tuple[float, float]]:
    """The place of each answer on the map, which is that of its main segment: a place between its
    themes would make it seem to belong to whatever lies there.
    """
    weight = [
        (
            len(segment.text) * max(float(clustering.strength[i]), 1e-3)
            if clustering.labels[i] >= 0
            else 0.0
        )
        for i, segment in enumerate(segments)
    ]
    main: dict[int, int] = {}
    for i, owner in enumerate(owners.tolist()):
        if owner not in main or weight[i] > weight[main[owner]]:
            main[owner] = i
    return {
        answers[owner]: (float(clustering.xy[i, 0]), float(clustering.xy[i, 1]))
        for owner, i in sorted(main.items())
    }


def _quote_for_label(read: _Read, theme: int, speakers: Sequence[int]) -> str:
    """A segment that can be a label: the first of the representatives' that is short, but has
    enough words to mean something."""
    texts = [
        read.segments[i].text
        for owner in speakers
        for i in np.flatnonzero((read.labels == theme) & (read.owners == owner)).tolist()
    ]
    short = [text for text in texts if _LEAST_WORDS <= len(text.split()) <= label_stage.QUOTED]
    return next(iter(short or texts), "")


def _same_assignments(before: QuestionThemes, now: QuestionThemes) -> bool:
    def parts(themes: QuestionThemes) -> Set[tuple[str, int | None]]:
        return {(assignment.answer_id, assignment.theme) for assignment in themes.assignments}

    return parts(before) == parts(now)
