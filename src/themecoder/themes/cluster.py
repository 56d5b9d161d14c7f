"""Segments to themes.

Whole answers are clustered, for a whole answer says best what it is about; their segments are then
placed among the themes, so that an answer that says several things is in several themes. In order:
vectors without length and with spelling (``prepare``), the neighbour graph (``neighbours``), a
consensus of Leiden runs over resamples and resolutions (``consensus``, ``granularity``), segments
by the vote of their neighbours (``placing``), stability of each theme (``stability``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.themes.consensus import DENSE_UP_TO, Runs
from themecoder.themes.granularity import Background, Context, least_size, themes_of
from themecoder.themes.layout import Drawing, hierarchy, layout
from themecoder.themes.model import Array, Clustering, FloatArray, IntArray
from themecoder.themes.neighbours import neighbour_graph, neighbours_of
from themecoder.themes.placing import electors, place
from themecoder.themes.prepare import Matrix, prepare, unit_rows
from themecoder.themes.stability import theme_stability


@dataclass(frozen=True, slots=True)
class EmbeddedTexts:
    """Texts with their vectors: ``vectors`` (m, d) rows of length one, ``texts`` m strings."""

    vectors: Array
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class AnswerThemes:
    """Themes of whole answers: ``labels`` (m,) -1 = none, and the runs that they rest on."""

    labels: IntArray
    runs: Runs | None
    recall: float | None = None
    """Of the neighbours behind them, where not all were looked for."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """A clustering with the prepared vectors that it was made from, of the (m) ``answers`` and the
    (n) ``pieces`` that they were cut in, and how its map was drawn."""

    clustering: Clustering
    answers: Matrix
    pieces: Matrix
    drawing: Drawing
    recall: float | None


def cluster(
    vectors: Array,
    owners: Array,
    *,
    texts: Sequence[str] | None = None,
    answers: EmbeddedTexts | None = None,
    context: Context | None = None,
    granularity: str | int = "auto",
    seed: int = 0,
    exact_up_to: int | None = None,
) -> Clustering:
    """Group the segments of one question's answers into themes.

    ``vectors`` (n, d) of the segments, rows of length one, one space for all of this call;
    ``owners`` (n,) the answer of each segment, 0..m-1; ``texts`` their n texts. ``answers``: the m
    whole answers; without them an answer is the mean of its segments. ``context``: where the m
    answers stand among those to all questions of the survey (``background``), which sharpens what
    belongs together. ``granularity``: "few", "auto", "many" or a number of themes. The order of
    the rows does not matter for what is found; the same input gives the same result. Above
    ``exact_up_to`` answers their nearest neighbours are found by an index.

    Raises ValueError where lengths differ or the granularity is none of these.
    """
    return group(
        vectors,
        owners,
        texts=texts,
        answers=answers,
        context=context,
        granularity=granularity,
        seed=seed,
        exact_up_to=exact_up_to,
    ).clustering


def group(
    vectors: Array,
    owners: Array,
    *,
    texts: Sequence[str] | None = None,
    answers: EmbeddedTexts | None = None,
    context: Context | None = None,
    granularity: str | int = "auto",
    seed: int = 0,
    exact_up_to: int | None = None,
) -> Grouped:
    """``cluster``, with what it was made from."""
    vectors = np.asarray(vectors, dtype=np.float32)
    owners = np.asarray(owners, dtype=np.int64)
    if not len(vectors) == len(owners) == (len(vectors) if texts is None else len(texts)):
        raise ValueError(f"{len(vectors)} vectors, {len(owners)} owners, texts differ in number")
    if not isinstance(granularity, int) and granularity not in ("few", "auto", "many"):
        raise ValueError(f"granularity is few, auto, many or a number, not {granularity!r}")
    if not len(vectors):
        nothing = np.zeros((0, 0), dtype=np.float32)
        none = Clustering(
            np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros((0, 4)), np.zeros((0, 2))
        )
        return Grouped(none, nothing, nothing, layout(nothing, none.labels)[1], None)
    if answers is None:
        answers = _mean_answers(vectors, owners, texts)
    elif texts is None:
        raise ValueError("whole answers need the texts of the segments too")
    whole, pieces = _prepared(vectors, texts, answers)
    twins = _twins(whole if texts is None else [text.casefold().split() for text in answers.texts])
    answer_themes = cluster_answers(
        whole,
        twins=twins,
        context=context,
        granularity=granularity,
        seed=seed,
        exact_up_to=exact_up_to,
    )
    themes = int(answer_themes.labels.max(initial=-1)) + 1
    table = electors(whole, answer_themes.labels, themes).votes(pieces, owners)
    labels = place(table, owners, answer_themes.labels)
    strength = table[np.arange(len(labels)), np.maximum(labels, 0)] * (labels >= 0)
    labels, order = by_size(labels, owners)
    stability: FloatArray = np.ones(themes)
    if answer_themes.runs is not None:
        stability = theme_stability(answer_themes.labels, answer_themes.runs, themes)
    xy, drawing = layout(pieces, labels)
    clustering = Clustering(
        labels=labels,
        strength=np.round(strength, 6),
        stability=np.round(stability[order], 6),
        merges=hierarchy(pieces, labels),
        xy=xy,
        main=np.append(np.argsort(order), -1)[answer_themes.labels],
    )
    return Grouped(clustering, whole, pieces, drawing, answer_themes.recall)


def place_new(new: EmbeddedTexts, answers: EmbeddedTexts, labels: IntArray) -> IntArray:
    """(n,) the theme of each new text, by the vote of the answers nearest to it; -1 = none.

    ``labels`` are the themes of ``answers``; the vectors of both lie in one space.
    """
    themes = int(labels.max(initial=-1)) + 1
    if not themes or not len(new.texts):
        return np.full(len(new.texts), -1, dtype=np.int64)
    whole, pieces = _prepared(new.vectors, new.texts, answers)
    nobody = np.full(len(new.texts), -1, dtype=np.int64)
    table = electors(whole, labels, themes).votes(pieces, nobody)
    return np.where(table.max(axis=1) > 0, table.argmax(axis=1), -1)


def background(answers: EmbeddedTexts) -> Background | None:
    """The background of a survey: the answers to all its questions in one neighbour graph.

    None where they are too many for it to help (a large question needs no context) or too few.
    """
    n = len(answers.vectors)
    if not gives_background(n):
        return None
    ready = prepare(answers.vectors, answers.texts, np.ones(n, dtype=bool))
    return Background(neighbour_graph(ready, neighbours_of(n)).edges)


def gives_background(n: int) -> bool:
    """Whether ``n`` answers have a background."""
    return 2 * least_size(n) <= n <= DENSE_UP_TO


def cluster_answers(
    vectors: Matrix,
    *,
    twins: IntArray | None = None,
    context: Context | None = None,
    granularity: str | int = "auto",
    seed: int = 0,
    exact_up_to: int | None = None,
) -> AnswerThemes:
    """Themes of m whole answers from prepared vectors (``prepare``).

    ``twins`` (m,): answers with the same number say the same and are put in the same theme. Fewer
    answers than two themes need, or answers that are all alike, make one theme.
    """
    n = len(vectors)
    order = _canonical_order(vectors)
    vectors = vectors[order]
    labels: IntArray = np.zeros(n, dtype=np.int64)
    runs = recall = None
    if n >= 2 * least_size(n):
        graph = neighbour_graph(vectors, neighbours_of(n), exact_up_to)
        if graph.edges.nnz:
            recall = graph.recall
            context_in_order = Context(context.background, context.rows[order]) if context else None
            labels, runs = themes_of(graph.edges, vectors, granularity, seed, context_in_order)
    original_order = np.empty(n, dtype=np.int64)
    original_order[order] = np.arange(n)
    labels = labels[original_order]
    if runs is not None:
        runs = Runs(runs.labels[:, original_order])
    if twins is not None:
        labels = _with_twins_united(labels, twins)
        if runs is not None:
            # where a run drew a line between answers that say the same says nothing of a theme
            runs = Runs(np.array([_with_twins_united(run, twins) for run in runs.labels]))
    return AnswerThemes(labels, runs, recall)


def _twins(keys: Sequence[object] | Array) -> IntArray:
    """(m,) a number for each answer; the same for answers that differ in case and space only."""
    seen: dict[str | bytes, int] = {}
    named = [key.tobytes() if isinstance(key, np.ndarray) else repr(key) for key in keys]
    return np.array([seen.setdefault(key, len(seen)) for key in named], dtype=np.int64)


def _with_twins_united(labels: IntArray, twins: IntArray) -> IntArray:
    """Each set of twins in the theme that most of them are in (the lower number on a tie).

    An answer that is in none (-1, left out of a run) stays out.
    """
    placed = np.flatnonzero(labels >= 0)
    themes = int(labels.max(initial=-1)) + 1
    pairs, counts = np.unique(twins[placed] * themes + labels[placed], return_counts=True)
    twin, theme = np.divmod(pairs, max(themes, 1))
    # most answers first within a twin, then the lower theme
    order = np.lexsort((theme, -counts, twin))
    known, first = np.unique(twin[order], return_index=True)
    united = labels.copy()
    united[placed] = theme[order][first][np.searchsorted(known, twins[placed])]
    kept = np.unique(united[united >= 0])
    rank = np.full(int(labels.max(initial=-1)) + 2, -1, dtype=np.int64)
    rank[kept] = np.arange(len(kept))
    return np.asarray(rank[united], dtype=np.int64)


def _prepared(
    vectors: Array, texts: Sequence[str] | None, answers: EmbeddedTexts
) -> tuple[Matrix, Matrix]:
    """Prepared vectors of the answers and of their segments."""
    m = len(answers.vectors)
    both = np.vstack([answers.vectors, vectors], dtype=np.float32)
    named = None if texts is None else [*answers.texts, *texts]
    ready = prepare(both, named, np.arange(len(both)) < m)
    return ready[:m], ready[m:]


def _mean_answers(vectors: Array, owners: IntArray, texts: Sequence[str] | None) -> EmbeddedTexts:
    m = int(owners.max()) + 1
    total = np.zeros((m, vectors.shape[1]))
    np.add.at(total, owners, vectors)
    parts: list[list[str]] = [[] for _ in range(m)]
    for owner, text in zip(owners, texts or [""] * len(owners), strict=True):
        parts[owner].append(text)
    return EmbeddedTexts(unit_rows(total), [" ".join(part) for part in parts])


def _canonical_order(vectors: Array) -> IntArray:
    """An order of the rows that depends on what they hold, not on where they stand."""
    keys = np.round(np.asarray(vectors[:, : min(8, vectors.shape[1])], dtype=np.float64), 4)
    return np.asarray(np.lexsort(keys.T[::-1]), dtype=np.int64)


def by_size(labels: IntArray, owners: IntArray) -> tuple[IntArray, IntArray]:
    """Themes numbered by falling number of answers, and the old number of each new one."""
    themes = int(labels.max(initial=-1)) + 1
    pairs = np.unique(np.stack([labels, owners]), axis=1)
    sizes = np.bincount(pairs[0][pairs[0] >= 0], minlength=themes)
    first = np.array([int(np.flatnonzero(labels == theme)[0]) for theme in range(themes)])
    order = np.lexsort((first, -sizes)) if themes else np.zeros(0, dtype=np.int64)
    rank = np.empty(themes + 1, dtype=np.int64)
    rank[order] = np.arange(themes)
    rank[-1] = -1
    return rank[labels], np.asarray(order, dtype=np.int64)
