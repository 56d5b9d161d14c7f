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
from themecoder.themes.layout import hierarchy
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
    chosen = np.sort(np.random.default_rng(seed).permutation(m)[: bounds.sample]).astype(np.int64)
    inside = np.flatnonzero(np.isin(owners, chosen))
    whole = EmbeddedTexts(answers.vectors[chosen], [answers.texts[row] for row in chosen])
    pieces = EmbeddedTexts(vectors[inside], [texts[row] for row in inside])
    found = group(
        pieces.vectors,
        np.searchsorted(chosen, owners[inside]),
        texts=pieces.texts,
        answers=whole,
        granularity=granularity,
        seed=seed,
        exact_up_to=bounds.exact_up_to,
    )
    voters = electors(found.answers, _main(found), len(found.clustering.stability))
    shortcuts = Shortcuts(found.recall, bounds.sample, _placed_alike(voters, found))
    space = frame(whole.vectors, whole.texts, pieces.vectors, pieces.texts)
    sampled = _Sample(found, space, voters, chosen, inside)
    return _with_the_others(sampled, vectors, owners, texts, answers), shortcuts


@dataclass(frozen=True, slots=True)
class _Sample:
    """The answers that were ``chosen``, their pieces ``inside``, how they were grouped, and what
    the others are placed by: the ``space``, and the answers that vote."""

    found: Grouped
    space: Frame
    voters: Electors
    chosen: IntArray
    inside: IntArray


def _main(found: Grouped) -> IntArray:
    assert found.clustering.main is not None  # whole answers were grouped
    return found.clustering.main


def _placed_alike(voters: Electors, found: Grouped) -> float:
    """Of the answers of the sample that are in a theme, how many the others would put there."""
    main = _main(found)
    inside = np.flatnonzero(main >= 0)
    if not len(inside):
        return 1.0
    tried = inside[:: -(-len(inside) // _TRIED)]
    return float((_likeliest(voters.votes(found.answers[tried], tried)) == main[tried]).mean())


def _likeliest(table: FloatArray) -> IntArray:
    """(n,) the theme with most of the vote, -1 where nobody votes."""
    return np.where(table.max(axis=1, initial=0) > 0, table.argmax(axis=1), -1)


def _with_the_others(
    sample: _Sample,
    vectors: Array,
    owners: IntArray,
    texts: Sequence[str],
    answers: EmbeddedTexts,
) -> Clustering:
    """The clustering of the sample with all other answers in it."""
    found, chosen, inside = sample.found, sample.chosen, sample.inside
    of_sample = found.clustering
    m, n = len(answers.texts), len(owners)
    main: IntArray = np.full(m, -1, dtype=np.int64)
    labels: IntArray = np.full(n, -1, dtype=np.int64)
    strength: FloatArray = np.zeros(n)
    xy: FloatArray = np.zeros((n, 2))
    main[chosen] = _main(found)
    labels[inside], strength[inside], xy[inside] = (
        of_sample.labels,
        of_sample.strength,
        of_sample.xy,
    )
    # answers that say the same are in the same theme, wherever they were
    said = {_folded(answers.texts[row]): int(main[row]) for row in chosen.tolist()}
    starts = np.searchsorted(owners, np.arange(m + 1))
    others = np.setdiff1d(np.arange(m), chosen, assume_unique=True)
    for rows in _blocks(others):
        own_texts = [answers.texts[row] for row in rows]
        nobody = np.full(len(rows), -1)
        ready = sample.space.place_whole(answers.vectors[rows], own_texts)
        likeliest = _likeliest(sample.voters.votes(ready, nobody))
        main[rows] = [
            said.setdefault(_folded(text), label)
            for text, label in zip(own_texts, likeliest.tolist(), strict=True)
        ]
        part = np.concatenate([np.arange(starts[row], starts[row + 1]) for row in rows])
        ready = sample.space.place_pieces(vectors[part], [texts[row] for row in part])
        table = sample.voters.votes(ready, np.full(len(part), -1))
        places = place(table, np.searchsorted(rows, owners[part]), main[rows])
        labels[part] = places
        firm = table[np.arange(len(places)), np.maximum(places, 0)] * (places >= 0)
        strength[part] = np.round(firm, 6)
        xy[part] = found.drawing.place(ready, places)
    labels, order = by_size(labels, owners)
    return replace(
        of_sample,
        labels=labels,
        strength=strength,
        stability=of_sample.stability[order],
        merges=hierarchy(found.pieces, labels[inside]),
        xy=xy,
        main=np.append(np.argsort(order), -1)[main],
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _blocks(rows: IntArray) -> Iterator[IntArray]:
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]
