"""Which of the answers that people coded were drawn by chance, by the plan.

The plan puts each coder's tasks in an order of chance. As long as a coder keeps to it, what she has
done at any moment is drawn by chance from all that is hers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from themecoder.coding.plan import Planned
from themecoder.coding.random_part import tasks_in_waves

KEPT = 0.95
"""Which part of the tasks up to some place must be done for the order to count as kept: a coder may
leave an answer for later."""
MOST_PICKED = 0.05
"""Which part of the answers that are not in the random part may be coded out of order. With more,
what is left is no longer what the random part was drawn from."""


@dataclass(frozen=True, slots=True)
class CodedByChance:
    """The answers to a question, by id.

    ``drawn``: coded in the order of chance. ``passed_over``: their turn came, and they were left.
    ``picked``: coded before their turn, or by somebody who has no such task. ``left``: not coded.
    ``later``: planned after the others, so that what was drawn does not stand for them.
    """

    drawn: frozenset[str]
    passed_over: frozenset[str]
    picked: frozenset[str]
    left: frozenset[str]
    later: frozenset[str]

    @property
    def in_order(self) -> bool:
        return len(self.picked) <= MOST_PICKED * (len(self.picked) + len(self.left))


def coded_by_chance(
    rows: Sequence[Planned], handled: Mapping[str, Collection[str]], seed: int
) -> CodedByChance:
    """``rows``: the plan of a question; ``handled``: coder -> the answers that she coded or
    skipped; ``seed``: that of the plan."""
    drawn: set[str] = set()
    passed: set[str] = set()
    first: set[str] = set()
    for coder, tasks in tasks_in_waves(rows, seed).items():
        # what came in later stands behind these, in an order of its own
        own = [row for row, wave in tasks if wave == 0]
        first |= {row.answer_id for row in own}
        done = [row.answer_id in handled.get(coder, ()) for row in own]
        kept = _kept_to(done)
        drawn |= {row.answer_id for row, was in zip(own[:kept], done, strict=False) if was}
        passed |= {row.answer_id for row, was in zip(own[:kept], done, strict=False) if not was}
    everything = {row.answer_id for row in rows}
    anyhow = {answer for answers in handled.values() for answer in answers}
    return CodedByChance(
        frozenset(drawn),
        frozenset(passed - drawn - anyhow),
        frozenset((anyhow & first) - drawn),
        frozenset(first - anyhow - passed),
        frozenset(everything - first),
    )


def _kept_to(done: Sequence[bool]) -> int:
    """The last place up to which the order was kept; that task itself is done."""
    kept = number = 0
    for place, was in enumerate(done, start=1):
        number += was
        if was and number >= KEPT * place:
            kept = place
    return kept
