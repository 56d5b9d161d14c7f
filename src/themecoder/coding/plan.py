"""Who codes which answers: balanced over coders and questions, each pair of coders overlapping.

All chance comes from hashes of the seed and the answer's id, so that the plan is the same each time
and an answer that comes in later changes nothing for the others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from themecoder.errors import InputError, Problem
from themecoder.survey.answer_id import AnswerId


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """A coder's task to code an answer; in rounds after the first it is coded again.

    ``place`` (from 1): its place in this coder's row of tasks of the question and round. ``blind``:
    without suggestions. ``note`` is shown to the coder.
    """

    question: str
    answer_id: str
    coder: str
    round: int = 1
    blind: bool = False
    place: int = 0
    note: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        """What identifies the task, here and on the server."""
        return self.answer_id, self.coder, self.round


def plan(
    answers: Mapping[str, Sequence[str]],
    coders: Sequence[str],
    double: float,
    blind: float,
    seed: int,
    known: Iterable[Planned] = (),
) -> tuple[Planned, ...]:
    """Give every answer a coder, and a share ``double`` (0-1) of them a second one.

    ``answers``: question -> answer ids. The rows in ``known`` stay as they are; answers that are
    not among them are added. ``blind`` is the share (0-1) of each coder's answers to a question
    that is coded without suggestions. Raises InputError without coders, and where ``double`` is
    above 0 with only one.
    """
    if not coders:
        raise InputError(Problem("plan.no_coders"))
    if double > 0 and len(coders) < 2:
        raise InputError(Problem("plan.one_coder", {"coder": coders[0]}))
    rows = sorted(known)
    load = Counter(row.coder for row in rows if row.round == 1)
    pairs: Counter[tuple[str, str]] = Counter()
    for question, ids in answers.items():
        assigned = _coders_of_answers(rows, question)
        doubles = sum(len(own) > 1 for own in assigned.values())
        pairs.update(pair for own in assigned.values() for pair in combinations(sorted(own), 2))
        local = Counter(coder for own in assigned.values() for coder in own)
        fresh = sorted(
            set(ids) - set(assigned), key=lambda answer_id: _draw(seed, "who", answer_id)
        )
        wanted = round(double * len(set(ids) | set(assigned))) - doubles
        added = []
        for number, answer_id in enumerate(fresh):
            chosen: tuple[str, ...]
            if number < wanted:
                new_pair = min(
                    combinations(sorted(coders), 2),
                    key=lambda pair: (pairs[pair], sum(local[c] for c in pair), pair),
                )
                pairs[new_pair] += 1
                chosen = new_pair
            else:
                chosen = (min(coders, key=lambda c: (local[c], load[c], coders.index(c))),)
            local.update(chosen)
            load.update(chosen)
            added += [Planned(question, answer_id, coder) for coder in chosen]
        rows += _placed(added, rows, blind, seed)
    return tuple(sorted(rows))


def with_new_rounds(
    known: Sequence[Planned], waiting: Mapping[tuple[str, str], str], seed: int
) -> tuple[Planned, ...]:
    """The plan with a new round for the answers that wait to be coded again.

    ``waiting``: (answer_id, coder) -> note. An answer for which a later round is already planned
    and not coded yet must not be in it.
    """
    last = {(row.answer_id, row.coder): row for row in sorted(known, key=lambda r: r.round)}
    added = []
    for (answer_id, coder), note in sorted(waiting.items()):
        before = last.get((answer_id, coder))
        question = AnswerId.parse(answer_id).question
        number = before.round + 1 if before else 2
        # who coded it before has seen the suggestions of that time, and should see no other ones
        added.append(Planned(question, answer_id, coder, number, blind=True, note=note))
    rows = [*known, *_placed(added, known, 1.0, seed)]
    return tuple(sorted(rows))


def _coders_of_answers(rows: Sequence[Planned], question: str) -> dict[str, set[str]]:
    coders: dict[str, set[str]] = {}
    for row in rows:
        if row.question == question and row.round == 1:
            coders.setdefault(row.answer_id, set()).add(row.coder)
    return coders


def _placed(
    added: Sequence[Planned], known: Sequence[Planned], blind: float, seed: int
) -> list[Planned]:
    """The rows in ``added`` with their places in each coder's row and whether they are blind."""
    drawn = []
    for question, coder, number in sorted({(r.question, r.coder, r.round) for r in added}):
        group = (question, coder, number)
        new = [r for r in added if (r.question, r.coder, r.round) == group]
        old = [r for r in known if (r.question, r.coder, r.round) == group]
        n_blind = round(blind * (len(new) + len(old))) - sum(row.blind for row in old)
        by_blind = sorted(new, key=lambda row: _draw(seed, "blind", coder, row.answer_id))
        hidden = {row.answer_id for row in by_blind[: max(0, n_blind)]}
        start = max((row.place for row in old), default=0)
        in_row = sorted(new, key=lambda row: drawn_place(seed, row))
        drawn += [
            replace(row, place=start + place, blind=row.blind or row.answer_id in hidden)
            for place, row in enumerate(in_row, start=1)
        ]
    return drawn


def drawn_place(seed: int, row: Planned) -> bytes:
    """By what chance places a task in its coder's row, among those that were planned with it."""
    return _draw(seed, "row", row.coder, row.round, row.answer_id)


def _draw(*parts: object) -> bytes:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
