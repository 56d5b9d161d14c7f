"""Guided themes in very many answers: those of a sample, and the others placed in them.

The codebook's codes are found in a random sample of the answers (``guided``), with what no code
explains; each other answer goes where the nearest of the sample are, as without a codebook.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from themecoder.themes.cluster import EmbeddedTexts, by_size
from themecoder.themes.guided import Guided
from themecoder.themes.layout import hierarchy, layout
from themecoder.themes.many import Sample, place_others, placed_alike
from themecoder.themes.model import Array, Clustering, IntArray
from themecoder.themes.placing import electors


def with_the_others(
    guided: Guided,
    sample: Sample,
    vectors: Array,
    owners: IntArray,
    texts: Sequence[str],
    answers: EmbeddedTexts,
) -> tuple[Guided, float]:
    """``guided`` of the ``sample`` with all other answers in its themes, and the share of the
    sample that the others' way of being placed would put in the theme that they are in.

    ``vectors`` (n, d), ``owners`` (n,) ascending and ``texts`` are of the pieces of all
    ``answers``. Themes are numbered by falling size anew.
    """
    of_sample = guided.clustering
    assert of_sample.main is not None  # guided themes are of whole answers
    whole = sample.space.place_whole(sample.answers.vectors, sample.answers.texts)
    pieces = sample.space.place_pieces(sample.pieces.vectors, sample.pieces.texts)
    rows = pieces[guided.segments]
    xy, drawing = layout(rows, of_sample.labels)
    voters = electors(whole, of_sample.main, len(of_sample.stability))
    others = place_others(sample, voters, drawing, of_sample.main, vectors, owners, texts, answers)
    segments = np.concatenate([sample.inside[guided.segments], others.pieces])
    labels = np.concatenate([of_sample.labels, others.labels])
    labels, order = by_size(labels, owners[segments])
    by_place = np.lexsort((labels, segments))
    clustering = Clustering(
        labels=labels[by_place],
        strength=np.concatenate([of_sample.strength, others.strength])[by_place],
        stability=of_sample.stability[order],
        merges=hierarchy(rows, labels[: len(rows)]),
        xy=np.concatenate([xy, others.xy])[by_place],
        main=np.append(np.argsort(order), -1)[others.main],
    )
    codes = tuple(guided.codes[theme] for theme in order.tolist())
    alike = placed_alike(voters, whole, of_sample.main)
    return Guided(clustering, segments[by_place], codes, guided.recall), alike
