"""Which counts of a study's tables are not shown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from themecoder.counts.disclosure.bounds import tightened
from themecoder.counts.disclosure.protect import protect
from themecoder.counts.disclosure.relations import PAIR, Key, known_relations, pair_key
from themecoder.counts.disclosure.system import Flags, Floats, Numbers, System
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable, Hidden

PairKey = tuple[str, str, str]
"""(question, code, code), the codes in the order of the codebook."""
Protection = tuple[Flags, Numbers]
"""(n,) which counts of a system are hidden, and the places of those that nothing protects."""
Keep = Callable[[str, int, Callable[[], Protection]], Protection]
"""What was found for a system of n counts by the digest of all that it depends on, or is found
now."""
_TOTAL_PRICE, _NET_PRICE, _VALUE_PRICE, _ZERO_PRICE = 8.0, 0.5, 0.5, 3.0


_FOUND: dict[str, Protection] = {}


def in_this_process(digest: str, n: int, work_out: Callable[[], Protection]) -> Protection:
    """Keep what was found as long as the process lives: a report counts the same tables several
    times."""
    if digest not in _FOUND:
        _FOUND[digest] = work_out()
    flags, exposed = _FOUND[digest]
    return flags.copy(), exposed


@dataclass(frozen=True, slots=True)
class Hiding:
    """The counts and the pairs of codes that are not shown, each with the reason.

    ``pairs``: those that somebody has both of -> the reason, None where the pair is shown; none of
    a question that fewer respondents can have codes of than the smallest count to show, and none at
    all where it would give counts away that there are any. ``n``: all counts, also those that are
    not shown; ``bases``: (question, subgroup) -> respondents. ``exposed``: small counts that can't
    be protected whatever else is hidden.
    """

    counts: Mapping[Key, Hidden]
    pairs: Mapping[PairKey, Hidden | None]
    n: Mapping[Key, int]
    bases: Mapping[tuple[str, str], int]
    exposed: tuple[Hashable, ...] = ()


def hidden_counts(
    tables: Sequence[CodeTable],
    pooled: CodeTable | None,
    columns: Breakdown,
    having: Mapping[Key, frozenset[str]],
    bases: Mapping[tuple[str, str], int],
    most: Mapping[tuple[str, str], int],
    smallest: int,
    keep: Keep = in_this_process,
) -> Hiding:
    """Which counts are not shown: small ones, and those that would give a small one away.

    ``having``: who is counted in each row and subgroup; ``bases``: (question, subgroup) -> number
    of respondents, a subgroup without any has no key; ``most``: how many of them can have a code,
    since it is known how many are not coded. Primary suppression hides every count below
    ``smallest``, zeros too: otherwise their absence would reveal that a hidden count is not zero. A
    zero that follows from what is shown tells of nobody, and is shown. ``keep``: finds again
    what was hidden of the same counts.
    """
    everything = [*tables, pooled] if pooled else list(tables)
    # of a handful the list of pairs would say who has them
    pairs = {
        t.coded.question: listed_pairs(t, having)
        for t in everything
        if t.codes_overlap and most[t.coded.question, ALL_RESPONDENTS] >= smallest
    }
    n = {key: len(who) for key, who in having.items()}
    if smallest <= 1 or not having:
        keys = [(question, *pair) for question, own in pairs.items() for pair in own]
        return Hiding({}, dict.fromkeys(keys), n, bases)
    find = partial(_hidden, tables, pooled, columns, having, most, smallest, keep)
    hidden, pairs_hidden, exposed = find(pairs)
    if exposed and any(pairs.values()):
        hidden, pairs_hidden, exposed = find({})
    return Hiding(hidden, pairs_hidden, n, bases, exposed)


def _hidden(
    tables: Sequence[CodeTable],
    pooled: CodeTable | None,
    columns: Breakdown,
    having: Mapping[Key, frozenset[str]],
    most: Mapping[tuple[str, str], int],
    smallest: int,
    keep: Keep,
    pairs: Mapping[str, Sequence[tuple[str, str]]],
) -> tuple[dict[Key, Hidden], dict[PairKey, Hidden | None], tuple[Hashable, ...]]:
    """The counts and the ``pairs`` that are not shown, and those that nothing protects."""
    system = known_relations(tables, pooled, columns, most, having, pairs)
    truth = np.array(system.truth)
    counted, listed, fixed = published(system, [*tables, pooled] if pooled else tables)
    small = (truth < smallest) & (counted | listed) & ~fixed
    hidden, exposed = _protected(
        system,
        small | ~(counted | listed),
        fixed,
        small & (truth > 0),
        _costs(system, [*tables, pooled] if pooled else tables),
        keep,
    )
    hidden &= ~_follows(system, hidden, (truth == 0) & counted)
    reasons: dict[Hashable, Hidden] = {
        system.keys[place]: "small" if truth[place] < smallest else "guard"
        for place in np.flatnonzero(hidden & (counted | listed))
    }
    of_pairs = {
        (question, a, b): reasons.get(pair_key(question, (a, b), ALL_RESPONDENTS))
        for question, own in pairs.items()
        for a, b in own
    }
    return {key: reasons[key] for key in having if key in reasons}, of_pairs, exposed


def listed_pairs(table: CodeTable, having: Mapping[Key, frozenset[str]]) -> list[tuple[str, str]]:
    """The pairs of codes that somebody has both of, in the order of the rows."""
    question = table.coded.question
    codes = [row for row, members in table.rows.items() if tuple(members) == (row,)]
    return [
        (a, b)
        for a, b in combinations(codes, 2)
        if having[question, a, ALL_RESPONDENTS] & having[question, b, ALL_RESPONDENTS]
    ]


def published(system: System, tables: Sequence[CodeTable]) -> tuple[Flags, Flags, Flags]:
    """(n,) each: the variables that are counts of the tables, those that are pairs of codes in the
    list of pairs, and the counts that are shown however small. The others are in no file."""
    questions = {table.coded.question: table.rows for table in tables}
    open_rows = {(t.coded.question, row) for t in tables for row in t.open}
    counted = np.array([_is_count(key, questions) for key in system.keys])
    listed = np.array([_is_listed_pair(key) for key in system.keys])
    fixed = np.array([isinstance(key, tuple) and key[:2] in open_rows for key in system.keys])
    return counted, listed, fixed & counted


def _is_count(key: Hashable, questions: Mapping[str, Collection[str]]) -> bool:
    return isinstance(key, tuple) and len(key) == 3 and key[1] in questions.get(key[0], ())


def _is_listed_pair(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == PAIR and key[-1] == ALL_RESPONDENTS


def _costs(system: System, tables: Sequence[CodeTable]) -> Floats:
    """(n,) how much it matters to show each count: a total more than a group's count, a code more
    than a net or a value, a larger count more than a smaller one, and a zero that tells of
    nobody."""
    nets = {(t.coded.question, relation.whole) for t in tables for relation in t.relations}
    cost: Floats = np.log1p(np.array(system.truth, dtype=np.float64)) + 1
    cost[np.array(system.columns) == ALL_RESPONDENTS] *= _TOTAL_PRICE
    of_nets = [isinstance(key, tuple) and key[:2] in nets for key in system.keys]
    cost[of_nets] *= _NET_PRICE
    values = {(t.coded.question, row) for t in tables for row in t.value_rows}
    cost[[isinstance(key, tuple) and key[:2] in values for key in system.keys]] *= _VALUE_PRICE
    cost[np.array(system.truth) == 0] += _ZERO_PRICE
    return cost


def _follows(system: System, hidden: Flags, zeros: Flags) -> Flags:
    """(n,) the hidden ``zeros`` that follow from what is shown, one statement after the other."""
    truth = np.array(system.truth, dtype=float)
    free = hidden.astype(bool)
    least = np.where(free, np.array(system.least), truth)
    most = np.where(free, np.minimum(np.array(system.most), truth.sum() + 1), truth)
    _, most = tightened(system, least, most)
    return np.asarray(zeros & hidden & (most == 0))


def _protected(
    system: System, hidden: Flags, fixed: Flags, small: Flags, cost: Floats, keep: Keep
) -> tuple[Flags, tuple[Hashable, ...]]:
    """``protect``, done once for the same counts."""
    matrix, low, high = system.matrix()
    named = repr((system.keys, system.columns, system.truth))
    digest = hashlib.sha256(named.encode())
    numbers = (np.array(system.least), np.array(system.most), low, high, matrix.data)
    for part in (hidden, fixed, small, cost, *numbers, matrix.indices, matrix.indptr):
        digest.update(part.tobytes())
    flags, exposed = keep(
        digest.hexdigest(),
        len(hidden),
        lambda: protect(system, hidden, fixed, np.flatnonzero(small), cost),
    )
    return flags, tuple(system.keys[n] for n in exposed)
