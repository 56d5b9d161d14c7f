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
    answers_by_pair: dict[tuple[int, int], dict[int, int]] = {}
    for coder, other_coder in zip(*pairs_of(len(table.coders)), strict=True):
        both = np.flatnonzero(table.seen[[coder, other_coder]].all(axis=0))
        for answer in both:
            given = table.cells[coder, answer] == 1
            given_by_other = table.cells[other_coder, answer] == 1
            size = int((given | given_by_other).sum())
            for a in np.flatnonzero(given & ~given_by_other):
                for b in np.flatnonzero(given_by_other & ~given):
                    codes_on_answer = answers_by_pair.setdefault((min(a, b), max(a, b)), {})
                    codes_on_answer[int(answer)] = min(size, codes_on_answer.get(int(answer), size))
    twice = table.seen.sum(axis=0) >= 2
    used = (table.cells == 1).any(axis=0) & twice[:, None]
    disputed = used & ~((table.cells == 1) | (table.cells < 0)).all(axis=0)
    rows = [
        Confusion(
            table.codes[a],
            table.codes[b],
            len(codes_on_answer),
            int((used[:, a] | used[:, b]).sum()),
            float(disputed[:, a].sum() * disputed[:, b].sum() / max(twice.sum(), 1)),
            tuple(
                table.answers[n]
                for n in sorted(codes_on_answer, key=lambda n: (codes_on_answer[n], n))[:examples]
            ),
        )
        for (a, b), codes_on_answer in answers_by_pair.items()
    ]
    order = {code: n for n, code in enumerate(table.codes)}
    return sorted(rows, key=lambda row: (-row.answers, order[row.first], order[row.second]))


def given_by_one_only(table: CodingTable) -> dict[str, Counter[str]]:
    """code -> how often one of a pair of coders gave it and the other did not.

    Counted as ``instead`` where the other gave a code that the first did not, as ``nothing`` where
    the other gave no such code.
    """
    counts: dict[str, Counter[str]] = {code: Counter() for code in table.codes}
    for coder, other_coder in zip(*pairs_of(len(table.coders)), strict=True):
        for answer in np.flatnonzero(table.seen[[coder, other_coder]].all(axis=0)):
            given, given_by_other = (
                table.cells[coder, answer] == 1,
                table.cells[other_coder, answer] == 1,
            )
            for extra, rest in (
                (given & ~given_by_other, given_by_other & ~given),
                (given_by_other & ~given, given & ~given_by_other),
            ):
                for place in np.flatnonzero(extra):
                    counts[table.codes[place]]["instead" if rest.any() else "nothing"] += 1
    return counts
