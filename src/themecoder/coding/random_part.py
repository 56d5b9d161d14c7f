"""Which coded answers are a random part of all: by the plan, not by what somebody chose to code.

A plan puts each coder's answers in an order that chance drew. Who codes from the top has coded a
random part, however far it goes. What is coded further on, behind an answer that is not coded yet,
may have been chosen and does not belong to it. Answers that came in after the first plan stand
behind the others, drawn among themselves: each such wave is a part by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from themecoder.coding.plan import Planned, drawn_place

_FEWEST_PER_WAVE = 10
"""A row of tasks with more waves than one of so many answers, or two, is in no order that chance
drew: of one in any other order every second answer would begin a wave."""


@dataclass(frozen=True, slots=True)
class RandomPart:
    """The random part of a question's answers.

    ``reached``: the answers up to where each coder came; ``waves``: of all planned answers, in
    which wave they came in. ``behind``: how many coded answers stand behind one that is not.
    ``other_order``: the coders whose order is not one that chance drew.
    """

    reached: frozenset[str]
    waves: Mapping[str, int]
    behind: int
    other_order: tuple[str, ...]


def random_part(
    rows: Iterable[Planned],
    answers: Collection[str],
    seen: Mapping[str, Collection[str]],
    seed: int,
) -> RandomPart:
    """The random part of ``answers``, all with content of one question, by the ``rows`` of its plan
    and ``seed``, which drew it. ``seen``: coder -> the answers that they coded or skipped."""
    waves: dict[str, int] = {}
    reached: set[str] = set()
    coded: set[str] = set()
    other_order: list[str] = []
    for coder, tasks in tasks_in_waves(rows, seed).items():
        if tasks[-1][1] > max(1, len(tasks) / _FEWEST_PER_WAVE):
            other_order.append(coder)
        still = True
        for row, wave in tasks:
            if row.answer_id not in answers:
                continue
            waves[row.answer_id] = min(wave, waves.get(row.answer_id, wave))
            done = row.answer_id in seen.get(coder, ())
            still = still and done
            if still:
                reached.add(row.answer_id)
            elif done:
                coded.add(row.answer_id)
    return RandomPart(
        frozenset(reached),
        waves,
        len(coded - reached),
        tuple(other_order),
    )


def tasks_in_waves(rows: Iterable[Planned], seed: int) -> dict[str, list[tuple[Planned, int]]]:
    """coder -> their tasks of the first round in their order, each with the wave it came in: 0, 1,
    … Within a wave the drawn places ascend. Coders are sorted."""
    of_coder: dict[str, list[tuple[Planned, int]]] = {}
    for row in sorted(rows, key=lambda row: (row.coder, row.place)):
        if row.round == 1:
            own = of_coder.setdefault(row.coder, [])
            before, wave = own[-1] if own else (row, 0)
            own.append((row, wave + (drawn_place(seed, row) < drawn_place(seed, before))))
    return of_coder
