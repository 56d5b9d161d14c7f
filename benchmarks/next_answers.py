"""What an order of coding saves against chance: ``plan --by teach`` and ``plan --by claims``.

    python benchmarks/next_answers.py [--seeds 20] [--only teach,claims,random] [--shared ../shared]
    python benchmarks/next_answers.py --smallest    that every part runs; no figures

The shipped study's answers with content; the codes to come are those of study/gold.jsonl where
--shared has it, else those of the simulated coder_a. One coder codes; a chosen order takes turns
with chance as in the plan.

teach: codings until the suggestions have 90 % of the F1 that they have when all is coded (micro,
and macro: each code counts alike), of all answers, those coded having been learned without their
respondent's part. Without coding the constants are those of the other questions. First by the means
over all seeds, then how many each seed takes (mean, with the tenth and ninetieth of 100).

claims: the claims on codes in reports/claims.csv that can be settled, since their verdict holds or
differs when all is coded. Looked at after every batch; a verdict is settled where it is the same
for all numbers in the interval. wrong: of the verdicts that were settled, those that later turn out
to be another (first and last look).

random: how often 95 % intervals of ``counts --source ppi`` hold the share of all answers where the
random part is found among what was coded in a chosen order, or by a coder who leaves out hard ones.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from kernels import Kernels
from suggestions import ROOT, shipped_study, small_study

from themecoder.coding.plan import CLAIMS, RANDOM, TEACH, Planned, plan
from themecoder.coding.random_part import random_part
from themecoder.coding.replanning import CHANCE_OF, in_order
from themecoder.counts.ppi.prediction_powered import FEWEST, Answers, ppi_share
from themecoder.figures.quoted.figures import UNDEFINED
from themecoder.figures.study_check import claims_of
from themecoder.priorities.choosing import to_settle, to_teach
from themecoder.priorities.claims import ClaimScope, CodedSoFar, standing, where_open, worth_of_open
from themecoder.priorities.study_claims import claim_scopes
from themecoder.priorities.totals import TaskRow
from themecoder.study import Study
from themecoder.themes.known import known_study

STEP, LEVEL, REACH = 20, 0.95, 0.9
LEARNED_AT = 80
"""After how many codings the machine learns from them: a bare look takes no time."""


@dataclass
class Row:
    """What a coder codes, question by question: chance draws from all that is left."""

    questions: np.ndarray
    drawn: np.ndarray
    of: dict[int, list[tuple[int, bool]]] = field(default_factory=dict)

    @property
    def coded(self) -> np.ndarray:
        return np.sort(np.array([a for own in self.of.values() for a, _ in own], dtype=np.int64))

    @property
    def free(self) -> np.ndarray:
        return np.setdiff1d(np.arange(len(self.questions)), self.coded)

    def by_chance(self, n: int) -> None:
        done = set(self.coded.tolist())
        for answer in [one for one in self.drawn.tolist() if one not in done][:n]:
            self.of.setdefault(int(self.questions[answer]), []).append((answer, True))

    def in_turns(self, chosen: Sequence[int], by: str, n: int, where: Sequence[int]) -> None:
        """``n`` codings: one of every few by chance, from the question of what is chosen next; all
        by chance where nothing is, at the questions of the answers ``where``."""
        done, queue, turn = set(self.coded.tolist()), list(chosen), 0
        named = {int(self.questions[answer]) for answer in where}
        while turn < n:
            queue = [answer for answer in queue if answer not in done]
            among = {int(self.questions[queue[0]])} if queue else named
            free = [a for a in self.drawn.tolist() if a not in done]
            left = [a for a in free if int(self.questions[a]) in among] or free
            if not left:
                break
            by_chance = not queue or turn % CHANCE_OF[by] == 0
            answer = left[0] if by_chance else queue[0]
            done.add(answer)
            self.of.setdefault(int(self.questions[answer]), []).append((answer, by_chance))
            turn += 1

    def rows(self) -> list[TaskRow]:
        found = []
        for question in np.unique(self.questions).tolist():
            own = self.of.get(question, [])
            there = {answer for answer, _ in own}
            rest = [a for a in self.drawn.tolist() if self.questions[a] == question]
            rest = [answer for answer in rest if answer not in there]
            answers = [*(answer for answer, _ in own), *rest]
            found.append(
                TaskRow(np.array(answers), np.array([*(c for _, c in own), *([True] * len(rest))]))
            )
        return found


def scores(given: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Micro and macro F1."""
    hits, both = (given & right).sum(axis=0), given.sum(axis=0) + right.sum(axis=0)
    used = right.any(axis=0)
    macro = (2 * hits[used] / np.maximum(both[used], 1)).mean()
    return float(2 * hits.sum() / max(both.sum(), 1)), float(macro)


