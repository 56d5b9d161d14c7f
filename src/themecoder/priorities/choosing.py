"""Orders in which answers had better be coded: what teaches most, what is in doubt, what settles
claims, and which coding may be mistaken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import scipy

from themecoder.classifier.features import Known
from themecoder.classifier.model import FloatArray, IntArray
from themecoder.coding.suggestions.doubt import doubt_of

_NOISE = 1.0
"""How much less an answer tells than its likeness to others says, in units of mean likeness to
itself; larger values prefer answers that are like many."""
_MOST = 3000
"""Of more answers that many are weighed, drawn by chance."""
_SURE = 1e-6
_WORTH_CHOOSING = 2
"""So many times what a draw of chance is worth for claims an answer must be worth to be chosen."""


def to_teach(
    known: Known,
    machine: FloatArray,
    given: FloatArray,
    coded: IntArray,
    free: IntArray,
    owners: IntArray,
    n: int,
    seed: int,
) -> IntArray:
    """Answers of ``free`` (f,), first the one from which the machine learns most, up to ``n`` of
    each of ``owners`` (f,), who codes them.

    An answer teaches what it says of the answers that are like it, less what those that are
    ``coded`` have said already (transductive experimental design: Yu, Bi & Tresp 2006, ICML). Those
    count most of which the ``machine`` (n, C) knows least which codes they have, the more the rarer
    these codes were ``given`` (C,).
    """
    need = (doubt_of(machine) / np.sqrt(1 + given)).sum(axis=1)

    def worth(left: FloatArray, pool: IntArray) -> FloatArray:
        return np.asarray(need[pool] @ left**2 / (np.diag(left) + _NOISE))

    return _spread(known, coded, free, owners, n, seed, worth)


def in_doubt(
    known: Known,
    machine: FloatArray,
    coded: IntArray,
    free: IntArray,
    owners: IntArray,
    n: int,
    seed: int,
) -> IntArray:
    """Answers as ``to_teach`` has them, first the one of which the machine knows least which codes
    it has, by how unlike it is to what is coded and to those before it."""
    doubt = doubt_of(machine).sum(axis=1)

    def worth(left: FloatArray, pool: IntArray) -> FloatArray:
        return np.asarray(doubt[pool] * np.diag(left))

    return _spread(known, coded, free, owners, n, seed, worth)


def to_settle(
    values: Sequence[FloatArray],
    needed: Sequence[int],
    free: IntArray,
    owners: IntArray,
    questions: IntArray,
    n: int,
) -> IntArray:
    """Answers as ``to_teach`` has them, first the one that brings claims nearest to their verdict.

    ``values``: for each open claim (n,) what coding an answer is worth for it, ``needed``: about
    how many codings it needs. Claims that need few come first: the others gain least from one. Only
    answers worth well more than what chance brings at their question (``questions``, (n,)): what
    chance draws is worth as much otherwise, and tells of the rest besides.
    """
    worth = np.zeros(len(questions))
    for value, more in zip(values, needed, strict=True):
        worth += value / max(more, 1)
    usual = np.zeros(len(questions))
    for question in np.unique(questions[free]):
        own = free[questions[free] == question]
        usual[own] = worth[own].mean()
    order = free[np.lexsort((free, -worth[free]))]
    place = dict(zip(free.tolist(), owners.tolist(), strict=True))
    taken: list[int] = []
    room = dict.fromkeys(place.values(), n)
    for answer in order.tolist():
        chosen = worth[answer] > 0 and worth[answer] >= _WORTH_CHOOSING * usual[answer]
        if chosen and room[place[answer]]:
            room[place[answer]] -= 1
            taken.append(answer)
    return np.array(taken, dtype=np.int64)


def likely_wrong(machine: FloatArray, given: FloatArray, coded: IntArray) -> IntArray:
    """The ``coded`` answers, first the one whose codes ``given`` (n, C) are the least likely by the
    ``machine`` (n, C), which has not learned from it."""
    chance = np.clip(machine[coded], _SURE, 1 - _SURE)
    own = given[coded]
    surprise = -(own * np.log(chance) + (1 - own) * np.log1p(-chance)).sum(axis=1)
    return np.asarray(coded[np.lexsort((coded, -surprise))])


def _spread(
    known: Known,
    coded: IntArray,
    free: IntArray,
    owners: IntArray,
    n: int,
    seed: int,
    worth: Callable[[FloatArray, IntArray], FloatArray],
) -> IntArray:
    """The best answer by ``worth``, then the best of those that it says nothing about, and so on.

    ``worth`` takes what is not known yet of how answers vary together (p, p), and which these are.
    """
    whole = np.unique(np.concatenate([coded, free]))
    if len(whole) > _MOST:
        whole = np.sort(np.random.default_rng(seed).permutation(whole)[:_MOST])
    pool = np.setdiff1d(whole, coded)
    left = _unexplained(known, pool, np.intersect1d(whole, coded))
    of = dict(zip(free.tolist(), owners.tolist(), strict=True))
    owner = np.array([of.get(answer, -1) for answer in pool.tolist()], dtype=np.int64)
    open_ones = owner >= 0
    room = dict.fromkeys(of.values(), n)
    taken: list[int] = []
    while open_ones.any() and n:
        value = np.where(open_ones, worth(left, pool), -np.inf)
        best = int(np.argmax(value))
        taken.append(int(pool[best]))
        room[int(owner[best])] -= 1
        open_ones[best] = False
        if not room[int(owner[best])]:
            open_ones &= owner != owner[best]
        column = left[:, best].copy()
        left -= np.outer(column, column) / (column[best] + _NOISE)
    return np.array(taken, dtype=np.int64)


def _unexplained(known: Known, pool: IntArray, coded: IntArray) -> FloatArray:
    """(p, p) how the answers of the pool vary together once the coded ones are known, by what they
    mean and how they are written: a Gaussian process conditioned on the coded ones."""
    rows = np.concatenate([pool, coded])
    vectors = known.answers.whole.vectors[rows].astype(np.float64)
    if known.columns is not None:
        words = known.columns[rows]
    else:
        words = known.marks.columns(known.answers.whole.words[rows])
    likeness = np.zeros((len(rows), len(rows)))
    for columns in (vectors, words):
        products = columns @ columns.T
        likeness += products * (len(rows) / max(float(np.trace(products)), 1e-12)) / 2
    p = len(pool)
    if not len(coded):
        return likeness
    known_part = likeness[p:, p:] + _NOISE * np.eye(len(coded))
    across = likeness[:p, p:]
    return np.asarray(
        likeness[:p, :p]
        - across @ scipy.linalg.cho_solve(scipy.linalg.cho_factor(known_part), across.T)
    )
