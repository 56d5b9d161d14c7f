"""Which coded answers are a random part of all: by the plan, not by what somebody chose to code.

A plan puts each coder's answers in an order that chance drew, and a chosen order (``plan --by``)
takes turns with it: each turn of chance draws from all that is left. So the answers up to where
chance came are a random part of all, whatever was coded before its turn, and it ends with a turn of
chance. Who chose for herself ends it too: a coder keeps to the order as long as nearly all of it is
done. Answers that came in later are drawn among themselves: each such wave is a part by itself.

One rule for all that asks what chance drew; ``benchmarks/next_answers.py`` simulates what it is
worth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from themecoder.coding.plan import RANDOM, RECHECK, Planned, drawn_place, in_waves

KEPT = 0.95
"""Which part of the tasks up to some place must be done for the order to count as kept: a coder may
leave an answer for later."""
MOST_PICKED = 0.05
"""Which part of the answers that chance left may be coded out of order. With more, what is left is
no longer what the random part was drawn from."""
_FEWEST_PER_TURN = 10
"""A row of tasks whose drawn places step back more often than once in so many answers, or twice, is
in no order that chance drew: in any other order every second answer would."""


@dataclass(frozen=True, slots=True)
class RandomPart:
    """The answers to a question, by id.

    ``drawn``: coded, and a random part of all of their wave. ``of_left``: those of ``drawn`` that
    were drawn from what was not chosen, so that they stand for what is ``left``, which nobody has
    coded. ``passed_over``: their turn came, and they were left. ``picked``: coded before their
    turn by nobody's order, or by somebody who has no such task. ``ahead``: how many coded answers
    are not in ``drawn``. ``waves``: of all planned answers, in which wave they came in.
    ``other_order``: the coders whose order is not one that chance drew.
    """

    drawn: frozenset[str]
    of_left: frozenset[str]
    passed_over: frozenset[str]
    picked: frozenset[str]
    left: frozenset[str]
    ahead: int
    waves: Mapping[str, int]
    other_order: tuple[str, ...]

    @property
    def in_order(self) -> bool:
        """Whether what is left is still what ``of_left`` was drawn from."""
        return len(self.picked) <= MOST_PICKED * (len(self.picked) + len(self.left))


def random_part(
    rows: Iterable[Planned],
    answers: Collection[str],
    handled: Mapping[str, Collection[str]],
    seed: int,
) -> RandomPart:
    """The random part of ``answers`` by the ``rows`` of a question's plan and ``seed``, which drew
    it. ``handled``: coder -> the answers that they coded or skipped."""
    drawn: set[str] = set()
    of_left: set[str] = set()
    passed: set[str] = set()
    chosen: set[str] = set()
    waves: dict[str, int] = {}
    other_order: list[str] = []
    for coder, tasks in _by_coder(rows, answers, seed):
        done = {row.answer_id for row in tasks} & set(handled.get(coder, ()))
        for row in tasks:
            waves[row.answer_id] = min(row.wave or 0, waves.get(row.answer_id, row.wave or 0))
        if not is_drawn(tasks, seed):
            other_order.append(coder)
            continue
        since, before = _since_choice(tasks, done)
        chosen |= before
        for wave in sorted({row.wave or 0 for row in tasks}):
            own = [row for row in tasks if row.wave == wave]
            own.sort(key=lambda row: drawn_place(seed, row))
            reached = own[: _kept_to(own, done)]
            drawn |= {row.answer_id for row in reached if row.answer_id in done}
            passed |= {row.answer_id for row in reached if row.answer_id not in done}
            of_left |= {
                row.answer_id
                for row in reached
                if row.answer_id in done and row.by == RANDOM and row.place >= since
            }
    anyhow = {answer for coded in handled.values() for answer in coded} & set(answers)
    return RandomPart(
        frozenset(drawn),
        frozenset(of_left),
        frozenset(passed - anyhow),
        frozenset((anyhow & waves.keys()) - drawn - chosen),
        frozenset(waves.keys() - anyhow - passed),
        len(anyhow - drawn),
        waves,
        tuple(other_order),
    )


def _by_coder(
    rows: Iterable[Planned], answers: Collection[str], seed: int
) -> Iterator[tuple[str, list[Planned]]]:
    """Each coder's tasks of the first round in their order."""
    first = [row for row in in_waves(rows, seed) if row.round == 1 and row.by != RECHECK]
    for coder in sorted({row.coder for row in first}):
        own = [row for row in first if row.coder == coder and row.answer_id in answers]
        yield coder, sorted(own, key=lambda row: row.place)


def is_drawn(tasks: Sequence[Planned], seed: int) -> bool:
    """Whether chance put those in their order that no other order put ahead."""
    drawn = [drawn_place(seed, row) for row in tasks if row.by == RANDOM]
    back = sum(after < before for before, after in pairwise(drawn))
    return back <= max(1, len(drawn) / _FEWEST_PER_TURN)


def _kept_to(own: Sequence[Planned], done: Collection[str]) -> int:
    """The last place of the drawn order up to which it was kept; that task is done, in a turn of
    chance."""
    kept = number = 0
    for place, row in enumerate(own, start=1):
        number += row.answer_id in done
        if row.answer_id in done and row.by == RANDOM and number >= KEPT * place:
            kept = place
    return kept


def _since_choice(tasks: Sequence[Planned], done: Collection[str]) -> tuple[int, set[str]]:
    """From which place on what chance draws stands for what is left, since hardly any answer was
    chosen from there on; and what was chosen before."""
    chosen = [row for row in tasks if row.by != RANDOM and row.answer_id in done]
    left = sum(row.answer_id not in done for row in tasks)
    may_be = int(MOST_PICKED * left / (1 - MOST_PICKED))
    if len(chosen) <= may_be:
        return 0, set()
    before = chosen[: len(chosen) - may_be]
    return before[-1].place, {row.answer_id for row in before}
