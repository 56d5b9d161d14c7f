"""Coded questions made by chance, with the same as a table of pandas."""

from __future__ import annotations

from random import Random

import pandas

from themecoder.coding.coded import CodedQuestion
from themecoder.survey.groups import Groups

CODES = tuple(f"c{n}" for n in range(6))

Question = tuple[CodedQuestion, Groups, pandas.DataFrame]


def question_by_chance(seed: int, people: int, groups: int) -> Question:
    """A question with six codes, the later the rarer, and an attribute that the first goes with."""
    chance = Random(seed)
    everyone = [f"R{n:03}" for n in range(people)]
    of = {who: str(chance.randrange(groups)) for who in everyone}
    codes = {}
    for who in everyone:
        lift = 0.3 if of[who] == "0" else 0.0
        codes[who] = frozenset(
            code
            for n, code in enumerate(CODES)
            if chance.random() < 0.5 / (1 + n) + (lift if n == 0 else 0)
        )
    rows = {code: [int(code in codes[who]) for who in everyone] for code in CODES}
    frame = pandas.DataFrame(rows, index=everyone).assign(group=[of[who] for who in everyone])
    labels = {name: name for name in sorted(set(of.values()))}
    coded = CodedQuestion("q", tuple(everyone), frozenset(everyone), codes)
    return coded, Groups("a", "A", labels, of), frame
