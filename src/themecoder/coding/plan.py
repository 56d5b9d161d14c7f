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

RANDOM, TEACH, DOUBT, CLAIMS, RECHECK = "random", "teach", "doubt", "claims", "recheck"
"""By what a task has its place. ``RECHECK``: a second coding where the first may be mistaken."""
ORDERS = (RANDOM, TEACH, DOUBT, CLAIMS)


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """A coder's task to code an answer; in rounds after the first it is coded again.

    ``place`` (from 1): its place in this coder's row of tasks of the question and round. ``blind``:
    without suggestions. ``note`` is shown to the coder. ``by``: what put it at its place, chance or
    another order. ``wave``: 0 for the answers of the first plan, 1, 2, ... for those that came in
    later; None in plans of earlier versions, where the places tell.
    """

    question: str
    answer_id: str
    coder: str
    round: int = 1
    blind: bool = False
    place: int = 0
    note: str = ""
    by: str = RANDOM
    wave: int | None = None

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
    not among them are added, as a wave of their own, and ``double`` and ``blind`` are shares of
    these: ``blind`` of each coder's answers to a question is coded without suggestions. Raises
    InputError without coders, and where ``double`` is above 0 with only one.
    """
    if not coders:
        raise InputError(Problem("plan.no_coders"))
    if double > 0 and len(coders) < 2:
        raise InputError(Problem("plan.one_coder", {"coder": coders[0]}))
    rows = list(in_waves(known, seed))
    load = Counter(row.coder for row in rows if row.round == 1)
    pairs: Counter[tuple[str, ...]] = Counter()
    for question, ids in answers.items():
        assigned = coders_of_answers(rows, question)
        pairs.update(pair for own in assigned.values() for pair in combinations(sorted(own), 2))
        local = Counter(coder for own in assigned.values() for coder in own)
        fresh = sorted(set(ids) - set(assigned), key=lambda one: drawn_for_coders(seed, one))
        wave = 1 + max((r.wave or 0 for r in rows if r.question == question), default=-1)
        wanted = round(double * len(fresh))
        added = []
        for number, answer_id in enumerate(fresh):
            if number < wanted:
                chosen = least_paired(combinations(sorted(coders), 2), pairs, local)
                pairs[chosen] += 1
            else:
                chosen = (min(coders, key=lambda c: (local[c], load[c], coders.index(c))),)
            local.update(chosen)
            load.update(chosen)
            added += [Planned(question, answer_id, coder, wave=wave) for coder in chosen]
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


def coders_of_answers(rows: Iterable[Planned], question: str) -> dict[str, set[str]]:
    """answer_id -> who codes it in the first round, without second codings that were asked for
    where the first may be mistaken."""
    coders: dict[str, set[str]] = {}
    for row in rows:
        if row.question == question and row.round == 1 and row.by != RECHECK:
            coders.setdefault(row.answer_id, set()).add(row.coder)
    return coders


def least_paired(
    candidates: Iterable[tuple[str, ...]],
    pairs: Mapping[tuple[str, ...], int],
    load: Mapping[str, int],
) -> tuple[str, ...]:
    """Of some pairs of coders the one that codes the fewest answers together."""
    return min(candidates, key=lambda two: (pairs[two], sum(load[one] for one in two), two))


def in_waves(rows: Iterable[Planned], seed: int) -> tuple[Planned, ...]:
    """The rows, sorted, each with its wave. Plans of earlier versions don't state it; there answers
    that came in later stand behind the others, drawn among themselves: where the drawn places no
    longer ascend, a wave begins."""
    found: list[Planned] = []
    before: Planned | None = None
    wave = 0
    for row in sorted(rows, key=lambda row: (row.question, row.coder, row.round, row.place)):
        group = (row.question, row.coder, row.round)
        if before is None or group != (before.question, before.coder, before.round):
            before, wave = None, 0
        if before is not None and drawn_place(seed, row) < drawn_place(seed, before):
            wave += 1
        before = row
        found.append(row if row.wave is not None else replace(row, wave=wave))
    return tuple(sorted(found))


def _placed(
    added: Sequence[Planned], known: Sequence[Planned], blind: float, seed: int
) -> list[Planned]:
    """The rows in ``added`` with their places in each coder's row and whether they are blind."""
    drawn = []
    for question, coder, number in sorted({(r.question, r.coder, r.round) for r in added}):
        group = (question, coder, number)
        new = [r for r in added if (r.question, r.coder, r.round) == group]
        old = [r for r in known if (r.question, r.coder, r.round) == group]
        by_blind = sorted(new, key=lambda row: drawn_blind(seed, row))
        hidden = {row.answer_id for row in by_blind[: round(blind * len(new))]}
        start = max((row.place for row in old), default=0)
        in_row = sorted(new, key=lambda row: drawn_place(seed, row))
        drawn += [
            replace(row, place=start + place, blind=row.blind or row.answer_id in hidden)
            for place, row in enumerate(in_row, start=1)
        ]
    return drawn


def drawn_for_coders(seed: int, answer_id: str) -> bytes:
    """By what chance an answer gets its coders: the first ones get two."""
    return _draw(seed, "who", answer_id)


def drawn_blind(seed: int, row: Planned) -> bytes:
    """By what chance a task is coded without suggestions: the first ones are."""
    return _draw(seed, "blind", row.coder, row.answer_id)


def drawn_place(seed: int, row: Planned) -> bytes:
    """By what chance places a task in its coder's row, among those that were planned with it."""
    return _draw(seed, "row", row.coder, row.round, row.answer_id)


def _draw(*parts: object) -> bytes:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
