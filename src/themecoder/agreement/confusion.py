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
    gave one of the two. ``by_chance`` is how many answers would be confused if disagreements on the
    two codes were independent. ``examples`` are answer_ids, those with fewest other codes first.
    """

    first: str
    second: str
    answers: int
    either: int
    by_chance: float
    examples: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.answers / self.either


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
    disputed = used & ~((table.cells == 1) | (table.cells < 0)).all(axis=0)
    rows = [
        Confusion(
            table.codes[a],
            table.codes[b],
            len(sizes),
            int((used[:, a] | used[:, b]).sum()),
            float(disputed[:, a].sum() * disputed[:, b].sum() / max(twice.sum(), 1)),
            tuple(table.answers[n] for n in sorted(sizes, key=lambda n: (sizes[n], n))[:examples]),
        )
        for (a, b), sizes in sizes_by_pair.items()
    ]
    order = {code: n for n, code in enumerate(table.codes)}
    return sorted(rows, key=lambda row: (-row.answers, order[row.first], order[row.second]))


def given_by_one_only(table: CodingTable) -> dict[str, Counter[str]]:
    """code -> how often one of a pair of coders gave it and the other did not.

    Counted as ``instead`` where the other gave a code that the first did not, as ``nothing`` where
    the other gave no such code.
    """
    counts: dict[str, Counter[str]] = {code: Counter() for code in table.codes}
    for coder, other in zip(*pairs_of(len(table.coders)), strict=True):
        for answer in np.flatnonzero(table.seen[[coder, other]].all(axis=0)):
            first, second = table.cells[[coder, other], answer] == 1
            for own, theirs in ((first, second), (second, first)):
                kind = "instead" if (theirs & ~own).any() else "nothing"
                for place in np.flatnonzero(own & ~theirs):
                    counts[table.codes[place]][kind] += 1
    return counts
