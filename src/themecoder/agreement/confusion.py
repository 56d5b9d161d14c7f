"""Which code is used where another coder uses another: the definitions that need work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.measures.statistics import pairs_of
from themecoder.agreement.table import CodingTable


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two codes, in the codebook's order.

    ``answers``: on how many a coder gave the first and not the second, and another the second and
    not the first. ``either``: answers with two coders or more on which anyone gave one of the two.
    ``by_chance``: how many answers would be confused if the disagreements on the one had nothing to
    do with those on the other. ``examples`` are answer_ids, those with fewest other codes first.
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
    found: dict[tuple[int, int], dict[int, int]] = {}
    for one, other in zip(*pairs_of(len(table.coders)), strict=True):
        both = np.flatnonzero(table.seen[[one, other]].all(axis=0))
        for answer in both:
            mine = table.cells[one, answer] == 1
            theirs = table.cells[other, answer] == 1
            size = int((mine | theirs).sum())
            for a in np.flatnonzero(mine & ~theirs):
                for b in np.flatnonzero(theirs & ~mine):
                    places = found.setdefault((min(a, b), max(a, b)), {})
                    places[int(answer)] = min(size, places.get(int(answer), size))
    twice = table.seen.sum(axis=0) >= 2
    used = (table.cells == 1).any(axis=0) & twice[:, None]
    disputed = used & ~((table.cells == 1) | (table.cells < 0)).all(axis=0)
    rows = [
        Confusion(
            table.codes[a],
            table.codes[b],
            len(places),
            int((used[:, a] | used[:, b]).sum()),
            float(disputed[:, a].sum() * disputed[:, b].sum() / max(twice.sum(), 1)),
            tuple(
                table.answers[n] for n in sorted(places, key=lambda n: (places[n], n))[:examples]
            ),
        )
        for (a, b), places in found.items()
    ]
    order = {code: n for n, code in enumerate(table.codes)}
    return sorted(rows, key=lambda row: (-row.answers, order[row.first], order[row.second]))


def alone(table: CodingTable) -> dict[str, Counter[str]]:
    """code -> how often one of a pair of coders gave it and the other did not.

    ``instead``: the other gave a code that the first did not; ``nothing``: the other gave less.
    """
    found: dict[str, Counter[str]] = {code: Counter() for code in table.codes}
    for one, other in zip(*pairs_of(len(table.coders)), strict=True):
        for answer in np.flatnonzero(table.seen[[one, other]].all(axis=0)):
            mine, theirs = table.cells[one, answer] == 1, table.cells[other, answer] == 1
            for extra, rest in ((mine & ~theirs, theirs & ~mine), (theirs & ~mine, mine & ~theirs)):
                for n in np.flatnonzero(extra):
                    found[table.codes[n]]["instead" if rest.any() else "nothing"] += 1
    return found
