"""Coding by machine at a stated accuracy: whether what is stated holds on answers not used.

    python benchmarks/autocode.py [--shared ../shared] [--splits 200] [--share 0.5]
    python benchmarks/autocode.py --smallest    that every part runs; no figures

The shipped study's answers with content; codes of study/gold.jsonl where --shared has it, else
those of the simulated coder_a. In each split a share of the respondents is coded, at random, and
the machine codes of the others what it may at the accuracy that is asked for. Then it is looked up
whether those answers have the codes that it gave them.

at: the accuracy asked for, of which ``people`` is how often the simulated coder_b gives the same
codes. coded: the share of the answers not used that the machine codes; stated, right: the accuracy
that is stated, and the one that is found, on average; in: how often what is found lies within the
stated interval (95 % is promised), for all questions together and for each of them; none: splits
in which the machine codes nothing.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
from suggestions import ROOT, Set, shipped_study, small_study

from themecoder.autocoding.choose import choose
from themecoder.autocoding.measure import accuracy
from themecoder.autocoding.sets import likeliest_sets
from themecoder.autocoding.trust import Candidates
from themecoder.classifier.learn import learn
from themecoder.coding.annotations import read_codings
from themecoder.study import Study
from themecoder.themes.known import known_study

LEVELS = (0.6, 0.7, 0.8, 0.9)


def people(root: Path, data: Set) -> tuple[float, int]:
    """How often coder_b gives exactly the codes that are taken for right, and on how many
    answers."""
    study = Study.open(root)
    whole = known_study(study)
    assert whole is not None
    same = [
        {code for code in coding.codes if code in whole.codes}
        == {whole.codes[c] for c in np.flatnonzero(data.right[whole.places[coding.answer_id]])}
        for question in study.questions
        for coding in read_codings(study.paths.coding(question, "coder_b"))
        if coding.state != "skipped" and coding.answer_id in whole.places
    ]
    return float(np.mean(same)), len(same)


def split(data: Set, share: float, seed: int) -> Candidates:
    """All answers, of which those of a random ``share`` of the respondents are tried."""
    answers = data.known.answers
    n = int(answers.respondents.max()) + 1
    order = np.random.default_rng(seed).permutation(n)
    tried = order[answers.respondents] < share * n
    found = learn(data.known, data.coded(np.flatnonzero(tried))).probabilities
    sets, confidence = likeliest_sets(found)
    right = (sets == (data.right > 0)).all(axis=1)
    return Candidates(confidence, sets, answers.questions, answers.respondents, tried, right)


def measure(splits: list[Candidates], at: float) -> str:
    """A row of the table."""
    coded, stated, found, held, own, none = [], [], [], [], [], 0
    for truth in splits:
        known = truth.tried & truth.right
        told = Candidates(
            truth.confidence, truth.codes, truth.questions, truth.respondents, truth.tried, known
        )
        chosen = choose(told, at, 0)
        machine = chosen.taken & ~truth.tried
        coded.append(machine.sum() / (~truth.tried).sum())
        if not machine.any():
            none += 1
            continue
        said, right = accuracy(told, chosen.apart, machine), truth.right[machine].mean()
        stated.append(said.share)
        found.append(right)
        held.append(said.low <= right <= said.high)
        for question in np.unique(truth.questions[machine]):
            here = truth.questions == question
            said = accuracy(told, chosen.apart & here, machine & here)
            own.append(said.low <= truth.right[machine & here].mean() <= said.high)
    cells = [f"{np.mean(one):.3f}" if one else "-" for one in (coded, stated, found, held, own)]
    return f"| {at:.3f} | {' | '.join(cells)} | {none} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--splits", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    root = small_study() if options.smallest else ROOT
    data = shipped_study(root, options.shared)
    human, answers = people(root, data)
    print(f"people: coder_b gives the same codes in {human:.3f} of {answers} answers")
    seeds = range(2 if options.smallest else options.splits)
    splits = [split(data, options.share, seed) for seed in seeds]
    print(f"\n{len(splits)} splits, {options.share:.0%} of the respondents coded")
    print("| at | coded | stated | right | in | in, per question | none |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for at in sorted((human, *LEVELS)):
        print(measure(splits, at), flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
