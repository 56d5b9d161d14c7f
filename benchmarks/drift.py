"""Alarms where a code's meaning drifts: how often without drift, and how often with.

    python benchmarks/drift.py [--shared ../shared] [--only study,sib200_nl,xsid_nl] [--runs 40]
    python benchmarks/drift.py --smallest    that every part runs; no figures

Sets: the shipped study (codes in study/gold.jsonl where --shared has it, else those of the
simulated coder_a), and public sets in bench/*.csv (text,label) with nothing but the label as
codebook. What is absent is said and skipped. In each run the respondents are split by chance into
earlier waves and a new one (the study 50 : 50, the others 70 : 30), and then:

none     nothing is changed
often    a code is some six times as common among the new answers as before
subject  what has one code comes up in the new wave for the first time, and is given another
half     in the new wave half of the answers with a code are given another one instead
nobody   what has one code comes up in the new wave for the first time, and is given none

false: runs in which a code alarms that nothing was done to (none, often), and how many single
tests have p < .05 before Holm; holds: intervals of the change that have 0 in them (none); found:
alarms of the codes that something was done to, of those with enough respondents. unlike: runs in
which new answers are said to be unlike the earlier ones (at one of the study's questions). With
95 % intervals (Wilson). tested: codes with enough respondents, a run.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from suggestions import PUBLIC, ROOT, Set, public_set, shipped_study, small_study

from themecoder.classifier.model import Coded
from themecoder.counts.intervals import wilson
from themecoder.drift.codes import Compared, code_drift
from themecoder.drift.scores import scores_of_waves
from themecoder.drift.unlike import adjusted, distances, unlike

SHIFTS = ("none", "often", "subject", "half", "nobody")
UNTOUCHED = ("none", "often")
TESTS, RESAMPLES = 999, 200


@dataclass
class Told:
    """What came of the runs of a shift: alarms and what they are of."""

    runs: int = 0
    families: int = 0
    small_p: int = 0
    tested: int = 0
    held: int = 0
    intervals: int = 0
    found: int = 0
    changed: int = 0
    unlike: int = 0


@dataclass
class Planted:
    """``keep`` (n,) the answers that there are, ``given`` (n, C), ``changed``: codes whose meaning
    drifts."""

    keep: np.ndarray
    given: np.ndarray
    changed: tuple[int, ...]


def plant(data: Set, new: np.ndarray, shift: str, random: np.random.Generator) -> Planted:
    right = data.right > 0
    given, keep = right.copy(), np.ones(len(right), dtype=bool)
    enough = np.flatnonzero(right.sum(axis=0) >= np.median(right.sum(axis=0)))
    one, other = (int(code) for code in random.choice(enough, 2, replace=False))
    has = right[:, one]
    if shift == "often":
        keep &= ~(~new & has & (random.random(len(keep)) < 0.6))
        keep &= ~(new & ~has & (random.random(len(keep)) < 0.6))
    if shift == "half":
        moved = new & has & (random.random(len(keep)) < 0.5)
        given[moved, one], given[moved, other] = False, True
        return Planted(keep, given, (one, other))
    if shift in ("subject", "nobody"):
        keep &= new | ~has
        given[:, one] = False
        given[has & new, other] |= shift == "subject"
    return Planted(keep, given, (other,) if shift == "subject" else ())


def run(data: Set, shift: str, share: float, seed: int, told: Told) -> None:
    random = np.random.default_rng(seed)
    answers = data.known.answers
    new = (random.random(int(answers.respondents.max()) + 1) < share)[answers.respondents]
    planted = plant(data, new, shift, random)
    rows, old = np.flatnonzero(planted.keep), np.flatnonzero(planted.keep & ~new)
    segments = np.flatnonzero(np.isin(answers.owners, old))
    coded = Coded(
        old,
        planted.given[old].astype(float),
        np.ones(len(old)),
        segments,
        data.right_segments[segments],
        np.full(len(segments), 0.5),
    )
    compared = Compared(
        scores_of_waves(data.known, coded, planted.keep & new, seed)[rows],
        planted.given[rows],
        data.known.book.expected.T[answers.questions[rows]],
        answers.questions[rows],
        answers.respondents[rows],
        new[rows],
    )
    names = tuple(map(str, range(data.right.shape[1])))
    found = [
        one for one in code_drift(compared, names, seed, TESTS, RESAMPLES) if one.p is not None
    ]
    rest = [one for one in found if int(one.code) not in planted.changed]
    changed = [one for one in found if int(one.code) in planted.changed]
    told.runs += 1
    told.families += any(one.drifts for one in rest)
    told.small_p += sum(one.p < 0.05 for one in rest if one.p is not None)
    told.tested += len(rest)
    for one in rest:
        if one.ci_low is not None and one.ci_high is not None:
            told.intervals += 1
            told.held += one.ci_low <= 0 <= one.ci_high
    told.changed += len(changed)
    told.found += sum(one.drifts for one in changed)
    by_question = []
    for question in np.unique(answers.questions[rows]):
        own = rows[answers.questions[rows] == question]
        far = distances(answers.whole.vectors[own], ~new[own])
        by_question.append(unlike(str(question), far, new[own])[0])
    told.unlike += any(one.alarms for one in adjusted(by_question))


def share_text(n: int, base: int) -> str:
    if not base:
        return "-"
    low, high = wilson(n, base)
    return f"{n / base:.3f} ({low:.3f}-{high:.3f})"


def row(name: str, shift: str, told: Told) -> str:
    calm = shift in UNTOUCHED
    cells = [
        share_text(told.families, told.runs) if calm else "-",
        share_text(told.small_p, told.tested) if calm else "-",
        share_text(told.held, told.intervals) if shift == "none" else "-",
        share_text(told.found, told.changed),
        share_text(told.unlike, told.runs),
        f"{(told.tested + told.changed) / told.runs:.1f}",
    ]
    return f"| {name} | {shift} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", default="")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    cached = ROOT / ".themecoder" / "benchmark.sqlite"
    root = small_study() if options.smallest else ROOT
    sets: dict[str, tuple[Callable[[], Set], float]] = {}
    if not only or "study" in only:
        sets["study"] = partial(shipped_study, root, options.shared), 0.5
    for name in () if options.smallest else PUBLIC:
        file = options.shared / "bench" / f"{name}.csv"
        if only and name not in only:
            continue
        if not file.is_file():
            print(f"{file} is not there: skipped")
            continue
        sets[name] = partial(public_set, file, False, cached), 0.3
    start = time.perf_counter()
    made = {name: (make(), share) for name, (make, share) in sets.items()}
    print("| set | shift | false | p < .05 | holds | found | unlike | tested |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for name, (data, share) in made.items():
        for shift in SHIFTS:
            told = Told()
            for seed in range(2 if options.smallest else options.runs):
                run(data, shift, share, seed, told)
            print(row(name, shift, told), flush=True)
    print(f"\n{time.perf_counter() - start:.0f} s; done")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
