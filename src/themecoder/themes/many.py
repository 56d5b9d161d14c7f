"""Themes in more answers than are grouped at once: found in a sample, the others placed in them.

What grows faster than the number of answers (the graph of neighbours, the runs of Leiden, merging)
is done with a sample. Each of the other answers is placed by the vote of the nearest answers of the
sample, as pieces of answers always are, a block at a time: beside their vectors little is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from themecoder.themes.cluster import EmbeddedTexts, Grouped, by_size, group
from themecoder.themes.frame import Frame, frame
from themecoder.themes.granularity import Context
from themecoder.themes.layout import Drawing, hierarchy
from themecoder.themes.model import Array, Clustering, FloatArray, IntArray
from themecoder.themes.placing import Electors, electors, place
from themecoder.themes.shortcuts import Shortcuts

_BLOCK = 20_000
_TRIED = 5_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """Up to how many answers each is compared with all others (``exact_up_to``), and how many are
    grouped together (``sample``)."""

    exact_up_to: int
    sample: int


def cluster_many(
    vectors: Array,
    owners: IntArray,
    *,
    texts: Sequence[str],
    answers: EmbeddedTexts,
    context: Context | None = None,
    granularity: str | int = "auto",
    seed: int = 0,
    bounds: Bounds,
) -> tuple[Clustering, Shortcuts]:
    """``cluster`` for any number of answers, and what was not done with all of them.

    Up to the bound the clustering is that of ``cluster``. ``owners`` ascend. Rows of both
    arrays of vectors are taken a block at a time, so that they may be on disk.
    """
    m = len(answers.texts)
    if m <= bounds.sample:
        found = group(
            vectors,
            owners,
            texts=texts,
            answers=answers,
            context=context,
            granularity=granularity,
            seed=seed,
            exact_up_to=bounds.exact_up_to,
        )
        return found.clustering, Shortcuts(found.recall)
    sample = sample_of(vectors, owners, texts, answers, bounds.sample, seed)
    found = group(
        sample.pieces.vectors,
        sample.owners,
        texts=sample.pieces.texts,
        answers=sample.answers,
        granularity=granularity,
        seed=seed,
        exact_up_to=bounds.exact_up_to,
    )
    main = _main(found.clustering)
    voters = electors(found.answers, main, len(found.clustering.stability))
    shortcuts = Shortcuts(found.recall, bounds.sample, placed_alike(voters, found.answers, main))
    others = place_others(sample, voters, found.drawing, main, vectors, owners, texts, answers)
    return _with_the_others(found, sample, others, owners), shortcuts


@dataclass(frozen=True, slots=True)
class Sample:
    """The ``chosen`` (c,) answers, ascending, with the ``inside`` (p,) places of their pieces and
    (p,) ``owners``, the place of each piece's answer among the chosen; and the ``space`` in which
    others are likened to them."""

    chosen: IntArray
    inside: IntArray
    owners: IntArray
    answers: EmbeddedTexts
    pieces: EmbeddedTexts
    space: Frame


@dataclass(frozen=True, slots=True)
class Others:
    """Where the answers that are not in the sample were placed: their ``pieces`` (q,), ascending,
    with (q,) ``labels`` and ``strength`` and (q, 2) ``xy``; and ``main`` (m,) of all answers."""

    pieces: IntArray
    labels: IntArray
    strength: FloatArray
    xy: FloatArray
    main: IntArray


def sample_of(
    vectors: Array,
    owners: IntArray,
    texts: Sequence[str],
    answers: EmbeddedTexts,
    size: int,
    seed: int,
) -> Sample:
    """A random sample of ``size`` answers, with all their pieces."""
    m = len(answers.texts)
    chosen = np.sort(np.random.default_rng(seed).permutation(m)[:size]).astype(np.int64)
    inside = np.flatnonzero(np.isin(owners, chosen))
    whole = EmbeddedTexts(answers.vectors[chosen], [answers.texts[row] for row in chosen])
    pieces = EmbeddedTexts(vectors[inside], [texts[row] for row in inside])
    space = frame(whole.vectors, whole.texts, pieces.vectors, pieces.texts)
    own = np.searchsorted(chosen, owners[inside]).astype(np.int64)
    return Sample(chosen, inside, own, whole, pieces, space)


def placed_alike(voters: Electors, answers: Array, main: IntArray) -> float:
    """Of the answers of the sample that are in a theme, how many the others would put there.

    ``answers`` (c, d) are prepared, ``main`` (c,) their themes.
    """
    inside = np.flatnonzero(main >= 0)
    if not len(inside):
        return 1.0
    tried = inside[:: -(-len(inside) // _TRIED)]
    return float((_likeliest(voters.votes(answers[tried], tried)) == main[tried]).mean())


def place_others(
    sample: Sample,
    voters: Electors,
    drawing: Drawing,
    main_of_sample: IntArray,
    vectors: Array,
    owners: IntArray,
    texts: Sequence[str],
    answers: EmbeddedTexts,
) -> Others:
    """Each answer that is not in the sample in the theme that the nearest of the sample vote for,
    and its pieces in its own and in those that they speak for."""
    m = len(answers.texts)
    main: IntArray = np.full(m, -1, dtype=np.int64)
    main[sample.chosen] = main_of_sample
    # answers that say the same are in the same theme, wherever they were
    said = {_folded(answers.texts[row]): int(main[row]) for row in sample.chosen.tolist()}
    starts = np.searchsorted(owners, np.arange(m + 1))
    pieces: list[IntArray] = []
    labels: list[IntArray] = []
    strengths: list[FloatArray] = []
    xy: list[FloatArray] = []
    others = np.setdiff1d(np.arange(m), sample.chosen, assume_unique=True)
    for rows in _blocks(others):
        own_texts = [answers.texts[row] for row in rows]
        nobody = np.full(len(rows), -1)
        ready = sample.space.place_whole(answers.vectors[rows], own_texts)
        likeliest = _likeliest(voters.votes(ready, nobody))
        main[rows] = [
            said.setdefault(_folded(text), label)
            for text, label in zip(own_texts, likeliest.tolist(), strict=True)
        ]
        part = np.concatenate([np.arange(starts[row], starts[row + 1]) for row in rows])
        ready = sample.space.place_pieces(vectors[part], [texts[row] for row in part])
        table = voters.votes(ready, np.full(len(part), -1))
        places = place(table, np.searchsorted(rows, owners[part]), main[rows])
        firm = table[np.arange(len(places)), np.maximum(places, 0)] * (places >= 0)
        pieces.append(part)
        labels.append(places)
        strengths.append(np.round(firm, 6))
        xy.append(drawing.place(ready, places))
    return Others(
        np.concatenate(pieces),
        np.concatenate(labels),
        np.concatenate(strengths),
        np.concatenate(xy),
        main,
    )


def _main(clustering: Clustering) -> IntArray:
    assert clustering.main is not None  # whole answers were grouped
    return clustering.main


def _likeliest(table: FloatArray) -> IntArray:
    """(n,) the theme with most of the vote, -1 where nobody votes."""
    return np.where(table.max(axis=1, initial=0) > 0, table.argmax(axis=1), -1)


def _with_the_others(
    found: Grouped, sample: Sample, others: Others, owners: IntArray
) -> Clustering:
    """The clustering of the sample with all other answers in it."""
    of_sample, inside = found.clustering, sample.inside
    n = len(owners)
    labels: IntArray = np.full(n, -1, dtype=np.int64)
    strength: FloatArray = np.zeros(n)
    xy: FloatArray = np.zeros((n, 2))
    for places, part in ((inside, of_sample), (others.pieces, others)):
        labels[places], strength[places], xy[places] = part.labels, part.strength, part.xy
    labels, order = by_size(labels, owners)
    return replace(
        of_sample,
        labels=labels,
        strength=strength,
        stability=of_sample.stability[order],
        merges=hierarchy(found.pieces, labels[inside]),
        xy=xy,
        main=np.append(np.argsort(order), -1)[others.main],
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _blocks(rows: IntArray) -> Iterator[IntArray]:
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]