def teach_run(kernels: Kernels, by: str, seed: int, most: int) -> list[tuple[float, float]]:
    """Micro and macro F1 after each batch."""
    data = kernels.data
    drawn = np.random.default_rng(seed).permutation(kernels.n)
    row = Row(np.zeros(kernels.n, dtype=int), drawn)
    likely, _ = kernels.probabilities(row.coded, data.constants)
    found = []
    while len(row.coded) < most:
        if by == RANDOM:
            row.by_chance(STEP)
        else:
            free = row.free
            chosen = to_teach(
                data.known,
                likely,
                data.right[row.coded].sum(axis=0),
                row.coded,
                free,
                np.zeros(len(free), dtype=np.int64),
                STEP,
                seed,
            )
            row.in_turns(chosen.tolist(), by, STEP, free.tolist())
        likely, given = kernels.probabilities(row.coded, data.constants)
        found.append(scores(given, data.right > 0))
    return found


def reached(values: Sequence[float], wanted: float) -> float:
    """How many codings it takes, in a straight line between two looks."""
    before = 0.0
    for number, value in enumerate(values):
        if value >= wanted:
            part = (wanted - before) / (value - before) if value > before else 1.0
            return STEP * (number + min(max(part, 0.0), 1.0))
        before = value
    return float("nan")


