"""A plan changed: another share coded twice or blind, and the order of what is not coded yet.

What is coded stays where it is. The rest of a coder's row is dealt anew behind it, so that chance
still draws from all that is left whatever was chosen before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from themecoder.coding.plan import (
    CLAIMS,
    DOUBT,
    RANDOM,
    RECHECK,
    TEACH,
    Planned,
    coders_of_answers,
    drawn_blind,
    drawn_for_coders,
    drawn_place,
    least_paired,
)
from themecoder.errors import InputError, Problem

CHANCE_OF: Mapping[str, int] = {TEACH: 5, DOUBT: 5, CLAIMS: 3}
"""Of so many tasks in a chosen order one is drawn by chance; verdicts on claims lean on these."""
Done = Collection[tuple[str, str]]
"""(answer_id, coder) of what is coded or skipped."""


def with_double_share(
    rows: Sequence[Planned], coders: Sequence[str], share: float, seed: int, done: Done
) -> tuple[Planned, ...]:
    """The plan with a ``share`` (0-1) of the answers to each question coded by two, drawn by the
    same chance as at first.

    Second tasks are taken away only where they are not done. Raises InputError for all questions of
    which more is coded twice already, and with fewer than two coders.
    """
    if share > 0 and len(coders) < 2:
        raise InputError(Problem("plan.one_coder", {"coder": ", ".join(coders)}))
    problems, found = [], list(rows)
    pairs: Counter[tuple[str, ...]] = Counter()
    for question, wave in _waves(rows):
        own = [r for r in found if (r.question, r.wave, r.round) == (question, wave, 1)]
        coded = coders_of_answers(own, question)
        pairs.update(two for c in coded.values() for two in combinations(sorted(c), 2))
        load = Counter(coder for several in coded.values() for coder in several)
        order = sorted(coded, key=lambda answer: drawn_for_coders(seed, answer))
        wanted = round(share * len(order))
        doubles = [answer for answer in order if len(coded[answer]) > 1]
        for answer in order:
            if len(doubles) >= wanted:
                break
            if len(coded[answer]) > 1:
                continue
            (first,) = coded[answer]
            # a coder who left the study gets no more tasks
            others = [tuple(sorted((first, other))) for other in coders if other != first]
            pair = least_paired(others, pairs, load)
            (second,) = set(pair) - {first}
            found.append(Planned(question, answer, second, wave=wave))
            pairs[pair] += 1
            load[second] += 1
            doubles.append(answer)
        for answer in reversed([one for one in doubles if len(doubles) > wanted]):
            spare = [c for c in sorted(coded[answer]) if (answer, c) not in done]
            if len(doubles) > wanted and spare:
                gone = (answer, max(spare, key=lambda coder: (load[coder], coder)), 1)
                found = [row for row in found if row.key != gone]
                load[gone[1]] -= 1
                doubles.remove(answer)
        if len(doubles) > wanted:
            params = {"question": question, "n": len(doubles), "of": len(order), "wanted": wanted}
            problems.append(Problem("plan.coded_twice", params))
    if problems:
        raise InputError(problems)
    return _dealt(found, {}, RANDOM, seed, done, keep_order=True)


def with_blind_share(
    rows: Iterable[Planned], share: float, seed: int, done: Done
) -> tuple[Planned, ...]:
    """The plan with a ``share`` (0-1) of each coder's tasks of a question that are not done coded
    without suggestions; as few as possible change."""
    found = {row.key: row for row in rows}
    open_rows = [r for r in found.values() if _is_open(r, done)]
    for group in sorted({(r.question, r.coder) for r in open_rows}):
        own = [row for row in open_rows if (row.question, row.coder) == group]
        own.sort(key=lambda row: drawn_blind(seed, row))
        more = round(share * len(own)) - sum(row.blind for row in own)
        turned = [row for row in own if row.blind == (more < 0)]
        for row in turned[:more] if more > 0 else turned[len(turned) + more :]:
            found[row.key] = replace(row, blind=not row.blind)
    return tuple(sorted(found.values()))


def in_order(
    rows: Iterable[Planned],
    chosen: Mapping[str, Sequence[str]],
    by: str,
    seed: int,
    done: Done,
) -> tuple[Planned, ...]:
    """The plan with the ``chosen`` answers (question -> ids, in their order) next in each row.

    They take turns with chance (``CHANCE_OF``), which begins and draws from all that is left;
    behind them chance goes on alone. Answers for two coders keep their turn by chance, for
    agreement comes from them; so does what is not chosen, whatever an earlier order made of it.
    """
    return _dealt(rows, chosen, by, seed, done)


def with_rechecks(
    rows: Sequence[Planned],
    likely_wrong: Iterable[str],
    n: int,
    coders: Sequence[str],
    seed: int,
    done: Done,
) -> tuple[Planned, ...]:
    """The plan with a second, blind coder for ``n`` answers that one has coded, first of each row.

    ``likely_wrong``: answers, those where a mistake is likeliest first. Raises InputError with
    fewer than two coders.
    """
    if len(coders) < 2:
        raise InputError(Problem("plan.one_coder", {"coder": ", ".join(coders)}))
    planned: dict[str, list[Planned]] = {}
    for row in rows:
        planned.setdefault(row.answer_id, []).append(row)
    load: Counter[str] = Counter()
    added: list[Planned] = []
    for answer in likely_wrong:
        own = planned.get(answer, [])
        if len(added) == n:
            break
        if len({row.coder for row in own}) != 1 or (answer, own[0].coder) not in done:
            continue
        second = min((c for c in coders if c != own[0].coder), key=lambda c: (load[c], c))
        load[second] += 1
        added.append(
            Planned(own[0].question, answer, second, blind=True, by=RECHECK, wave=own[0].wave)
        )
    return _dealt([*rows, *added], {}, RANDOM, seed, done, keep_order=True)


def _dealt(
    rows: Iterable[Planned],
    chosen: Mapping[str, Sequence[str]],
    by: str,
    seed: int,
    done: Done,
    *,
    keep_order: bool = False,
) -> tuple[Planned, ...]:
    """The rows with those that are not done in new places, behind what is done.

    ``keep_order``: tasks that were chosen keep their turns, and only chance deals again.
    """
    everything = list(rows)
    twice = {
        answer
        for question in {row.question for row in everything}
        for answer, own in coders_of_answers(everything, question).items()
        if len(own) > 1
    }
    found = [row for row in everything if not _is_open(row, done)]
    to_do = [row for row in everything if _is_open(row, done)]
    for question, coder in sorted({(row.question, row.coder) for row in to_do}):
        own = [row for row in to_do if (row.question, row.coder) == (question, coder)]
        behind = [r for r in found if (r.question, r.coder, r.round) == (question, coder, 1)]
        start = max((row.place for row in behind), default=0)
        first = [row for row in own if row.by == RECHECK]
        first.sort(key=lambda row: (row.place == 0, row.place, row.answer_id))
        rest = [row for row in own if row.by != RECHECK]
        drawn = sorted(rest, key=lambda row: (row.wave or 0, drawn_place(seed, row)))
        if keep_order:
            turns = sorted((row for row in rest if row.place), key=lambda row: row.place)
            ahead = [row for row in turns if row.by != RANDOM]
            pattern = [row.by for row in turns]
        else:
            places = {answer: place for place, answer in enumerate(chosen.get(question, ()))}
            single = [r for r in rest if r.answer_id in places and r.answer_id not in twice]
            ahead = [
                replace(row, by=by) for row in sorted(single, key=lambda r: places[r.answer_id])
            ]
            pattern = _turns(len(ahead), by)
        placed = [*first, *_by_turns(drawn, ahead, pattern)]
        found += [replace(row, place=start + place) for place, row in enumerate(placed, start=1)]
    return tuple(sorted(found))


def _turns(n: int, by: str) -> list[str]:
    """What takes which turn, where ``n`` answers are chosen."""
    if not n:
        return []
    between = CHANCE_OF[by] - 1
    turns: list[str] = []
    for number in range(n):
        turns += [RANDOM, by] if number % between == 0 else [by]
    return turns


def _by_turns(
    drawn: Sequence[Planned], ahead: Sequence[Planned], pattern: Sequence[str]
) -> list[Planned]:
    """The rows ``drawn`` in turns: chance takes the next of them, another order the next of those
    ``ahead``. What a turn took is passed over at the others; behind the last turn chance goes on.
    """
    by_chance = iter(replace(row, by=RANDOM) for row in drawn)
    by_choice = iter(ahead)
    taken: dict[tuple[str, str, int], Planned] = {}
    for turn in pattern:
        source = by_chance if turn == RANDOM else by_choice
        row = next((row for row in source if row.key not in taken), None)
        if row is not None:
            taken[row.key] = row
    taken |= {row.key: row for row in by_chance if row.key not in taken}
    return list(taken.values())


def _is_open(row: Planned, done: Done) -> bool:
    return row.round == 1 and (row.answer_id, row.coder) not in done


def _waves(rows: Iterable[Planned]) -> list[tuple[str, int | None]]:
    """The questions with their waves, in order."""
    found = {(row.question, row.wave) for row in rows if row.round == 1}
    return sorted(found, key=lambda one: (one[0], one[1] or 0))
