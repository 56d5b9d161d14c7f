"""Codes that coders use for one another: their definitions need work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.measures.statistics import pairs_of
from themecoder.agreement.table import CodingTable


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two codes that were confused, in the codebook's order.

    ``answers`` counts those on which a coder gave the first code and not the second, and another
    coder the second and not the first; ``either`` those with two coders or more on which anyone
    gave one of the two. ``by_chance`` is how many answers would be confused on average if who gave
    the first code had nothing to do with who gave the second. ``examples`` are answer_ids, those
    with fewest other codes first. Numbers are None where they are not to be shown.
    """

    first: str
    second: str
    answers: int | None
    either: int | None
    by_chance: float | None
    examples: tuple[str, ...]

    @property
    def share(self) -> float | None:
        return self.answers / self.either if self.answers and self.either else None


def confusions(table: CodingTable, examples: int = 5) -> list[Confusion]:
    """Every pair of codes that was confused, most answers first."""
    # pair of codes -> answer -> how many codes the two coders gave it
    sizes_by_pair: dict[tuple[int, int], dict[int, int]] = {}
    for coder, other in zip(*pairs_of(len(table.coders)), strict=True):
        for answer in np.flatnonzero(table.seen[[coder, other]].all(axis=0)):
            own, theirs = table.cells[[coder, other], answer] == 1
            size = int((own | theirs).sum())
            for a in np.flatnonzero(own & ~theirs):
                for b in np.flatnonzero(theirs & ~own):
                    sizes = sizes_by_pair.setdefault((min(a, b), max(a, b)), {})
                    sizes[int(answer)] = min(size, sizes.get(int(answer), size))
    twice = table.seen.sum(axis=0) >= 2
    used = (table.cells == 1).any(axis=0) & twice[:, None]
    disputes = _disputes(table)
    rows = [
        Confusion(
            table.codes[a],
            table.codes[b],
            len(sizes),
            int((used[:, a] | used[:, b]).sum()),
            sum(_by_chance(of_code[a], of_code[b], answers) for answers, of_code in disputes),
            tuple(table.answers[n] for n in sorted(sizes, key=lambda n: (sizes[n], n))[:examples]),
        )
        for (a, b), sizes in sizes_by_pair.items()
    ]
    order = {code: n for n, code in enumerate(table.codes)}
    return sorted(rows, key=lambda row: (-(row.answers or 0), order[row.first], order[row.second]))


_Patterns = Counter[frozenset[int]]
"""On how many answers exactly these coders gave a code."""


def _disputes(table: CodingTable) -> list[tuple[int, list[_Patterns]]]:
    """Per group of answers that the same coders saw: how many there are and, for each code, which
    of the coders gave it where they did not agree."""
    groups: dict[bytes, list[int]] = {}
    seen = table.seen
    for answer in np.flatnonzero(seen.sum(axis=0) >= 2):
        groups.setdefault(seen[:, answer].tobytes(), []).append(int(answer))
    disputes = []
    for _, answers in sorted(groups.items()):
        coders = int(seen[:, answers[0]].sum())
        patterns: list[_Patterns] = [Counter() for _ in table.codes]
        given = table.cells[:, answers] == 1
        times = given.sum(axis=0)
        for place, code in zip(*np.nonzero((times > 0) & (times < coders)), strict=True):
            patterns[code][frozenset(np.flatnonzero(given[:, place, code]).tolist())] += 1
        disputes.append((len(answers), patterns))
    return disputes


def _by_chance(first: _Patterns, second: _Patterns, answers: int) -> float:
    """The mean number of confused answers over all ways to pair the answers' patterns of the first
    code with those of the second: confused is where each code has a giver that the other lacks."""
    confused = sum(
        times * others
        for givers, times in first.items()
        for other_givers, others in second.items()
        if givers - other_givers and other_givers - givers
    )
    return confused / answers