def teach(kernels: Kernels, seeds: Sequence[int], most: int) -> None:
    _, given = kernels.probabilities(np.arange(kernels.n), kernels.data.constants)
    final = scores(given, kernels.data.right > 0)
    print(f"\nteach: F1 when all {kernels.n} are coded: micro {final[0]:.3f}, macro {final[1]:.3f}")
    runs = {by: [teach_run(kernels, by, s, most) for s in seeds] for by in (RANDOM, TEACH)}
    print("| F1 | by | " + " | ".join(str(n) for n in range(STEP, most + 1, STEP)) + " |")
    print("|---|---|" + "--:|" * (most // STEP))
    for place, name in enumerate(("micro", "macro")):
        for by, own in runs.items():
            means = np.mean([[one[place] for one in run] for run in own], axis=0)
            print(f"| {name} | {by} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")
    print(
        "\n| F1 | by | 90 % by the means | mean of seeds | 10 to 90 of 100 | fewer by the means |"
    )
    print("|---|---|--:|--:|---|--:|")
    for place, name in enumerate(("micro", "macro")):
        first = float("nan")
        for by, own in runs.items():
            curves = [[one[place] for one in run] for run in own]
            mean = reached(np.mean(curves, axis=0).tolist(), REACH * final[place])
            each = [reached(curve, REACH * final[place]) for curve in curves]
            first = mean if by == RANDOM else first
            low, high = np.nanquantile(each, [0.1, 0.9])
            saved = "" if by == RANDOM else f"{1 - mean / first:.0%}"
            print(
                f"| {name} | {by} | {mean:.0f} | {np.nanmean(each):.0f} | {low:.0f} to {high:.0f} "
                f"| {saved} |",
                flush=True,
            )


def claims_run(
    kernels: Kernels, scopes: Sequence[ClaimScope], unlearned: np.ndarray, by: str, seed: int
) -> tuple[list[int | None], list[str | None]]:
    """For each claim how many codings settled it, and the verdict then. ``unlearned``: what the
    machine says without any coding."""
    data, n = kernels.data, kernels.n
    row = Row(data.known.answers.questions, np.random.default_rng(seed).permutation(n))
    when: list[int | None] = [None] * len(scopes)
    what: list[str | None] = [None] * len(scopes)
    machine = unlearned
    while True:
        coded = row.coded
        if len(coded) == LEARNED_AT:
            machine = kernels.cross_fitted(coded)
        is_coded = np.isin(np.arange(n), coded)
        so_far = CodedSoFar(data.right * is_coded[:, None], machine, is_coded, row.rows())
        # what was settled once is reported so, and looked at no more
        looked_at = [number for number, settled in enumerate(when) if settled is None]
        own = [scopes[number] for number in looked_at]
        states = [standing(scope, so_far, LEVEL) for scope in own]
        for number, state in zip(looked_at, states, strict=True):
            if state.settled:
                when[number], what[number] = len(coded), state.verdict
        if all(state.settled for state in states) or len(coded) == n:
            return when, what
        if by == RANDOM:
            row.by_chance(STEP)
        else:
            free, (values, needed) = row.free, worth_of_open(states)
            owners = np.zeros(len(free), dtype=np.int64)
            chosen = to_settle(values, needed, free, owners, row.questions, STEP)
            row.in_turns(chosen.tolist(), by, STEP, where_open(own, states).tolist())


def claims(kernels: Kernels, scopes: Sequence[ClaimScope], seeds: Sequence[int]) -> None:
    n = kernels.n
    everything = CodedSoFar(kernels.data.right, kernels.data.right, np.ones(n, dtype=bool), [])
    final = [standing(scope, everything, LEVEL).verdict for scope in scopes]
    can = [number for number, verdict in enumerate(final) if verdict != UNDEFINED]
    print(f"\nclaims: {len(scopes)} on codes, of which {len(can)} can be settled; {n} answers")
    if not can:
        return
    unlearned = kernels.cross_fitted(np.zeros(0, dtype=np.int64))
    print("| by | half | nine in ten | all | 10 to 90 of 100 | wrong | of |")
    print("|---|--:|--:|--:|---|--:|--:|")
    for by in (RANDOM, CLAIMS):
        ends, halves, most, wrong, settled = [], [], [], 0, 0
        for seed in seeds:
            when, what = claims_run(kernels, scopes, unlearned, by, seed)
            times = sorted(n if when[c] is None else when[c] for c in can)
            ends.append(times[-1])
            halves.append(times[len(times) // 2])
            most.append(times[int(np.ceil(0.9 * len(times))) - 1])
            told = [c for c in range(len(scopes)) if when[c] is not None and when[c] < n]
            settled += len(told)
            wrong += sum(what[c] != final[c] for c in told)
        low, high = np.quantile(ends, [0.1, 0.9])
        print(
            f"| {by} | {np.mean(halves):.0f} | {np.mean(most):.0f} | {np.mean(ends):.0f} | "
            f"{low:.0f} to {high:.0f} | {wrong / max(settled, 1):.1%} | {settled} |",
            flush=True,
        )


def rare_first(has: np.ndarray, machine: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """An order that finds those with the code."""
    return np.argsort(-(machine + 0.1 * random.random(len(has))), kind="stable")


def random_parts(samples: int) -> None:
    """Coverage of the intervals of a share, by what a coder did with the plan."""
    print(f"\nrandom: intervals of 95 % that hold the share of all 400 answers, {samples} samples")
    print("| coded | share | in the random part | held | bias in points |")
    print("|---|--:|--:|--:|--:|")
    ways: dict[str, Callable[..., tuple[tuple[Planned, ...], set[str]]]] = {
        "in the order of chance": _from_the_top,
        "1 in 25 left, rather those with the code": _leaving,
        "two of three chosen, those with the code first": _chosen,
    }
    ids = [f"r{n:03}:q1" for n in range(400)]
    for name, way in ways.items():
        for share in (0.1, 0.3):
            held, off, sizes = [], [], []
            for seed in range(samples):
                random = np.random.default_rng([2026, seed, round(100 * share)])
                has = random.random(len(ids)) < share
                machine = np.clip(0.15 + 0.5 * has + 0.2 * random.normal(size=len(ids)), 0.01, 0.99)
                rows, done = way(ids, has, machine, seed, random)
                part = random_part(rows, set(ids), {"anna": done}, seed)
                sizes.append(len(part.drawn))
                if len(part.drawn) < FEWEST:
                    continue
                human = np.array(
                    [float(h) if i in part.drawn else np.nan for i, h in zip(ids, has, strict=True)]
                )
                found = ppi_share(Answers.of(machine, human), level=LEVEL)
                held.append((found.low or 0) <= has.mean() <= (found.high or 1))
                off.append(100 * (found.human - has.mean()))
            print(
                f"| {name} | {share} | {np.mean(sizes):.0f} | {100 * np.mean(held):.1f} | "
                f"{np.mean(off):+.1f} |",
                flush=True,
            )


def _planned(ids: Sequence[str], seed: int) -> tuple[Planned, ...]:
    return plan({"q1": ids}, ["anna"], 0.0, 0.0, seed)


def _order(rows: Sequence[Planned]) -> list[str]:
    return [row.answer_id for row in sorted(rows, key=lambda row: row.place)]


def _from_the_top(ids, has, machine, seed, random):  # type: ignore[no-untyped-def]
    rows = _planned(ids, seed)
    return rows, set(_order(rows)[:80])


def _leaving(ids, has, machine, seed, random):  # type: ignore[no-untyped-def]
    rows = _planned(ids, seed)
    having = dict(zip(ids, has, strict=True))
    often = 0.04 / has.mean() * 0.7
    return rows, {
        one
        for one in _order(rows)[:80]
        if random.random() >= (often if having[one] else 0.3 * 0.04 / (1 - has.mean()))
    }


def _chosen(ids, has, machine, seed, random):  # type: ignore[no-untyped-def]
    rows = _planned(ids, seed)
    done = set(_order(rows)[:20])
    for _ in range(4):
        keys = {(one, "anna") for one in done}
        order = [ids[i] for i in rare_first(has, machine, random) if ids[i] not in done][:20]
        rows = in_order(rows, {"q1": order}, CLAIMS, seed, keys)
        done |= set([one for one in _order(rows) if one not in done][:30])
    return rows, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--most", type=int, default=300, help="codings up to which teach is tried")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", default="")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    root = small_study() if options.smallest else ROOT
    seeds = range(1 if options.smallest else options.seeds)
    if not only or "random" in only:
        random_parts(2 if options.smallest else options.samples)
    if not only or only & {"teach", "claims"}:
        data = shipped_study(root, options.shared)
        kernels = Kernels(data)
        kernels.check(np.arange(0, kernels.n, 7))
        if not only or "teach" in only:
            teach(kernels, seeds, 2 * STEP if options.smallest else options.most)
        if not only or "claims" in only:
            claims(kernels, scopes_of(root), seeds)
    print("\ndone")


def scopes_of(root: Path) -> list[ClaimScope]:
    """The claims on codes, with the columns of the set."""
    study = Study.open(root)
    known = known_study(study)
    assert known is not None
    columns = {code: column for column, code in enumerate(known.codes)}
    there = [claim for claim in claims_of(study) if claim.codes]
    wanted = [claim for claim in there if columns.keys() >= {*claim.codes}]
    return claim_scopes(study, known, wanted, columns, list(columns), {})


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
