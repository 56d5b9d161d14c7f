"""Pieces of answers placed among the themes of whole answers, by the vote of their neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from themecoder.embeddings.nearest import nearest
from themecoder.themes.model import Array, FloatArray, IntArray

VOTERS = 15
_ELECTORATE, _OF_EACH = 5000, 50
"""Above this many answers a part of each theme can vote, but at least 50 answers of it."""


@dataclass(frozen=True, slots=True)
class Electors:
    """The answers that vote, prepared ``rows`` (e, d), with the ``themes`` (e,) that they are in,
    0..``number``-1, and their ``places`` (e,) among all answers."""

    rows: Array
    themes: IntArray
    number: int
    places: IntArray

    def votes(self, pieces: Array, owners: IntArray) -> FloatArray:
        """(n, themes) share of the vote for each theme; rows sum to one, or to zero without voters.

        The VOTERS nearest other answers vote, each with its similarity; an answer has no vote on
        the pieces that it owns (``owners``, -1 for none of the electors). A theme's sum is divided
        by the square root of its size, half way between counting heads (large themes swallow all)
        and a mean.
        """
        index, value = nearest(pieces, self.rows, VOTERS, banned=owners, groups=self.places)
        voted_by = np.repeat(np.arange(len(pieces)), index.shape[1])
        voted_for = self.themes[index].ravel()
        table = np.zeros((len(pieces), self.number))
        np.add.at(table, (voted_by, voted_for), np.maximum(value, 0).ravel())
        table /= np.sqrt(np.maximum(np.bincount(self.themes, minlength=self.number), 1))
        total = table.sum(axis=1, keepdims=True)
        return np.asarray(np.where(total > 0, table / np.maximum(total, 1e-12), 0))


def electors(answers: Array, labels: IntArray, themes: int) -> Electors:
    """Those who vote of the ``answers`` (m, d) with their theme in ``labels`` (m,), -1 = none."""
    placed = electorate(labels, themes)
    return Electors(answers[placed], labels[placed], themes, placed)


def electorate(labels: IntArray, themes: int) -> IntArray:
    """The answers that vote: all that are in a theme, or an evenly spread part of each theme."""
    placed = np.flatnonzero(labels >= 0)
    if len(placed) <= _ELECTORATE:
        return placed
    parts = []
    for theme in range(themes):
        members = placed[labels[placed] == theme]
        seats = max(_OF_EACH, len(members) * _ELECTORATE // len(placed))
        parts.append(members[:: -(-len(members) // seats)])
    return np.sort(np.concatenate(parts))


def place(table: FloatArray, owners: IntArray, labels: IntArray) -> IntArray:
    """(n,) theme of each piece: its best, but one piece carries the theme of its whole answer.

    ``table`` (n, themes) from ``Electors.votes``, ``labels`` the themes of the answers. The piece
    that speaks most for the answer's own theme, against its own best, keeps it; so an answer is in
    its theme and in those that its other pieces add. A piece without any vote follows its answer.
    """
    own = labels[owners]
    best = np.where(table.max(axis=1, initial=0) > 0, table.argmax(axis=1), own)
    rows = np.arange(len(table))
    lead = np.where(own >= 0, table[rows, np.maximum(own, 0)] - table.max(axis=1, initial=0), 0)
    order = np.lexsort((rows, -np.round(lead, 9), owners))
    first = (
        np.r_[True, owners[order][1:] != owners[order][:-1]] if len(order) else np.zeros(0, bool)
    )
    carriers = order[first]
    carriers = carriers[own[carriers] >= 0]
    best[carriers] = own[carriers]
    return np.asarray(best, dtype=np.int64)
